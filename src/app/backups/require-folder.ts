// A folder that is misspelt is no empty store.

import { existsSync } from 'node:fs';
import type { Store } from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';

/** Throws `UserError` for a folder that is not there, as for a bucket: a name with a slip of the pen holds no backups either. */
export function requireFolder({ folder }: Store): void {
  if (folder === undefined || existsSync(folder)) return;
  const advice = 'Check its name; the first backup into it makes it.';
  throw new UserError('store-missing', `the folder ${folder} does not exist`, advice);
}
