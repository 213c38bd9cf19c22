// What a restore removes: what the cluster has and the backup, which looked at it, has not.

import {
  type Absent,
  compileSelection,
  findAbsent,
  type OpenedBackup,
  type RestoreContext,
  type RestoreWish,
  selectionOfBackup,
} from '../../backup/index.ts';
import { asObject, asString, UserError } from '../../model/index.ts';
import { type Asking, takesResource } from './assemble-restore.ts';

function requireWhole(name: string): UserError {
  return new UserError(
    'invalid-option',
    `the backup "${name}" is not whole: what is missing in it may only have failed to be saved`,
    'Leave --prune out, or use a backup that was completed.',
  );
}

function requireFilters(name: string): UserError {
  return new UserError(
    'invalid-option',
    `the backup "${name}" was made by resource policies that are not in it: what is missing in it may never have been looked at`,
    'Leave --prune out, or use a backup that was made by nowwhat.',
  );
}

/** What the backup never took is not missing in it. */
export async function planPrune(
  { order, discovery }: Asking,
  { object, summary }: OpenedBackup,
  { wish, context }: { readonly wish: RestoreWish; readonly context: RestoreContext },
): Promise<readonly Absent[]> {
  if (!order.prune) return [];
  if (summary.phase !== 'Completed') throw requireWhole(summary.name);
  const { resourcePolicy } = asObject(object['spec']);
  if (summary.madeBy === 'velero' && asString(asObject(resourcePolicy)['name']) !== undefined)
    throw requireFilters(summary.name);
  const saved = selectionOfBackup(object);
  const scoped = {
    includedResources: [...(saved.includedResources ?? []), ...(saved.includedNamespaceScopedResources ?? [])],
    excludedResources: [...(saved.excludedResources ?? []), ...(saved.excludedNamespaceScopedResources ?? [])],
  };
  const { rulesOf } = compileSelection({ ...saved, includedResources: [], excludedResources: [] });
  return await findAbsent(wish, context, { takesResource: takesResource(scoped, discovery), rulesOf });
}
