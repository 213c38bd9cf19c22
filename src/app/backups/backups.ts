// The use cases of backups: a store is opened, a cluster where one is needed, and both are closed again.

import { hostname } from 'node:os';
import { type ApiClient, type Connection, createClient, discoverOnce } from '../../api/index.ts';
import {
  agreementTo,
  createBackup,
  type CreateContext,
  type CreatedBackup,
  type DescribedBackup,
  type DumpRecord,
  type ForeseenDump,
  foreseeDump,
  type HoldWish,
  describeBackup,
  readDrills,
  type HookSpec,
  listBackups,
  openSeal,
  openStore,
  parseSigningKey,
  parseHookSpecs,
  planDumps,
  planHolds,
  planHooks,
  type BackupLook,
  readDumps,
  type PodHooks,
  readBackupLog,
  type ResourcePolicies,
  sealedTo,
  type Selection,
  selectionOfSpec,
  signSeal,
  type Store,
  type Verification,
  verifyBackup,
  type VolumeSpec,
} from '../../backup/index.ts';
import { asNumber, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { parseDurationValue } from '../../kube/durations.ts';
import { type DataPlan, prepareVolumes, type VolumeWish } from './backup-volumes.ts';
import { veleroNamespace } from './config-map-text.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import { readKeyFile, readVerifyingKey } from './read-key-file.ts';
import type { Remember } from '../passing.ts';
import type { Outside } from '../outside.ts';
import { requireFolder } from './require-folder.ts';
import { requireSomeNamespace } from './require-namespace.ts';
import { type PolicySource, readPolicies, withPolicies } from './resource-policies.ts';
import { type FoundBackup, lastDrillOf } from '../drills/last-drill.ts';
import { readVeleroFile } from './velero-file.ts';

export interface BackupWish extends VolumeWish {
  readonly cluster: ClusterWish;
  /** As the user names it: a folder or `s3://…`. */
  readonly store: string;
  /** Left out: made of what is saved and the time. */
  readonly name?: string | undefined;
  readonly selection: Selection;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** Milliseconds. */
  readonly ttl?: number | undefined;
  readonly storageLocation: string;
  readonly takeOver: boolean;
  /** Recipients of age whom Secrets are encrypted for; none, they stay as they are. */
  readonly sealTo?: readonly string[] | undefined;
  /** File of the private key that signs the backup. */
  readonly signWith?: string | undefined;
  /** `spec.hooks` of Velero's `Backup`, checked by `readBackupFile`. */
  readonly hooks?: JsonObject | undefined;
  /** `run`: all hooks were agreed to beforehand. `ask`: those that somebody agrees to. `skip`: none. */
  readonly runHooks: 'run' | 'ask' | 'skip';
  readonly policies?: PolicySource | undefined;
  /** Databases to dump: `auto`, or names of pods and workloads. */
  readonly dumps: readonly string[];
  /** Databases whose files are held still while they are saved. */
  readonly holds?: HoldWish | undefined;
  /** Somebody agreed beforehand to all that runs in pods. */
  readonly agreed: boolean;
}

/** What a backup is about to run in pods. */
export interface PodCommands {
  readonly hooks: readonly PodHooks[];
  readonly dumps: readonly ForeseenDump[];
}

interface Making {
  /** `nowwhat 0.1.0`. */
  readonly tool: string;
  readonly now: () => number;
  /** Shows the commands that are about to run in pods; throws where nobody agrees. */
  readonly agreeToCommands: (commands: PodCommands) => Promise<void>;
  /** Shows what will be made in the cluster; throws where nobody agrees. Not asked where nothing is made. */
  readonly agree: (plan: DataPlan) => Promise<void>;
  /** Hears what is left to do where the program is ended in the middle. */
  readonly onTidy: (tidy: () => Promise<void>) => void;
  /** The same of what a person may have to remove. */
  readonly remember: Remember;
}

/** Opens a store for as long as it is needed. */
export async function withStore<T>(place: string, act: (store: Store) => Promise<T>): Promise<T> {
  const store = await openStore(place);
  try {
    return await act(store);
  } finally {
    store.close();
  }
}

/** `shop-20261129021500`, as Velero names what a schedule makes. */
function usualName({ includedNamespaces = [] }: Selection, now: number): string {
  const [first] = includedNamespaces;
  const plain = includedNamespaces.length === 1 && first !== undefined && /^[a-z0-9-]+$/.test(first) ? first : 'backup';
  return `${plain}-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`;
}

/** Namespaces of the wish where the selection names none. */
function withNamespaces(selection: Selection, { namespaces, allNamespaces }: ClusterWish, own: string): Selection {
  if (allNamespaces || (selection.includedNamespaces ?? []).length > 0) return selection;
  return { ...selection, includedNamespaces: namespaces.length > 0 ? namespaces : [own] };
}

function lookOf(client: ApiClient, { selection, cluster }: BackupWish): BackupLook {
  return { client, selection, concurrency: cluster.concurrency };
}

/** Hooks of the file, and those that hold databases still. */
async function specsOf(look: BackupLook, { hooks, holds }: BackupWish): Promise<readonly HookSpec[]> {
  const specs = parseHookSpecs(hooks, 'the backup');
  return holds === undefined ? specs : [...specs, ...(await planHolds(look, holds))];
}

/** What would run in pods. */
export async function foreseeCommands(client: ApiClient, wish: BackupWish): Promise<PodCommands> {
  const { runHooks, dumps } = wish;
  const look = lookOf(client, wish);
  return {
    hooks: runHooks === 'skip' ? [] : await planHooks(look, await specsOf(look, wish)),
    dumps: dumps.length === 0 ? [] : (await planDumps(look, dumps)).map(foreseeDump),
  };
}

/** What runs in pods; nothing where neither hooks nor dumps are wanted, or there are none. */
async function commandsOf(
  client: ApiClient,
  wish: BackupWish,
  agree: Making['agreeToCommands'],
): Promise<Pick<CreateContext, 'hooks' | 'dumps'>> {
  const { runHooks, dumps, agreed } = wish;
  const look = lookOf(client, wish);
  const specs = await specsOf(look, wish);
  const targets = dumps.length === 0 ? [] : await planDumps(look, dumps);
  const planned = runHooks === 'ask' ? await planHooks(look, specs) : [];
  const isNew = planned.length > 0 || (targets.length > 0 && !agreed);
  if (isNew) await agree({ hooks: planned, dumps: targets.map(foreseeDump) });
  const agrees = runHooks === 'run' ? () => true : agreementTo(planned);
  return { dumps: targets, ...(runHooks === 'skip' ? {} : { hooks: { specs, agrees } }) };
}

/** A cluster that is open, and what is to be saved of it. */
export interface BackupSource {
  readonly wish: BackupWish & { readonly name: string };
  readonly client: ApiClient;
  readonly connection: Connection;
  readonly policies: ResourcePolicies | undefined;
}

interface Backing extends BackupSource {
  readonly store: Store;
  readonly outside: Outside;
  readonly making: Making;
}

function volumeSpecOf({ volumes, policies, snapshots, snapshotTimeout, movesData }: BackupWish): VolumeSpec {
  const isConfigMap = policies !== undefined && 'configMap' in policies;
  return {
    snapshotVolumes: volumes !== 'none' && snapshots !== 'no',
    csiSnapshotTimeout: `${snapshotTimeout / 1000}s`,
    defaultVolumesToFsBackup: volumes === 'all',
    ...(movesData && volumes !== 'none' ? { snapshotMoveData: true } : {}),
    ...(isConfigMap ? { resourcePolicy: { kind: 'configmap', name: policies.configMap } } : {}),
  };
}

async function backUp(backing: Backing): Promise<CreatedBackup> {
  const { wish, client, store, outside, making } = backing;
  const { tool, now, onTidy, agreeToCommands } = making;
  const closing = await readClosing(wish);
  const commands = await commandsOf(client, wish, agreeToCommands);
  const volumes = await prepareVolumes({ ...backing, selection: wish.selection, backup: wish });
  try {
    return await createBackup(
      {
        ...wish,
        annotations: annotationsOf(wish),
        veleroNamespace,
        concurrency: wish.cluster.concurrency,
        volumeSpec: volumeSpecOf(wish),
      },
      {
        client,
        store,
        now,
        tool,
        writer: `${hostname()}, process ${process.pid}`,
        progress: outside.progress,
        onTidy,
        ...closing,
        ...commands,
        ...volumes.context,
      },
    );
  } finally {
    await volumes.close();
  }
}

/** Read before anything is written: a key that is none ends it at once. */
async function readClosing({ sealTo = [], signWith }: BackupWish): Promise<Pick<CreateContext, 'seal' | 'sign'>> {
  const key = signWith === undefined ? undefined : parseSigningKey(await readKeyFile(signWith), signWith);
  return {
    seal: sealTo.length === 0 ? undefined : await openSeal(sealTo),
    sign: key === undefined ? undefined : (seal) => signSeal(seal, key),
  };
}

/** For whom Secrets are sealed is said: it is what somebody who restores must know. */
function annotationsOf({ annotations, sealTo = [] }: BackupWish): BackupWish['annotations'] {
  return sealTo.length === 0 ? annotations : { ...annotations, [sealedTo]: sealTo.join(',') };
}

/** Opens the cluster for as long as it is needed. */
export async function withBackupSource<T>(
  wish: BackupWish,
  outside: Outside,
  now: number,
  act: (source: BackupSource) => Promise<T>,
): Promise<T> {
  const connection = await connectCluster(wish.cluster, outside);
  const client = createClient(connection, { concurrency: wish.cluster.concurrency });
  try {
    // Needed by all that follows, which is told where it fails.
    discoverOnce(client).catch(() => undefined);
    const policies = await readPolicies(client, wish.policies);
    const named = withNamespaces(wish.selection, wish.cluster, connection.namespace);
    await requireSomeNamespace(client, named.includedNamespaces);
    const selection = await withPolicies(client, named, policies);
    const name = wish.name ?? usualName(selection, now);
    return await act({ wish: { ...wish, name, selection }, client, connection, policies });
  } finally {
    await client.close();
  }
}

/** Throws `UserError` where no backup could be made; then none is there. */
export async function makeBackup(wish: BackupWish, outside: Outside, making: Making): Promise<CreatedBackup> {
  const opening = openStore(wish.store);
  // Its client is loaded while the cluster is asked; who needs the store is told of a failure.
  opening.catch(() => undefined);
  try {
    return await withBackupSource(wish, outside, making.now(), async (source) =>
      backUp({ ...source, store: await opening, outside, making }),
    );
  } finally {
    await opening.then(
      (store) => store.close(),
      () => undefined,
    );
  }
}

export function findBackups(place: string): Promise<readonly FoundBackup[]> {
  return withStore(place, async (store) => {
    requireFolder(store);
    const drills = await readDrills(store);
    const found: FoundBackup[] = [];
    for (const each of await listBackups(store))
      found.push({ ...each, ...(await lastDrillOf(store, each.name, drills)) });
    return found;
  });
}

/** Against the public key in a file, too, where one is named. */
export async function checkBackup(place: string, name: string, keyFile?: string): Promise<Verification> {
  const key = await readVerifyingKey(keyFile);
  return withStore(place, (store) => verifyBackup(store, name, key));
}

export function showBackup(
  place: string,
  name: string,
): Promise<DescribedBackup & Pick<FoundBackup, 'drill'> & { readonly dumps: readonly DumpRecord[] }> {
  return withStore(place, async (store) => ({
    ...(await describeBackup(store, name)),
    ...(await lastDrillOf(store, name, await readDrills(store))),
    dumps: await readDumps(store, name),
  }));
}

export function showBackupLog(place: string, name: string): Promise<string> {
  return withStore(place, (store) => readBackupLog(store, name));
}

/** What a Velero `Backup` file asks for. */
export interface FileWish {
  readonly name?: string;
  readonly selection: Selection;
  readonly ttl?: number;
  readonly storageLocation?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** `spec.hooks` as it is. */
  readonly hooks?: JsonObject;
  /** `defaultVolumesToFsBackup`. */
  readonly allVolumes?: boolean;
  /** Name of the ConfigMap with the policies. */
  readonly policies?: string;
  /** `snapshotVolumes`. */
  readonly snapshots?: boolean;
  /** `snapshotMoveData`. */
  readonly movesData?: boolean;
  /** `csiSnapshotTimeout` in milliseconds. */
  readonly snapshotTimeout?: number;
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, each]) => [key, asString(each) ?? '']));
}

function toFileWish({ metadata, spec }: JsonObject, file: string): FileWish {
  const { name, labels, annotations } = asObject(metadata);
  const fields = asObject(spec);
  const ttl = durationOf(fields['ttl'], file);
  const location = asString(fields['storageLocation']);
  const { hooks } = fields;
  parseHookSpecs(hooks, file);
  return {
    ...(hooks === undefined || hooks === null ? {} : { hooks: asObject(hooks) }),
    ...(asString(name) === undefined ? {} : { name: asString(name) ?? '' }),
    selection: selectionOfSpec(fields),
    ...(ttl === undefined ? {} : { ttl }),
    ...(location === undefined ? {} : { storageLocation: location }),
    labels: textsOf(labels),
    annotations: textsOf(annotations),
    ...(fields['defaultVolumesToFsBackup'] === true ? { allVolumes: true } : {}),
    ...policiesOf(fields, file),
    ...snapshotsOf(fields, file),
  };
}

function snapshotsOf(fields: JsonObject, file: string): Pick<FileWish, 'snapshots' | 'movesData' | 'snapshotTimeout'> {
  const { snapshotVolumes, snapshotMoveData, datamover } = fields;
  requireOwnMover(datamover, file);
  const timeout = durationOf(fields['csiSnapshotTimeout'], file);
  return {
    ...(typeof snapshotVolumes === 'boolean' ? { snapshots: snapshotVolumes } : {}),
    ...(typeof snapshotMoveData === 'boolean' ? { movesData: snapshotMoveData } : {}),
    ...(timeout === undefined || timeout === 0 ? {} : { snapshotTimeout: timeout }),
  };
}

/** Some other mover writes what nobody here can read. */
function requireOwnMover(datamover: unknown, file: string): void {
  const name = asString(datamover) ?? '';
  if (name === '' || name === 'velero') return;
  const advice = 'Leave it out: data go into the store as by the data mover of Velero itself.';
  throw new UserError('invalid-option', `${file}: spec.datamover is ${JSON.stringify(name)}`, advice);
}

/** Velero knows policies in ConfigMaps only. */
function policiesOf({ resourcePolicy }: JsonObject, file: string): Pick<FileWish, 'policies'> {
  if (resourcePolicy === undefined || resourcePolicy === null) return {};
  const { kind, name } = asObject(resourcePolicy);
  if ((asString(kind) ?? '').toLowerCase() === 'configmap') return { policies: asString(name) ?? '' };
  const what = `${file}: spec.resourcePolicy is a ${asString(kind) ?? ''}`;
  throw new UserError('invalid-option', what, 'Velero takes a ConfigMap.');
}

function durationOf(value: unknown, where: string): number | undefined {
  if (value === undefined || value === null) return undefined;
  const nanoseconds = parseDurationValue(asNumber(value) ?? asString(value) ?? '');
  if (nanoseconds !== undefined) return Number(nanoseconds / 1_000_000n);
  throw new UserError(
    'invalid-option',
    `${where}: ${JSON.stringify(value)} is not a duration`,
    'Write it as 720h or 30m.',
  );
}

/** The wish in a file with one Velero `Backup`. Throws `UserError`. */
export async function readBackupFile(file: string): Promise<FileWish> {
  return toFileWish(await readVeleroFile(file, 'Backup'), file);
}
