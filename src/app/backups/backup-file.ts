// A Velero `Backup` in a file: what it asks for.

import { parseHookSpecs, type Selection, selectionOfSpec } from '../../backup/index.ts';
import { asNumber, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { parseDurationValue } from '../../kube/durations.ts';
import { readVeleroFile } from './velero-file.ts';

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
