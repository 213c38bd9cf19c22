// Records in a store of what drills have shown of its backups: whoever tidies the store must know, and whoever counts proofs, wherever the drill was run.

import * as z from 'zod';
import { isJsonObject, type JsonObject } from '../../model/index.ts';
import { sha256Of } from '../layout/sha256.ts';
import { backupKeys, drillKey, restoresFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';

/** A mark says that the backup came back; who knows nothing of failures must not take one for a mark. */
const schemas = { mark: 'nowwhat.dev/drill-mark/v1', failure: 'nowwhat.dev/drill-failure/v1' } as const;

const record = z.object({
  schema: z.enum([schemas.mark, schemas.failure]),
  backup: z.string(),
  /** Of its key `velero-backup.json`: another backup of the same name is not the one. */
  sha256: z.string(),
  /** When it was shown: an ISO time. */
  proven: z.string(),
  proof: z.custom<JsonObject>(isJsonObject).optional(),
});

const prefix = 'drill-';

export interface DrillShown {
  /** It came back as it was. */
  readonly holds: boolean;
  /** What was shown and how, as proofs are kept; left out by earlier versions. */
  readonly proof?: JsonObject;
}

/** `now`: milliseconds since 1970. Throws `UserError` where the store takes nothing. */
export async function recordDrill(
  store: Store,
  backup: string,
  { holds, proof }: { readonly holds: boolean; readonly proof?: object },
  now: number,
): Promise<void> {
  const bytes = await store.get(backupKeys(store.prefix, backup).backup);
  if (bytes === undefined) return;
  const proven = new Date(now).toISOString();
  const name = `${prefix}${backup}-${proven.replace(/\D/g, '')}`;
  const schema = holds ? schemas.mark : schemas.failure;
  const body = JSON.stringify({
    schema,
    backup,
    sha256: sha256Of(bytes),
    proven,
    ...(proof === undefined ? {} : { proof }),
  });
  await store.put(drillKey(store.prefix, name), Buffer.from(body));
}

/** One drill of a backup. */
export interface DrillRecord extends DrillShown {
  readonly key: string;
  readonly backup: string;
  readonly sha256: string;
  /** ISO time. */
  readonly time: string;
}

function parseRecord(key: string, bytes: Buffer | undefined): DrillRecord | undefined {
  try {
    const { schema, backup, sha256, proven, proof } = record.parse(JSON.parse(bytes?.toString('utf8') ?? ''));
    const shown = { holds: schema === schemas.mark, ...(proof === undefined ? {} : { proof }) };
    return { key, backup, sha256, time: proven, ...shown };
  } catch {
    return undefined;
  }
}

/** All records of a store, the newest first. What cannot be understood is none: a record that is broken proves nothing. */
export async function readDrills(store: Store): Promise<readonly DrillRecord[]> {
  const folders = await store.folders(restoresFolder(store.prefix));
  const records: DrillRecord[] = [];
  for (const name of folders) {
    if (!name.startsWith(prefix)) continue;
    const key = drillKey(store.prefix, name);
    const found = parseRecord(key, await store.get(key));
    if (found !== undefined) records.push(found);
  }
  return records.toSorted((a, b) => (a.time < b.time ? 1 : -1));
}

/** Those of a backup as it is now. */
export async function drillsOf(
  store: Store,
  backup: string,
  drills: readonly DrillRecord[],
): Promise<readonly DrillRecord[]> {
  const own = drills.filter((each) => each.backup === backup);
  if (own.length === 0) return [];
  const bytes = await store.get(backupKeys(store.prefix, backup).backup);
  return bytes === undefined ? [] : own.filter(({ sha256 }) => sha256 === sha256Of(bytes));
}

/** Whether a backup is the one that a drill has restored. */
export async function isProven(store: Store, backup: string, drills: readonly DrillRecord[]): Promise<boolean> {
  return (await drillsOf(store, backup, drills)).some(({ holds }) => holds);
}
