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

/** Where a directory of a node comes back, or why nowhere. */
export type PlaceDirectory = (record: VolumeRecord) => Pick<FillTarget, 'source' | 'node'> | string;

/** Nobody asked for them: what is on a node may be anybody's. */
const leaveDirectory: PlaceDirectory = ({ node }) =>
  `it is a directory of the node ${node}: --host-paths brings it back there`;

/** To the same path. `nodes`: those of the cluster. */
export function placeOnNodes(nodes: readonly string[]): PlaceDirectory {
  return ({ node, hostPath: path = '' }) => {
    const found = nodeFor(node, nodes);
    if (found === undefined) return `the node ${node} is not here, and which other one it should be is not known`;
    return { source: { hostPath: { path, type: 'DirectoryOrCreate' } }, node: found };
  };
}

function directoryTarget(record: VolumeRecord, namespace: string, place: PlaceDirectory): FillTarget | LeftOut {
  const [name, placed] = [record.hostPath ?? '', place(record)];
  return typeof placed === 'string' ? { namespace, name, reason: placed } : { namespace, name, ...placed };
}

export function decideTarget(
  record: VolumeRecord,
  { mapNamespace, claims }: RestoredSoFar,
  place: PlaceDirectory = leaveDirectory,
): FillTarget | LeftOut {
  const namespace = mapNamespace(record.namespace);
  const { claim, name } = record;
  if (record.hostPath !== undefined) return directoryTarget(record, namespace, place);
  if (claim === undefined) return { namespace, name, reason: `a volume of the pod ${record.pod} alone starts empty` };
  if (record.trouble !== undefined) return { namespace, name: claim, reason: record.trouble };
  if (!claims.has(`${namespace}/${claim}`)) return { namespace, name: claim, reason: 'its claim is not restored' };
  return { namespace, name: claim, source: { persistentVolumeClaim: { claimName: claim } } };
}
