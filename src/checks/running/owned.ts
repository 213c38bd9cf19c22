// Which pods a workload has in the cluster, by owner references: of a Deployment, through its ReplicaSets.

import type { Inventory } from '../../inventory/index.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import { asArray, asObject, asString, type KubeObject, pushTo } from '../../model/index.ts';
import { metadataOf } from './live-check.ts';

/** What has an owner that answers for it. */
const ownedKinds = ['/Pod', 'apps/ReplicaSet', 'batch/Job'] as const;

/** Workloads that answer for what they made. */
const answering: ReadonlySet<string> = new Set([
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'batch/Job',
  'batch/CronJob',
  '/ReplicationController',
]);

/** Workloads whose pods are meant to go on running, and pods that nobody answers for. */
export const runningKinds = [
  'apps/Deployment',
  'apps/StatefulSet',
  'apps/DaemonSet',
  'apps/ReplicaSet',
  '/ReplicationController',
  '/Pod',
];

interface Owned {
  readonly object: KubeObject;
  readonly ownerUid: string;
}

interface Ownership {
  readonly byOwner: ReadonlyMap<string, readonly Owned[]>;
  readonly present: ReadonlySet<string>;
}

function keyOf(group: string, kind: string, namespace: string, name: string): string {
  return `${group}/${kind}/${namespace}/${name}`;
}

function readOwner(object: KubeObject): { readonly key: string; readonly uid: string } | undefined {
  const owner = asArray(metadataOf(object)['ownerReferences'])
    .map(asObject)
    .find(({ controller }) => controller === true);
  if (owner === undefined) return undefined;
  const [kind, name] = [asString(owner['kind']) ?? '', asString(owner['name']) ?? ''];
  const { group } = parseApiVersion(asString(owner['apiVersion']) ?? '');
  if (!answering.has(`${group}/${kind}`)) return undefined;
  return { key: keyOf(group, kind, object.namespace, name), uid: asString(owner['uid']) ?? '' };
}

function makeOwnership(inventory: Inventory): Ownership {
  const byOwner = new Map<string, Owned[]>();
  for (const object of ownedKinds.flatMap((kind) => inventory.glimpse(kind))) {
    const owner = readOwner(object);
    if (owner !== undefined) pushTo(byOwner, owner.key, { object, ownerUid: owner.uid });
  }
  const present = new Set<string>();
  for (const kind of answering)
    for (const { group, kind: name, namespace, name: own } of inventory.glimpse(kind))
      present.add(keyOf(group, name, namespace, own));
  return { byOwner, present };
}

/** What an object controls directly. One of the same name that is gone may still have pods: the id tells them apart. */
export function childrenOf(inventory: Inventory, object: KubeObject): readonly KubeObject[] {
  const { group, kind, namespace, name } = object;
  const uid = asString(metadataOf(object)['uid']) ?? '';
  const children = inventory.derive(makeOwnership).byOwner.get(keyOf(group, kind, namespace, name)) ?? [];
  return children
    .filter(({ ownerUid }) => uid === '' || ownerUid === '' || ownerUid === uid)
    .map((child) => child.object);
}

/** All pods under an object, whatever state they are in. A pod is its own. */
export function podsOf(inventory: Inventory, object: KubeObject): readonly KubeObject[] {
  if (object.kind === 'Pod' && object.group === '') return [object];
  inventory.unseen.noteAll(['/Pod', 'apps/ReplicaSet']);
  return childrenOf(inventory, object).flatMap((child) => podsOf(inventory, child));
}

/** True where a workload that was seen answers for the object: findings are about that one. */
export function isAnsweredFor(inventory: Inventory, object: KubeObject): boolean {
  const owner = readOwner(object);
  return owner !== undefined && inventory.derive(makeOwnership).present.has(owner.key);
}

/** Pods that only add to an answer: it stands without them. */
export function podsAsFarAsSeen(inventory: Inventory, find: () => readonly KubeObject[]): readonly KubeObject[] {
  return inventory.unseen.watch(find).result;
}

/** Pods that are meant to run: not those that are done, or on their way out. */
export function wantedPods(inventory: Inventory, object: KubeObject): readonly KubeObject[] {
  return podsOf(inventory, object).filter((pod) => {
    const phase = asObject(pod.raw['status'])['phase'];
    return metadataOf(pod)['deletionTimestamp'] === undefined && phase !== 'Succeeded' && phase !== 'Failed';
  });
}
