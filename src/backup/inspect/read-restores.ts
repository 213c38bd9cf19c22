// Reads which restores a store tells of, ours and Velero's, and what came of one. Velero keeps its Restore objects in the cluster; the store has their files.

import * as z from 'zod';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { restoreFolder, restoreKeys, restoresFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { adviseKnown } from './known-names.ts';
import { readSide, readSideText } from './read-backup.ts';

export const restoreRecordSchema = 'nowwhat.dev/restore-record/v1';

/** What our own restores leave besides Velero's files; fields of later versions are let pass. */
const record = z.looseObject({
  schema: z.literal(restoreRecordSchema),
  backup: z.string(),
  phase: z.string(),
  started: z.string(),
  completed: z.string(),
  context: z.string(),
  server: z.string(),
  namespaceMappings: z.record(z.string(), z.string()),
});

export interface RestoreSummary {
  readonly name: string;
  /** Velero's words. Of one of Velero: as its files tell. */
  readonly phase: string;
  /** '' where the store does not say, as of Velero's. */
  readonly backup: string;
  /** ISO times; '' where nothing says. */
  readonly started: string;
  readonly completed: string;
  readonly errors: number;
  readonly warnings: number;
  /** `nowwhat` where our record is beside it. */
  readonly madeBy: 'nowwhat' | 'velero';
  /** The cluster that it went to; '' where the store does not say. */
  readonly context: string;
}

/** What became of objects, in Velero's words. */
export type RestoreOutcome = 'created' | 'updated' | 'failed' | 'skipped';

export interface DescribedRestore extends RestoreSummary {
  /** Address of the API server; '' where the store does not say. */
  readonly server: string;
  readonly namespaceMappings: Readonly<Record<string, string>>;
  /** Objects by kind and by what became of them: `apps/v1/Deployment` → `{created: 3}`. */
  readonly kinds: readonly (readonly [kind: string, outcomes: Readonly<Partial<Record<RestoreOutcome, number>>>])[];
  /** What went wrong: as Velero's side file has it. */
  readonly results: JsonObject;
  /** Bytes of each key. */
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

type Recorded = Pick<DescribedRestore, 'phase' | 'backup' | 'started' | 'completed' | 'context' | 'server'> &
  Pick<DescribedRestore, 'namespaceMappings' | 'madeBy'>;

/** How many messages of one severity a file of results has. */
function countMessages(results: JsonObject, severity: 'errors' | 'warnings'): number {
  const { velero, cluster, namespaces } = asObject(results[severity]);
  return [velero, cluster, ...Object.values(asObject(namespaces))].reduce<number>(
    (sum, each) => sum + asArray(each).length,
    0,
  );
}

/** `time="…"` of the first and the last line. */
function timesOf(log: string): Pick<Recorded, 'started' | 'completed'> {
  const times = [...log.matchAll(/^time="([^"]+)"/gm)].map(([, time = '']) => time);
  return { started: times[0] ?? '', completed: times.at(-1) ?? '' };
}

/** Of a restore of Velero: it knows nothing of its backup, and its phase follows from its errors. */
async function inferRecord(store: Store, logKey: string, results: JsonObject): Promise<Recorded> {
  const log = (await readSideText(store, logKey)) ?? '';
  const phase = countMessages(results, 'errors') > 0 ? 'PartiallyFailed' : 'Completed';
  return { phase, backup: '', ...timesOf(log), context: '', server: '', namespaceMappings: {}, madeBy: 'velero' };
}

function parseRecord(bytes: Buffer): Recorded | undefined {
  try {
    const { backup, phase, started, completed, context, server, namespaceMappings } = record.parse(
      JSON.parse(bytes.toString('utf8')),
    );
    return { backup, phase, started, completed, context, server, namespaceMappings, madeBy: 'nowwhat' };
  } catch {
    // Then its other files tell, as they do of Velero's.
    return undefined;
  }
}

interface ReadRestore {
  readonly name: string;
  readonly recorded: Recorded;
  readonly results: JsonObject;
}

/** `undefined` where the folder holds no restore: drills have theirs there too. */
async function readRestore(store: Store, name: string): Promise<ReadRestore | undefined> {
  const keys = restoreKeys(store.prefix, name);
  const bytes = await store.get(keys.record);
  const own = bytes === undefined ? undefined : parseRecord(bytes);
  if (own === undefined && (await store.size(keys.log)) === undefined) return undefined;
  const results = asObject(await readSide(store, keys.results));
  return { name, results, recorded: own ?? (await inferRecord(store, keys.log, results)) };
}

function summaryOf({ name, recorded, results }: ReadRestore): RestoreSummary {
  const { phase, backup, started, completed, madeBy, context } = recorded;
  const [errors, warnings] = [countMessages(results, 'errors'), countMessages(results, 'warnings')];
  return { name, phase, backup, started, completed, errors, warnings, madeBy, context };
}

/** The newest first. */
export async function listRestores(store: Store): Promise<readonly RestoreSummary[]> {
  const found: RestoreSummary[] = [];
  for (const name of await store.folders(restoresFolder(store.prefix))) {
    const read = await readRestore(store, name);
    if (read !== undefined) found.push(summaryOf(read));
  }
  return found.toSorted((a, b) =>
    a.started === b.started ? (a.name < b.name ? -1 : 1) : a.started < b.started ? 1 : -1,
  );
}

/** Throws `UserError` with the names that there are. */
export async function requireRestore(store: Store, name: string): Promise<ReadRestore> {
  const read = await readRestore(store, name);
  if (read !== undefined) return read;
  const names = (await listRestores(store)).map((each) => each.name);
  const advice = adviseKnown(name, names, 'The store tells of no restore.');
  throw new UserError('store-key-missing', `there is no restore "${name}" in ${store.place}`, advice);
}

/** `shop/web(created)`: how often each outcome is in a list. */
function countOutcomes(entries: readonly string[]): Partial<Record<RestoreOutcome, number>> {
  const counts: Partial<Record<RestoreOutcome, number>> = {};
  for (const entry of entries) {
    const outcome = /\((created|updated|failed|skipped)\)$/.exec(entry)?.[1] as RestoreOutcome | undefined;
    if (outcome !== undefined) counts[outcome] = (counts[outcome] ?? 0) + 1;
  }
  return counts;
}

async function filesOf(store: Store, name: string): Promise<DescribedRestore['files']> {
  const folder = restoreFolder(store.prefix, name);
  const files: { name: string; bytes: number }[] = [];
  for await (const { key, bytes } of store.list(folder)) files.push({ name: key.slice(folder.length), bytes });
  return files;
}

/** Throws `UserError` where there is no such restore, or a part of its record cannot be read. */
export async function describeRestore(store: Store, name: string): Promise<DescribedRestore> {
  const read = await requireRestore(store, name);
  const list = asObject(await readSide(store, restoreKeys(store.prefix, name).resourceList));
  const kinds = Object.entries(list).map(
    ([kind, entries]) => [kind, countOutcomes(asArray(entries).map((each) => asString(each) ?? ''))] as const,
  );
  const { server, namespaceMappings } = read.recorded;
  return {
    ...summaryOf(read),
    server,
    namespaceMappings,
    kinds: kinds.toSorted(([a], [b]) => (a < b ? -1 : 1)),
    results: read.results,
    files: await filesOf(store, name),
  };
}

/** '' where it has none. Throws `UserError`. */
export async function readRestoreLog(store: Store, name: string): Promise<string> {
  await requireRestore(store, name);
  return (await readSideText(store, restoreKeys(store.prefix, name).log)) ?? '';
}

/** How many keys went. What makes a folder a restore goes last, so that what is left after a crash can be deleted. Throws `UserError`. */
export async function deleteRestore(store: Store, name: string): Promise<number> {
  await requireRestore(store, name);
  const { log, record: own } = restoreKeys(store.prefix, name);
  const keys: string[] = [];
  for await (const { key } of store.list(restoreFolder(store.prefix, name))) keys.push(key);
  const rank = (key: string): number => [log, own].indexOf(key);
  for (const key of keys.toSorted((a, b) => rank(a) - rank(b))) await store.delete(key);
  return keys.length;
}
