// A policy that was written, with what a reader is to know of it.

import type { JsonObject } from '../../model/index.ts';
import type { WrittenRule } from './rules.ts';

export interface WrittenPolicy {
  /** The NetworkPolicy, or the one of Cilium beside it, without a namespace where the app's own objects name none. */
  readonly raw: JsonObject;
  readonly namespace: string;
  readonly name: string;
  /** For a reader: what it is for. */
  readonly about: string;
  readonly ingress: readonly WrittenRule[];
  readonly egress: readonly WrittenRule[];
}
