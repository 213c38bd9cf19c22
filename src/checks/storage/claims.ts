// Which volume claims a workload's pods share, and how they may be mounted.

import type { Inventory, Workload } from '../../inventory/index.ts';
import { asArray, asObject, type KubeObject, type Path } from '../../model/index.ts';

export interface SharedClaim {
  readonly claim: KubeObject;
  /** Path of the claim's name in the workload. */
  readonly path: Path;
}

/** Claims of the input that all pods of the workload share; those of a StatefulSet's templates are one for each pod. */
export function sharedClaims(inventory: Inventory, workload: Workload): SharedClaim[] {
  return inventory
    .referencesFrom(workload.object)
    .filter(({ kind }) => kind === 'PersistentVolumeClaim')
    .flatMap((reference) => {
      const claim = inventory.find(reference);
      return claim === undefined ? [] : [{ claim, path: reference.path }];
    });
}

/** True where at most one node (or one pod) can mount the claim for writing. */
export function isSingleNode({ raw }: KubeObject): boolean {
  const modes = asArray(asObject(raw['spec'])['accessModes']);
  return modes.length > 0 && modes.every((mode) => mode === 'ReadWriteOnce' || mode === 'ReadWriteOncePod');
}
