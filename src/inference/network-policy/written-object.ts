// Objects that were written by us and stand in no file yet.

import { toObject } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject, ObjectSource } from '../../model/index.ts';
import type { WrittenPolicy } from './written-policy.ts';

export const source: ObjectSource = {
  file: '',
  text: -1,
  start: 0,
  end: 0,
  document: 0,
  line: 1,
  within: [],
  origin: { kind: 'manifest', unit: '' },
};

/** False for what Cilium has besides. */
export function isNetworkPolicy({ raw }: WrittenPolicy): boolean {
  return raw['kind'] === 'NetworkPolicy';
}

export function toWrittenObject({ raw, namespace }: WrittenPolicy): KubeObject {
  return toObject(raw, source, namespace);
}
