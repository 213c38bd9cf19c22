// Reads what a store holds: which backups there are, and the side files of one, ours or Velero's.

import { gunzip } from 'node:zlib';
import { promisify } from 'node:util';
import { sha256Of } from '../layout/sha256.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  toText,
  UserError,
} from '../../model/index.ts';
import { adviseKnown } from './known-names.ts';
import { backupFolder, type BackupKeys, backupKeys, backupsFolder } from '../layout/keys.ts';
import { type Manifest, parseManifest } from '../layout/manifest.ts';
import type { Store } from '../store/store.ts';

const unzip = promisify(gunzip);

/** Velero's own label for what a schedule has made. */
export const scheduleLabel = 'velero.io/schedule-name';

/** Side files are small; one that unpacks to more is a bomb. */
const largestSide = 1 << 30;

export interface BackupSummary {
  readonly name: string;
  /** Velero's phase; `Unfinished` where its last key was never written. */
  readonly phase: string;
  /** ISO times; '' where it does not say. */
  readonly started: string;
  readonly completed: string;
  readonly expiration: string;
  readonly items: number;
  readonly errors: number;
  readonly warnings: number;
  /** `nowwhat` where our manifest is beside it. */
  readonly madeBy: 'nowwhat' | 'velero';
  /** The schedule that made it; '' for none. */
  readonly schedule: string;
  /** Of its spec; empty for all. */
  readonly includedNamespaces: readonly string[];
}

function broken(where: string, why: string, cause?: unknown): UserError {
  return new UserError(
    'invalid-backup',
    `${where}: ${why}`,
    'Use another backup; this one was cut off or changed.',
    cause,
  );
}

export function parseObject(bytes: Buffer, where: string): JsonObject {
  try {
    const value: unknown = JSON.parse(bytes.toString('utf8'));
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw broken(where, 'it is not JSON', cause);
  }
  throw broken(where, 'it is not a JSON object');
}

/** The text of a gzipped side file; `undefined` where there is none. Throws `UserError`, also where it has another hash than it should. */
export async function readSideText(store: Store, key: string, sha256?: string): Promise<string | undefined> {
  const bytes = await store.get(key);
  if (bytes === undefined) return undefined;
  if (sha256 !== undefined && sha256 !== sha256Of(bytes)) throw broken(key, 'it has other bytes than were written');
  try {
    return (await unzip(bytes, { maxOutputLength: largestSide })).toString('utf8');
  } catch (cause) {
    throw broken(key, 'it cannot be unpacked', cause);
  }
}

/** A gzipped side file as JSON; `undefined` where there is none, or where Go wrote `null` for an empty list. */
export async function readSide(store: Store, key: string, sha256?: string): Promise<Json | undefined> {
  const text = await readSideText(store, key, sha256);
  if (text === undefined) return undefined;
  try {
    return (JSON.parse(text) as Json) ?? undefined;
  } catch (cause) {
    throw broken(key, 'it is not JSON', cause);
  }
}

function summarize(name: string, object: JsonObject, madeBy: BackupSummary['madeBy']): BackupSummary {
  const status = asObject(object['status']);
  const text = (key: string): string => asString(status[key]) ?? '';
  return {
    name,
    phase: text('phase'),
    started: text('startTimestamp'),
    completed: text('completionTimestamp'),
    expiration: text('expiration'),
    items: asNumber(asObject(status['progress'])['itemsBackedUp']) ?? 0,
    errors: asNumber(status['errors']) ?? 0,
    warnings: asNumber(status['warnings']) ?? 0,
    madeBy,
    schedule: asString(asObject(asObject(object['metadata'])['labels'])[scheduleLabel]) ?? '',
    includedNamespaces: asArray(asObject(object['spec'])['includedNamespaces']).map(toText),
  };
}

const unfinished = {
  phase: 'Unfinished',
  started: '',
  completed: '',
  expiration: '',
  items: 0,
  errors: 0,
  warnings: 0,
  schedule: '',
  includedNamespaces: [],
};

/** Some stores go on showing the folder of what was deleted in a bucket with versions. */
async function isEmptied(store: Store, name: string): Promise<boolean> {
  for await (const _key of store.list(backupFolder(store.prefix, name))) return false;
  return true;
}

/** Nothing where no key is left. */
async function summaryOf(store: Store, name: string): Promise<BackupSummary | undefined> {
  const keys = backupKeys(store.prefix, name);
  const madeBy = (await store.size(keys.claim)) === undefined ? 'velero' : 'nowwhat';
  const bytes = await store.get(keys.backup);
  if (bytes !== undefined) return summarize(name, parseObject(bytes, keys.backup), madeBy);
  return (await isEmptied(store, name)) ? undefined : { name, ...unfinished, madeBy };
}

/** All backups of a store, the newest first; unfinished ones too. */
export async function listBackups(store: Store): Promise<BackupSummary[]> {
  const names = await store.folders(backupsFolder(store.prefix));
  const summaries: BackupSummary[] = [];
  for (const name of names) {
    const summary = await summaryOf(store, name);
    if (summary !== undefined) summaries.push(summary);
  }
  return summaries.toSorted((a, b) =>
    a.started === b.started ? (a.name < b.name ? -1 : 1) : a.started < b.started ? 1 : -1,
  );
}

/** A backup that is whole enough to be looked at. */
export interface OpenedBackup {
  readonly name: string;
  readonly keys: BackupKeys;
  /** The `Backup` object, and the hash of its bytes. */
  readonly object: JsonObject;
  readonly sha256: string;
  readonly summary: BackupSummary;
}

/** Throws `UserError` where there is no such backup, or it was never finished. */
export async function openBackup(store: Store, name: string): Promise<OpenedBackup> {
  const keys = backupKeys(store.prefix, name);
  const bytes = await store.get(keys.backup);
  if (bytes !== undefined) {
    const object = parseObject(bytes, keys.backup);
    const madeBy = (await store.size(keys.claim)) === undefined ? 'velero' : 'nowwhat';
    return { name, keys, object, sha256: sha256Of(bytes), summary: summarize(name, object, madeBy) };
  }
  const names = await store.folders(backupsFolder(store.prefix));
  const why = names.includes(name) ? `the backup "${name}" was never finished` : `there is no backup "${name}"`;
  const advice = adviseKnown(name, names.toReversed(), 'The store holds no backup: check its name.');
  throw new UserError('store-key-missing', `${why} in ${store.place}`, advice);
}

/** `undefined` where the backup has none: Velero made it. Throws `UserError` where it is not as it was written. */
export async function readManifest(store: Store, keys: BackupKeys, sha256?: string): Promise<Manifest | undefined> {
  const text = await readSideText(store, keys.manifest, sha256);
  if (text === undefined) return undefined;
  const manifest = parseManifest(text);
  if (manifest === undefined) throw broken(keys.manifest, 'it was cut off or changed');
  return manifest;
}
