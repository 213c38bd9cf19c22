// A backup's name belongs to one writer: who comes second is told, and a writer that died is followed only when the user says so.

import * as z from 'zod';
import { UserError } from '../../model/index.ts';
import { backupFolder, type BackupKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';

const claim = z.object({ writer: z.string(), since: z.string() });

function taken(store: Store, name: string, cause?: unknown): UserError {
  return new UserError(
    'store-key-exists',
    `${store.place} already holds a backup "${name}"`,
    'Choose another name; a backup is never overwritten.',
    cause,
  );
}

async function describeClaim(store: Store, key: string): Promise<string> {
  const parsed = claim.safeParse(JSON.parse((await store.get(key))?.toString() ?? '{}'));
  return parsed.success ? ` by ${parsed.data.writer} since ${parsed.data.since}` : '';
}

export interface Claiming {
  readonly store: Store;
  readonly keys: BackupKeys;
  readonly name: string;
  /** Who writes: a host and a process. */
  readonly writer: string;
  /** ISO time. */
  readonly since: string;
  /** Goes on where an earlier writer of the same name was cut off. */
  readonly takeOver: boolean;
}

/** The claim's bytes. Throws `UserError` where the name is taken, or somebody else is at it. */
export async function claimName({ store, keys, name, writer, since, takeOver }: Claiming): Promise<Buffer> {
  if ((await store.size(keys.backup)) !== undefined) throw taken(store, name);
  const body = Buffer.from(JSON.stringify({ writer, since }));
  try {
    await store.put(keys.claim, body, { ifAbsent: !takeOver });
    if (takeOver) await store.sweep?.(backupFolder(store.prefix, name));
    return body;
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'store-key-exists') throw error;
    throw new UserError(
      'store-key-exists',
      `a backup "${name}" is being written${await describeClaim(store, keys.claim)}, or was cut off`,
      'Wait for it; where its writer is gone, run the command again with --take-over.',
      error,
    );
  }
}
