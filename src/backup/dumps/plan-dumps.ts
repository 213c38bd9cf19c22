// The databases that a backup would dump, before it starts: those that are named, or all that there is a recipe for.

import type { BackupLook } from '../collect/visit-objects.ts';
import type { DumpTarget } from './find-databases.ts';
import { findNamed } from './find-named.ts';

/** Each container once, in order of their names. Throws `UserError` for a name that nothing has, or that no recipe fits. */
export async function planDumps(look: BackupLook, texts: readonly string[]): Promise<readonly DumpTarget[]> {
  return (await findNamed(look, texts)).map(({ target }) => target);
}
