// Makes a backup: reads the cluster, writes the archive while reading, then all that describes it, and last the key that makes it one.

import { Readable } from 'node:stream';
import { createGzip, type Gzip } from 'node:zlib';
import { type ApiClient, type Discovery, discover } from '../../api/index.ts';
import { asString, type JsonObject, UserError } from '../../model/index.ts';
import { renderGoJson } from '../archive/go-json.ts';
import { type ArchiveMember, packMembers } from '../archive/pack-members.ts';
import { type Archived, type ArchivedObject, renderArchive } from '../archive/write-archive.ts';
import { resolveNames } from '../collect/choose-resources.ts';
import { withChanges } from '../collect/changes.ts';
import { collectObjects, type CollectProblem, type ListRecord } from '../collect/collect-objects.ts';
import { compileSelection, type Selection } from '../collect/selection.ts';
import {
  assembleBackupObject,
  assembleResults,
  type BackupFacts,
  type BackupPhase,
  noVolumeSpec,
  phaseOf,
  ResourceList,
  type VolumeSpec,
} from '../layout/backup-object.ts';
import { type BackupKeys, backupKeys } from '../layout/keys.ts';
import { manifestEnd, manifestHeader, objectLine, renderSeal } from '../layout/manifest.ts';
import type { DumpRecord } from '../dumps/dump-index.ts';
import type { DumpTarget } from '../dumps/find-databases.ts';
import { saveDumps } from '../dumps/save-dumps.ts';
import { BackupHooks, type HookRunning } from '../hooks/backup-hooks.ts';
import type { Seal } from '../seal/seal-secrets.ts';
import type { Store } from '../store/store.ts';
import type { SavedVolume } from '../volumes/files-manifest.ts';
import { noVolumes, type SaveVolumes } from '../volumes/volume-data.ts';
import { claimName } from './claim.ts';
import { LogText } from './log-text.ts';
import { SealedWriter } from './sealed-writer.ts';
import { VolumeInfos } from './volume-info.ts';

export interface CreateWish {
  readonly name: string;
  readonly selection: Selection;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** How long Velero keeps it, in milliseconds; left out, for ever. */
  readonly ttl?: number | undefined;
  /** Name that Velero knows the store by. */
  readonly storageLocation: string;
  readonly veleroNamespace: string;
  /** `spec.hooks` as it was given, for those who read the backup. */
  readonly hooks?: JsonObject | undefined;
  readonly concurrency: number;
  /** Velero's own words for what it is to do with volumes. */
  readonly volumeSpec?: VolumeSpec;
  /** Follows a writer of the same name that was cut off. */
  readonly takeOver: boolean;
}

export interface CreateContext {
  readonly client: ApiClient;
  readonly store: Store;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `nowwhat 0.1.0`. */
  readonly tool: string;
  /** Who writes, for others who want the same name. */
  readonly writer: string;
  readonly progress: (text: string) => void;
  /** Where the data of volumes are saved too. */
  readonly saveVolumes?: SaveVolumes;
  /** Why the data of persistent volumes are not saved, by the volume's name. */
  readonly reasons?: ReadonlyMap<string, string>;
  /** Makes Secrets unreadable before they reach the archive. */
  readonly seal?: Seal | undefined;
  /** What the key of the signature holds, from the seal. */
  readonly sign?: ((seal: Buffer) => Buffer) | undefined;
  /** Where commands may be run in pods before and after they are saved. */
  readonly hooks?: Pick<HookRunning, 'specs' | 'agrees'>;
  /** Databases whose content is saved, besides the objects. */
  readonly dumps?: readonly DumpTarget[];
  /** Hears what is left to do where the program is ended in the middle: commands that end what others began. */
  readonly onTidy?: (tidy: () => Promise<void>) => void;
}

export interface CreatedBackup {
  readonly name: string;
  readonly phase: BackupPhase;
  readonly objects: number;
  /** Of the objects' JSON. */
  readonly bytes: number;
  /** Of the compressed archive. */
  readonly archiveBytes: number;
  readonly lists: readonly ListRecord[];
  readonly problems: readonly CollectProblem[];
  /** Whose data are in it. */
  readonly volumes: readonly SavedVolume[];
  readonly dumps: readonly DumpRecord[];
  /** ISO times. */
  readonly started: string;
  readonly completed: string;
}

const namePattern = /^[a-z0-9]([a-z0-9.-]{0,200}[a-z0-9])?$/;

function checkName(name: string): void {
  if (namePattern.test(name)) return;
  const advice = 'Names have small letters, digits, "-" and ".", and begin and end with a letter or digit.';
  throw new UserError('invalid-option', `${JSON.stringify(name)} cannot be the name of a backup`, advice);
}

/** Characters of the manifest that wait for the compressor. */
const mostWaiting = 1 << 17;

/** All that is told of a backup while it is made. */
class Ledger {
  readonly resources = new ResourceList();
  readonly volumes: VolumeInfos;
  lists: ListRecord[] = [];
  readonly problems: CollectProblem[] = [];
  readonly members: ArchiveMember[] = [];
  objects = 0;
  bytes = 0;
  private lines: string;
  private readonly manifest: Gzip = createGzip();
  private readonly manifestChunks: Buffer[] = [];
  private readonly progress: CreateContext['progress'];

  constructor(header: string, { progress, reasons }: Pick<CreateContext, 'progress' | 'reasons'>) {
    this.progress = progress;
    this.volumes = new VolumeInfos(reasons);
    this.manifest.on('data', (chunk: Buffer) => this.manifestChunks.push(chunk));
    this.lines = header;
  }

  note(archived: Archived): void {
    const { kind, namespace, name, version, groupResource } = archived;
    const group = groupResource.slice(groupResource.indexOf('.') + 1);
    this.resources.add(groupResource.includes('.') ? `${group}/${version}` : version, kind, namespace, name);
    this.addLine(objectLine(archived));
    this.objects += 1;
    this.bytes += archived.bytes;
    if (this.objects % 500 === 0) this.progress(`${this.objects} objects saved`);
  }

  async *noting(objects: AsyncIterable<ArchivedObject>): AsyncGenerator<ArchivedObject> {
    for await (const object of objects) {
      this.volumes.note(object);
      yield object;
    }
  }

  /** Lines go through the compressor many at a time: each write costs a thread's turn. */
  private addLine(line: string): void {
    this.lines += line;
    if (this.lines.length < mostWaiting) return;
    this.manifest.write(this.lines);
    this.lines = '';
  }

  async endManifest(): Promise<Buffer> {
    this.manifest.end(this.lines + manifestEnd(this.objects, this.lists, this.members));
    await new Promise((done, fail) => this.manifest.once('end', done).once('error', fail));
    return Buffer.concat(this.manifestChunks);
  }
}

interface Creation {
  readonly wish: CreateWish;
  readonly context: CreateContext;
  readonly keys: BackupKeys;
  readonly writer: SealedWriter;
  readonly ledger: Ledger;
  readonly log: LogText;
  readonly hooks: BackupHooks | undefined;
  readonly started: number;
  readonly server: JsonObject;
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
  objects: AsyncIterable<ArchivedObject>,
  { context, ledger }: Creation,
  { resources }: Discovery,
): AsyncGenerator<ArchivedObject> {
  yield* objects;
  ledger.lists = await withChanges(context.client, resources, ledger.lists);
}

async function* sealing(objects: AsyncIterable<ArchivedObject>, seal: Seal): AsyncGenerator<ArchivedObject> {
  for await (const object of objects) yield await seal(object);
}

/** Lists, renders, compresses and uploads at the same time; what is slowest sets the pace. */
async function writeContents(creation: Creation): Promise<void> {
  const { wish, context, keys, writer, ledger, log, hooks, started } = creation;
  const { client, now, saveVolumes } = context;
  const discovery = await discover(client);
  for (const { groupVersion, reason } of discovery.failures)
    ledger.problems.push({ severity: 'error', namespace: '', message: `${groupVersion} is not served: ${reason}` });
  const objects = collectObjects({
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
  const read = thenChanges(objects, creation, discovery);
  const hooked = hooks === undefined ? read : hooks.around(read, saveVolumes === undefined);
  const writing = { modified: Math.floor(started / 1000), onObject: (archived: Archived) => ledger.note(archived) };
  const noted = ledger.noting(hooked);
  const pieces = renderArchive(context.seal === undefined ? noted : sealing(noted, context.seal), writing);
  const packed = packMembers(pieces, (member) => ledger.members.push(member));
  await writer.upload(keys.contents, Readable.from(packed, { objectMode: false }));
}

/** Data come after the objects: what a volume's pod and claim were like is then known to be in the backup. */
async function writeVolumes(creation: Creation): Promise<readonly SavedVolume[]> {
  const { context, keys, writer, ledger, hooks } = creation;
  const onPodSaved = async (namespace: string, pod: string): Promise<void> => hooks?.onPodSaved(namespace, pod);
  const saved = (await context.saveVolumes?.({ onPodSaved })) ?? noVolumes;
  await hooks?.end();
  for (const problem of saved.problems) tellProblem(creation, problem);
  ledger.volumes.replace(saved.infos);
  await writer.putJson(keys.podVolumeBackups, [...saved.podVolumeBackups]);
  if (saved.openFiles !== undefined) await writer.upload(keys.files, saved.openFiles());
  return saved.volumes;
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

async function writeDescriptions({ keys, writer, ledger, log }: Creation): Promise<void> {
  const { resources, volumes, problems } = ledger;
  await writer.putJson(keys.resourceList, resources.toJson());
  await writer.putJson(keys.volumeInfo, volumes.toJson());
  await writer.putJson(keys.volumeSnapshots, []);
  await writer.putJson(keys.itemOperations, []);
  await writer.putJson(keys.results, assembleResults(problems));
  await writer.putGzipped(keys.log, log.toText());
  await writer.put(keys.manifest, await ledger.endManifest());
}

function count(problems: readonly CollectProblem[], severity: CollectProblem['severity']): number {
  return problems.filter((each) => each.severity === severity).length;
}

function hookFacts({ hooks: spec = {} }: CreateWish, hooks: Creation['hooks']): BackupFacts['hooks'] {
  return { spec, attempted: hooks?.attempted ?? 0, failed: hooks?.failed ?? 0 };
}

function versionOf(server: JsonObject): BackupFacts['server'] {
  const part = (key: string): string => asString(server[key]) ?? '';
  return { gitVersion: part('gitVersion'), major: part('major'), minor: part('minor') };
}

function factsOf({ wish, ledger, hooks, started, server }: Creation, completed: number): BackupFacts {
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
  await context.store.put(keys.backup, last, { ifAbsent: true });
}

/**
 * Throws `UserError` where the backup cannot be made; then none is visible. What could not be read of the cluster is in `problems`, and the backup's phase
 * says so.
 */
export async function createBackup(wish: CreateWish, context: CreateContext): Promise<CreatedBackup> {
  checkName(wish.name);
  const { store, client, now, tool, writer: who } = context;
  const { name, takeOver } = wish;
  const keys = backupKeys(store.prefix, name);
  const started = now();
  const since = new Date(started).toISOString();
  const claimed = await claimName({ store, keys, name, writer: who, since, takeOver });
  const writer = new SealedWriter(store);
  writer.announce(keys.claim, claimed);
  const ledger = new Ledger(manifestHeader(name, tool, since), context);
  const server = await client.request({ path: '/version' });
  const log = new LogText(now);
  const hooks = openHooks(context, { ledger, log });
  const creation = { wish, context, keys, writer, ledger, log, hooks, started, server };
  let volumes: readonly SavedVolume[];
  try {
    await writeContents(creation);
    volumes = await writeVolumes(creation);
  } finally {
    await hooks?.end();
  }
  const dumps = await writeDumps(creation);
  await writeDescriptions(creation);
  const facts = factsOf(creation, now());
  await commit(creation, facts);
  const archiveBytes = writer.files.find((file) => keys.contents.endsWith(`/${file.name}`))?.bytes ?? 0;
  const { objects, bytes, lists, problems } = ledger;
  return {
    name,
    phase: phaseOf(facts),
    objects,
    bytes,
    archiveBytes,
    lists,
    problems,
    volumes,
    dumps,
    started: since,
    completed: facts.completed,
  };
}
