// Marks in a store that a drill has proven a backup: whoever tidies the store must know, also where the drill's own records are elsewhere.

import { z } from 'zod';
import { sha256Of } from '../layout/sha256.ts';
import { backupKeys, drillKey, restoresFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';

const schema = 'nowwhat.dev/drill-mark/v1';

const mark = z.object({
  schema: z.literal(schema),
  backup: z.string(),
  /** Of its key `velero-backup.json`: another backup of the same name is not proven. */
  sha256: z.string(),
  proven: z.string(),
});

const prefix = 'drill-';

/** Notes that the backup came back as it was. `now`: milliseconds since 1970. Throws `UserError` where the store takes nothing. */
export async function markProven(store: Store, backup: string, now: number): Promise<void> {
  const bytes = await store.get(backupKeys(store.prefix, backup).backup);
  if (bytes === undefined) return;
  const proven = new Date(now).toISOString();
  const name = `${prefix}${backup}-${proven.replace(/\D/g, '')}`;
  const body = JSON.stringify({ schema, backup, sha256: sha256Of(bytes), proven });
  await store.put(drillKey(store.prefix, name), Buffer.from(body));
}

interface Mark {
  readonly key: string;
  readonly backup: string;
  readonly sha256: string;
  /** ISO time. */
  readonly proven: string;
}

function parseMark(key: string, bytes: Buffer | undefined): Mark | undefined {
  try {
    const { backup, sha256, proven } = mark.parse(JSON.parse(bytes?.toString('utf8') ?? ''));
    return { key, backup, sha256, proven };
  } catch {
    return undefined;
  }
}

/** All marks of a store. What cannot be understood is none: a record that is broken proves nothing. */
export async function readMarks(store: Store): Promise<readonly Mark[]> {
  const folders = await store.folders(restoresFolder(store.prefix));
  const marks: Mark[] = [];
  for (const name of folders) {
    if (!name.startsWith(prefix)) continue;
    const key = drillKey(store.prefix, name);
    const found = parseMark(key, await store.get(key));
    if (found !== undefined) marks.push(found);
  }
  return marks;
}

/** Whether a backup is the one that a drill has restored. */
export async function isProven(store: Store, backup: string, marks: readonly Mark[]): Promise<boolean> {
  const own = marks.filter((each) => each.backup === backup);
  if (own.length === 0) return false;
  const bytes = await store.get(backupKeys(store.prefix, backup).backup);
  return bytes !== undefined && own.some(({ sha256 }) => sha256 === sha256Of(bytes));
}
