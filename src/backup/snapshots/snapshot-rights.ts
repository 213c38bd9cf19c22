// What a backup with snapshots must be permitted besides what a backup of objects is, in one list: it is asked for before anything is made, and schedules grant it. Pure.

import { snapshotGroup } from './snapshot-words.ts';

/** As in a rule of RBAC, for one resource. */
export interface SnapshotRight {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
}

export interface SnapshotRights {
  /** In each namespace of the backup. */
  readonly inNamespaces: readonly SnapshotRight[];
  /** In the whole cluster. */
  readonly inCluster: readonly SnapshotRight[];
}

/** `movesData`: what the snapshots hold is moved into the store, through claims that are made from them. */
export function snapshotRights({ movesData }: { readonly movesData: boolean }): SnapshotRights {
  const claims: SnapshotRight = {
    group: '',
    resource: 'persistentvolumeclaims',
    verbs: ['get', 'list', 'create', 'delete'],
  };
  return {
    inNamespaces: [
      { group: snapshotGroup, resource: 'volumesnapshots', verbs: ['get', 'list', 'create', 'delete'] },
      ...(movesData ? [claims] : []),
    ],
    inCluster: [
      { group: snapshotGroup, resource: 'volumesnapshotclasses', verbs: ['get', 'list'] },
      { group: snapshotGroup, resource: 'volumesnapshotcontents', verbs: ['get', 'patch', 'delete'] },
      // A class may keep volumes whose claims are gone: that of a claim that only shows a snapshot must go.
      ...(movesData ? [{ group: '', resource: 'persistentvolumes', verbs: ['get', 'patch'] }] : []),
    ],
  };
}

/** In the whole cluster: what it takes to have drivers delete the snapshots of a backup that goes. */
export const endingRights: readonly SnapshotRight[] = [
  { group: snapshotGroup, resource: 'volumesnapshotcontents', verbs: ['get', 'create', 'delete'] },
  { group: 'storage.k8s.io', resource: 'csidrivers', verbs: ['get'] },
];

/** In the whole cluster: to find out that there is no class. */
export const lookingRights: readonly SnapshotRight[] = [
  { group: snapshotGroup, resource: 'volumesnapshotclasses', verbs: ['list'] },
];
