// Which objects of a namespace nobody wrote: Kubernetes and its controllers made them.

import { asArray, asObject, type KubeObject } from '../model/index.ts';

/** True for what a controller keeps: it makes the object again when it is gone. */
export function isControlled({ raw }: KubeObject): boolean {
  return asArray(asObject(raw['metadata'])['ownerReferences']).some((owner) => asObject(owner)['controller'] === true);
}

/** What every namespace has from its first day. */
export function isInEveryNamespace({ group, kind, name }: Pick<KubeObject, 'group' | 'kind' | 'name'>): boolean {
  if (group !== '') return false;
  return kind === 'ConfigMap' ? name === 'kube-root-ca.crt' : kind === 'ServiceAccount' && name === 'default';
}
