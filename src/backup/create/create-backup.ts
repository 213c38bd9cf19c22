// Makes a backup: reads the cluster, writes the archive while reading, then all that describes it, and last the key that makes it one.

import { Readable } from 'node:stream';
import { type ApiClient, type Discovery, discoverOnce } from '../../api/index.ts';
import { asString, type JsonObject, UserError } from '../../model/index.ts';
import { renderGoJson } from '../archive/go-json.ts';
import { packMembers } from '../archive/pack-members.ts';
import { type Archived, type ArchivedObject, renderArchive } from '../archive/write-archive.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { withChanges } from '../collect/changes.ts';
import { flatten, singly } from '../collect/batches.ts';
import { collectBatches } from '../collect/collect-objects.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { compileSelection } from '../collect/selection.ts';
import {
  assembleBackupObject,
  assembleResults,
  type BackupFacts,
  noVolumeSpec,
  phaseOf,
} from '../layout/backup-object.ts';
import { type BackupKeys, backupKeys } from '../layout/keys.ts';
import { manifestHeader, renderSeal } from '../layout/manifest.ts';
import { findWithoutData } from '../layout/without-data.ts';
import type { DumpRecord } from '../dumps/dump-index.ts';
import { saveDumps } from '../dumps/save-dumps.ts';
import { BackupHooks } from '../hooks/backup-hooks.ts';
import type { Seal } from '../seal/seal-secrets.ts';
import { moveOperation } from '../snapshots/data-upload.ts';
import type { SnapshotsTold } from '../snapshots/snapshot-run.ts';
import type { SavedVolume } from '../volumes/files-manifest.ts';
import { openFileLists } from '../volumes/save-files.ts';
import { noVolumes } from '../volumes/volume-data.ts';
import { BackupLedger } from './backup-ledger.ts';
import { claimName } from './claim.ts';
import type { CreateContext, CreatedBackup, CreateWish } from './create-wish.ts';
import { LogText } from './log-text.ts';
import { compress, packJson, SealedWriter } from './sealed-writer.ts';

const namePattern = /^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/;

function checkName(name: string): void {
  if (namePattern.test(name)) return;
  const advice = 'Names have small letters, digits, "-" and ".", and begin and end with a letter or digit.';
  throw new UserError('invalid-option', `${JSON.stringify(name)} cannot be the name of a backup`, advice);
}

interface Creation {
  readonly wish: CreateWish;
  readonly context: CreateContext;
  readonly keys: BackupKeys;
  readonly writer: SealedWriter;
  readonly ledger: BackupLedger;
  readonly log: LogText;
  readonly hooks: BackupHooks | undefined;
  readonly started: number;
  readonly server: JsonObject;
  readonly discovery: Discovery;
}

function tellProblem({ ledger, log }: Pick<Creation, 'ledger' | 'log'>, problem: CollectProblem): void {
  ledger.problems.push(problem);
  log.add(problem.severity, problem.message, { namespace: problem.namespace });
}

function openHooks(context: CreateContext, telling: Pick<Creation, 'ledger' | 'log'>): BackupHooks | undefined {
  const { client, hooks, onTidy } = context;
  if (hooks === undefined) return undefined;
  const running = new BackupHooks({
    ...hooks,
    client,
    onProblem: (problem) => tellProblem(telling, problem),
    log: (message, fields) => telling.log.info(message, fields),
  });
  onTidy?.(() => running.end());
  return running;
}

/** The same objects, and after the last one what changed while they were read. */
async function* thenChanges(
  batches: AsyncIterable<readonly ArchivedObject[]>,
  { context, ledger, discovery }: Creation,
): AsyncGenerator<readonly ArchivedObject[]> {
  yield* batches;
  ledger.lists = await withChanges(context.client, discovery.resources, ledger.lists);
}

async function* sealing(
  batches: AsyncIterable<readonly ArchivedObject[]>,
  seal: Seal,
): AsyncGenerator<readonly ArchivedObject[]> {
  for await (const batch of batches) yield await Promise.all(batch.map(seal));
}

function snapshotsTold({ ledger, log, hooks }: Creation): SnapshotsTold {
  return {
    isWaiting: (namespace, pod) => hooks?.isOpen(namespace, pod) ?? false,
    onPodSaved: async (namespace, pod) => hooks?.onPodSaved(namespace, pod),
    onProblem: (problem) => tellProblem({ ledger, log }, problem),
    log: (message, fields) => log.info(message, fields),
  };
}

/** Lists, renders, compresses and uploads at the same time; what is slowest sets the pace. */
async function writeContents(creation: Creation): Promise<void> {
  const { wish, context, keys, writer, ledger, log, hooks, started, discovery } = creation;
  const { client, now, saveVolumes, snapshots } = context;
  for (const { groupVersion, reason } of discovery.failures)
    ledger.problems.push({ severity: 'error', namespace: '', message: `${groupVersion} is not served: ${reason}` });
  const batches = collectBatches({
    client,
    discovery,
    selection: compileSelection(resolveNames(wish.selection, discovery)),
    concurrency: wish.concurrency,
    now: () => new Date(now()).toISOString(),
    onList: (record) => {
      ledger.lists.push(record);
      log.info(`listed ${record.groupResource}`, { namespace: record.namespace, items: record.objects });
    },
    onProblem: (problem) => tellProblem(creation, problem),
  });
  const read = thenChanges(batches, creation);
  const isSavedAtOnce = saveVolumes === undefined && snapshots === undefined;
  const hooked = hooks === undefined ? read : hooks.around(read, isSavedAtOnce);
  const writing = { modified: Math.floor(started / 1000), onObject: (archived: Archived) => ledger.note(archived) };
  const taken = snapshots === undefined ? hooked : singly(snapshots.around(flatten(hooked), snapshotsTold(creation)));
  const noted = ledger.noting(taken);
  const pieces = renderArchive(context.seal === undefined ? noted : sealing(noted, context.seal), writing);
  const packed = packMembers(pieces, (member) => ledger.members.push(member));
  await writer.upload(keys.contents, Readable.from(packed, { objectMode: false }));
}

/** Data come after the objects: what a volume's pod and claim were like is then known to be in the backup. */
async function writeVolumes(creation: Creation): Promise<readonly SavedVolume[]> {
  const { wish, context, keys, writer, ledger, hooks } = creation;
  const onPodSaved = async (namespace: string, pod: string): Promise<void> => hooks?.onPodSaved(namespace, pod);
  const saved = (await context.saveVolumes?.({ onPodSaved })) ?? noVolumes;
  await hooks?.end();
  for (const problem of saved.problems) tellProblem(creation, problem);
  ledger.volumes.replace([...saved.infos, ...(context.snapshots?.infos ?? [])]);
  await writer.putJson(keys.podVolumeBackups, [...saved.podVolumeBackups]);
  const moved = (context.snapshots?.moved ?? []).map(({ files }) => files);
  const listed = [...moved.map((each) => each.listed), ...saved.listed];
  if (listed.length > 0) await writer.upload(keys.files, openFileLists(wish.name, listed));
  return [...moved.map(({ volume }) => volume), ...saved.volumes];
}

/** After the hooks: a database that stands still may not be able to print what it holds. */
async function writeDumps(creation: Creation): Promise<readonly DumpRecord[]> {
  const { context, keys, writer, log } = creation;
  const { client, now, progress, dumps = [] } = context;
  if (dumps.length === 0) return [];
  return await saveDumps(dumps, {
    client,
    writer,
    keys,
    now,
    progress,
    onProblem: (problem) => tellProblem(creation, problem),
    log: (message, fields) => log.info(message, fields),
  });
}

async function writeDescriptions({ context, keys, writer, ledger, log }: Creation): Promise<void> {
  const { resources, volumes, problems } = ledger;
  const moved = context.snapshots?.moved ?? [];
  await writer.putAll([
    { key: keys.resourceList, body: await packJson(resources.toJson()) },
    { key: keys.volumeInfo, body: await packJson(volumes.toJson()) },
    { key: keys.volumeSnapshots, body: await packJson([]) },
    { key: keys.itemOperations, body: await packJson(moved.map(moveOperation)) },
    { key: keys.results, body: await packJson(assembleResults(problems)) },
    { key: keys.log, body: await compress(log.toText()) },
    { key: keys.manifest, body: await ledger.endManifest() },
  ]);
}

function count(problems: readonly CollectProblem[], severity: CollectProblem['severity']): number {
  return problems.filter((each) => each.severity === severity).length;
}

function hookFacts({ hooks: spec = {} }: CreateWish, hooks: Creation['hooks']): BackupFacts['hooks'] {
  return { spec, attempted: hooks?.attempted ?? 0, failed: hooks?.failed ?? 0 };
}

/** Velero counts a snapshot whose data are moved as an operation. */
function snapshotCounts({ snapshots }: CreateContext): Pick<BackupFacts, 'snapshots' | 'operations'> {
  const none = { attempted: 0, completed: 0 };
  const { attempted = 0, saved = [], moved = [], movesData = false } = snapshots ?? {};
  return movesData
    ? { snapshots: none, operations: { attempted, completed: moved.length } }
    : { snapshots: { attempted, completed: saved.length }, operations: none };
}

function versionOf(server: JsonObject): BackupFacts['server'] {
  const part = (key: string): string => asString(server[key]) ?? '';
  return { gitVersion: part('gitVersion'), major: part('major'), minor: part('minor') };
}

function factsOf({ wish, context, ledger, hooks, started, server }: Creation, completed: number): BackupFacts {
  const { name, selection, labels = {}, annotations = {}, storageLocation, veleroNamespace, ttl } = wish;
  const { volumeSpec = noVolumeSpec } = wish;
  return {
    name,
    veleroNamespace,
    selection,
    labels,
    annotations,
    storageLocation,
    volumeSpec,
    started: new Date(started).toISOString(),
    completed: new Date(completed).toISOString(),
    expiration: ttl === undefined ? undefined : new Date(started + ttl).toISOString(),
    ttl: ttl === undefined ? undefined : `${Math.round(ttl / 1000)}s`,
    items: ledger.objects,
    errors: count(ledger.problems, 'error'),
    warnings: count(ledger.problems, 'warning'),
    ...snapshotCounts(context),
    hooks: hookFacts(wish, hooks),
    server: versionOf(server),
  };
}

/** The seal knows the last key before it is written; then that key makes the backup one. */
async function commit({ wish, context, keys, writer }: Creation, facts: BackupFacts): Promise<void> {
  const last = Buffer.from(renderGoJson(assembleBackupObject(facts)));
  writer.announce(keys.backup, last);
  const seal = Buffer.from(renderSeal(wish.name, writer.files));
  await context.store.put(keys.seal, seal);
  if (context.sign !== undefined) await context.store.put(keys.signature, context.sign(seal));
  await context.snapshots?.keep();
  try {
    await context.store.put(keys.backup, last, { ifAbsent: true });
  } catch (error) {
    // An answer may be lost on its way: what is there counts, and what cannot be told is kept.
    const isThere = await context.store.size(keys.backup).catch(() => last.length);
    if (isThere === undefined) await context.snapshots?.takeBack();
    throw error;
  }
}

/** Snapshots are part of the backup now; their objects have served. */
async function releaseSnapshots({ context }: Creation): Promise<readonly CollectProblem[]> {
  const left = (await context.snapshots?.finish()) ?? [];
  return left.map((why) => ({
    severity: 'warning',
    namespace: '',
    message: `a VolumeSnapshot is still in the cluster, and the next backup removes it: ${why}`,
  }));
}

function resultOf(
  { wish, context, keys, writer, ledger }: Creation,
  facts: BackupFacts,
): Omit<CreatedBackup, 'volumes' | 'dumps'> {
  const { objects, bytes, lists, problems } = ledger;
  const archiveBytes = writer.files.find((file) => keys.contents.endsWith(`/${file.name}`))?.bytes ?? 0;
  return {
    name: wish.name,
    phase: phaseOf(facts),
    objects,
    bytes,
    archiveBytes,
    lists,
    problems,
    snapshots: context.snapshots?.saved ?? [],
    withoutData: findWithoutData(ledger.volumes.toJson()),
    plainSecrets: context.seal === undefined ? ledger.secrets : 0,
    started: facts.started,
    completed: facts.completed,
  };
}

async function writeAll(creation: Creation): Promise<Pick<CreatedBackup, 'volumes' | 'dumps'>> {
  const { context, hooks } = creation;
  for (const problem of context.foreseen ?? []) tellProblem(creation, problem);
  let volumes: readonly SavedVolume[];
  try {
    await writeContents(creation);
    volumes = await writeVolumes(creation);
  } finally {
    await hooks?.end();
  }
  return { volumes, dumps: await writeDumps(creation) };
}

async function askServer(client: ApiClient): Promise<Pick<Creation, 'server' | 'discovery'>> {
  const [server, discovery] = await Promise.all([client.request({ path: '/version' }), discoverOnce(client)]);
  return { server, discovery };
}

/**
 * Throws `UserError` where the backup cannot be made; then none is visible. What could not be read of the cluster is in `problems`, and the backup's phase
 * says so.
 */
export async function createBackup(wish: CreateWish, context: CreateContext): Promise<CreatedBackup> {
  checkName(wish.name);
  const { store, client, now, tool, writer: who, snapshots } = context;
  const { name, takeOver } = wish;
  const keys = backupKeys(store.prefix, name);
  const started = now();
  const since = new Date(started).toISOString();
  const asking = askServer(client);
  // Whoever waits for it is told.
  asking.catch(() => undefined);
  const claimed = await claimName({ store, keys, name, writer: who, since, takeOver });
  context.onClaim?.();
  const writer = new SealedWriter(store);
  writer.announce(keys.claim, claimed);
  const ledger = new BackupLedger(manifestHeader(name, tool, since), context);
  const log = new LogText(now);
  const hooks = openHooks(context, { ledger, log });
  const creation = { wish, context, keys, writer, ledger, log, hooks, started, ...(await asking) };
  try {
    const data = await writeAll(creation);
    await writeDescriptions(creation);
    const facts = factsOf(creation, now());
    await commit(creation, facts);
    const left = await releaseSnapshots(creation);
    return { ...resultOf(creation, facts), ...data, problems: [...ledger.problems, ...left] };
  } catch (error) {
    await snapshots?.discard();
    throw error;
  }
}
