// Who stands at an end of an edge, as it is shown and stored.

import type { KubeObject } from '../../model/index.ts';

export interface Party {
  /**
   * `service`: a Service that no workload of the input stands behind. `cluster`: an address within the cluster that no object
   * of the input has.
   */
  readonly kind: 'workload' | 'service' | 'node' | 'api-server' | 'outside' | 'cluster';
  /** Unique: `namespace/name[Kind]` for objects, a host name or an address for others. */
  readonly id: string;
  readonly namespace?: string;
  readonly name: string;
  /** Kind of the object. */
  readonly objectKind?: string;
  /** False for something that is named and not in the input. */
  readonly present: boolean;
}

export function objectParty(
  kind: 'workload' | 'service',
  { kind: objectKind, namespace, name }: Pick<KubeObject, 'kind' | 'namespace' | 'name'>,
  present = true,
): Party {
  return { kind, id: `${namespace}/${name}[${objectKind}]`, namespace, name, objectKind, present };
}

export const apiServer: Party = { kind: 'api-server', id: 'api-server', name: 'API server', present: true };

export function plainParty(kind: 'node' | 'outside' | 'cluster', name: string): Party {
  return { kind, id: kind === 'outside' ? name : `${name}[${kind}]`, name, present: kind !== 'cluster' };
}
