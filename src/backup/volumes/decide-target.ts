// Where the data of a saved volume go in a restore, or why nowhere: pure.

import type { JsonObject } from '../../model/index.ts';
import type { VolumeRecord } from './velero-records.ts';
import type { RestoredSoFar } from './volume-data.ts';

/** What a helper mounts, by what name it is told of. */
export interface FillTarget {
  readonly namespace: string;
  readonly name: string;
  /** As it stands below `volumes` of a pod. */
  readonly source: JsonObject;
  /** Of a directory that is on one node only. */
  readonly node?: string;
}

export interface LeftOut {
  readonly namespace: string;
  readonly name: string;
  readonly reason: string;
}

/** A name that is there no more may be that of a cluster with one node, as Minikube's is: then there is only one place. */
function nodeFor(saved: string, nodes: readonly string[]): string | undefined {
  if (nodes.includes(saved)) return saved;
  return nodes.length === 1 ? nodes[0] : undefined;
}

function directoryTarget(
  { node, hostPath: path = '' }: VolumeRecord,
  namespace: string,
  nodes: readonly string[] | undefined,
): FillTarget | LeftOut {
  const left = (reason: string): LeftOut => ({ namespace, name: path, reason });
  if (nodes === undefined) return left(`it is a directory of the node ${node}: --host-paths brings it back there`);
  const found = nodeFor(node, nodes);
  if (found === undefined) return left(`the node ${node} is not here, and which other one it should be is not known`);
  return { namespace, name: path, source: { hostPath: { path, type: 'DirectoryOrCreate' } }, node: found };
}

/** `nodes`: those of the cluster, where directories of nodes are wanted back. */
export function decideTarget(
  record: VolumeRecord,
  { mapNamespace, claims }: RestoredSoFar,
  nodes: readonly string[] | undefined,
): FillTarget | LeftOut {
  const namespace = mapNamespace(record.namespace);
  const { claim, name } = record;
  if (record.hostPath !== undefined) return directoryTarget(record, namespace, nodes);
  if (claim === undefined) return { namespace, name, reason: `a volume of the pod ${record.pod} alone starts empty` };
  if (record.trouble !== undefined) return { namespace, name: claim, reason: record.trouble };
  if (!claims.has(`${namespace}/${claim}`)) return { namespace, name: claim, reason: 'its claim is not restored' };
  return { namespace, name: claim, source: { persistentVolumeClaim: { claimName: claim } } };
}
