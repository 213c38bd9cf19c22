// Which commands a restore would run in pods: shown before anybody agrees.

import type { Contents } from '../contents.ts';
import { isEnded } from '../prepare-object.ts';
import type { RestoreWish } from '../restore-wish.ts';
import { isTaken } from '../taking.ts';
import { findRestoreExecs, type PodExec } from './find-restore-hooks.ts';

/** Of all pods that the restore takes; those that are there already run none. Throws `UserError` where an object cannot be read. */
export async function planRestoreHooks(wish: RestoreWish, contents: Contents): Promise<readonly PodExec[]> {
  const planned: PodExec[] = [];
  if (wish.hooks === undefined) return planned;
  for (const entry of contents.entries) {
    const { place } = entry;
    if (place.groupResource !== 'pods') continue;
    const pod = await contents.read(entry);
    if (!isTaken(wish, place, pod) || isEnded(pod)) continue;
    const namespace = wish.namespaceMappings.get(place.namespace) ?? place.namespace;
    planned.push(...findRestoreExecs(pod, namespace, wish.hooks));
  }
  return planned;
}
