// What every part of the playground works with.

import type { Schemas, TypeSource } from '../kube/schema/index.ts';
import type { PlaygroundClock } from './clock.ts';
import type { Registry } from './resources/registry.ts';
import type { Store } from './store/store.ts';

export interface Kernel {
  readonly store: Store;
  readonly registry: Registry;
  readonly schemas: Schemas;
  /** Kubernetes' own types at `minor`. */
  readonly types: TypeSource;
  /** 1.N as N. */
  readonly minor: number;
  readonly clock: PlaygroundClock;
  readonly newUid: () => string;
  /** Letters and digits for a generated name. */
  readonly newSuffix: () => string;
}

export interface User {
  readonly name: string;
  readonly uid?: string;
  readonly groups: readonly string[];
  readonly extra?: Readonly<Record<string, readonly string[]>>;
}

/** How a write is to be done, by whom. */
export interface Write {
  readonly user: User;
  readonly dryRun: boolean;
  readonly fieldManager: string;
  readonly fieldValidation: 'Ignore' | 'Warn' | 'Strict';
  /** Texts for the answer's `Warning` headers. */
  readonly warnings: string[];
}
