// The key that says which dumps a backup holds, of what, and how they were made.

import * as z from 'zod';
import { UserError } from '../../model/index.ts';
import { backupKeys } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';

const schema = 'nowwhat.dev/dumps/v1';

const text = z.string();
const dump = z.object({
  namespace: text,
  pod: text,
  container: text,
  /** `postgresql`, `mysql`, `mongodb` or `redis`. */
  recipe: text,
  /** Without the backup's folder; gzipped. */
  file: text,
  /** Of the dump itself, uncompressed. */
  bytes: z.number(),
  sha256: text,
  /** ISO times: what it shows is what was true at one moment between them, or as its recipe says. */
  started: text,
  completed: text,
});
const index = z.object({ schema: z.literal(schema), dumps: z.array(dump) });

export type DumpRecord = z.infer<typeof dump>;

export function renderDumpIndex(dumps: readonly DumpRecord[]): string {
  return JSON.stringify({ schema, dumps });
}

/** None for a backup that was made without. Throws `UserError` where the list is not as it was written. */
export async function readDumps(store: Store, name: string): Promise<readonly DumpRecord[]> {
  const { dumps } = backupKeys(store.prefix, name);
  const bytes = await store.get(dumps);
  if (bytes === undefined) return [];
  try {
    return index.parse(JSON.parse(bytes.toString('utf8'))).dumps;
  } catch (cause) {
    throw new UserError('invalid-backup', `${dumps}: it was changed`, 'Use another backup.', cause);
  }
}
