// The seal of a backup: length and hash of each of its keys, as its writer noted them.

import { createHash } from 'node:crypto';
import { UserError } from '../../model/index.ts';
import { parseSeal, type SealedFile } from '../layout/manifest.ts';
import type { Store } from '../store/store.ts';
import type { OpenedBackup } from './read-backup.ts';

export interface Seal {
  readonly files: readonly SealedFile[];
  /** Its own bytes as they were read. */
  readonly content: Buffer;
  readonly sha256: string;
}

/** `undefined` for a backup of Velero. Throws `UserError` where it is missing or is not as it was written. */
export async function readSeal(store: Store, opened: OpenedBackup): Promise<Seal | undefined> {
  const { keys, name, summary } = opened;
  const content = await store.get(keys.seal);
  if (content === undefined && summary.madeBy === 'velero') return undefined;
  const seal = content === undefined ? undefined : parseSeal(content.toString('utf8'));
  if (content !== undefined && seal?.backup === name)
    return { files: seal.files, content, sha256: createHash('sha256').update(content).digest('hex') };
  const why = content === undefined ? 'is missing' : 'is not as it was written';
  const advice = `See what else was changed: nowwhat backup verify ${name}.`;
  throw new UserError('invalid-backup', `${keys.seal} ${why}`, advice);
}

/** What the seal says of a key; `undefined` for a backup that has none. */
export function sealedHash(seal: Seal | undefined, key: string): string | undefined {
  return seal?.files.find(({ name }) => key.endsWith(`/${name}`))?.sha256;
}
