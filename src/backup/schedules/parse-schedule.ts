// A Velero `Schedule` as input: what of it a CronJob of ours keeps, and what it cannot keep, by name.

import {
  asNumber,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  UserError,
} from '../../model/index.ts';
import { parseHookSpecs } from '../hooks/hook-spec.ts';

export interface VeleroSchedule {
  readonly name: string | undefined;
  /** As Velero takes it: five fields, `@every`, a time zone in front. */
  readonly schedule: string | undefined;
  readonly paused: boolean;
  readonly skipImmediately: boolean;
  /** The fields of a `Backup`'s spec that are kept. */
  readonly template: JsonObject;
  /** Name of the ConfigMap with its resource policies. */
  readonly policies: string | undefined;
  /** Of each backup: the template's own, or those of the schedule. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What is not kept, and what to do about it; each a sentence without its full stop. */
  readonly notKept: readonly string[];
}

/** Fields of a `Backup`'s spec that mean the same here. Source: Velero 1.18, BackupSpec. */
const kept = [
  'metadata',
  'includedNamespaces',
  'excludedNamespaces',
  'includedResources',
  'excludedResources',
  'includeClusterResources',
  'includedClusterScopedResources',
  'excludedClusterScopedResources',
  'includedNamespaceScopedResources',
  'excludedNamespaceScopedResources',
  'labelSelector',
  'orLabelSelectors',
  'orderedResources',
  'ttl',
  'hooks',
  'storageLocation',
  'defaultVolumesToFsBackup',
  'snapshotVolumes',
  'csiSnapshotTimeout',
  'snapshotMoveData',
] as const;

/** What has no counterpart here, unless it says what happens anyway. */
const lost: Readonly<Record<string, { readonly isHarmless: (value: Json) => boolean; readonly instead: string }>> = {
  datamover: {
    isHarmless: (value) => value === '' || value === 'velero',
    instead: 'data are moved as by the data mover of Velero itself',
  },
  volumeSnapshotLocations: { isHarmless: isEmptyList, instead: 'snapshots are taken by CSI drivers only' },
  volumeGroupSnapshotLabelKey: {
    isHarmless: (value) => value === '',
    instead: 'each volume has a snapshot of its own',
  },
  itemOperationTimeout: { isHarmless: isZero, instead: '--volume-timeout says how long a volume may take' },
  uploaderConfig: { isHarmless: (value) => value === null, instead: '--volume-concurrency says how many at once' },
  defaultVolumesToRestic: { isHarmless: (value) => value !== true, instead: 'write defaultVolumesToFsBackup: true' },
};

const scheduleFields = ['template', 'schedule', 'paused', 'skipImmediately', 'useOwnerReferencesInBackup'];

function isEmptyList(value: Json): boolean {
  return Array.isArray(value) && value.length === 0;
}

function isZero(value: Json): boolean {
  return value === '0s' || value === 0;
}

function requireKnown(fields: JsonObject, known: readonly string[], where: string): void {
  const unknown = Object.keys(fields).find((key) => !known.includes(key));
  if (unknown === undefined) return;
  const advice = 'Correct its name, or take it out: nothing is left out in silence.';
  throw new UserError('invalid-option', `${where}.${unknown} is no field that Velero 1.18 knows`, advice);
}

function texts(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(asObject(value)).map(([key, each]) => [key, asString(each) ?? '']));
}

function isSet(value: Json | undefined): value is Json {
  return value !== undefined && value !== null;
}

function notKeptOf(template: JsonObject, owns: boolean): string[] {
  const fields = Object.entries(lost).flatMap(([name, { isHarmless, instead }]) => {
    const value = template[name];
    return isSet(value) && !isHarmless(value) ? [`spec.template.${name}: ${instead}`] : [];
  });
  const owner = 'spec.useOwnerReferencesInBackup: backups are in the store, and belong to no object of the cluster';
  return owns ? [...fields, owner] : fields;
}

function templateOf(template: JsonObject, file: string): JsonObject {
  requireKnown(template, [...kept, ...Object.keys(lost), 'resourcePolicy'], `${file}: spec.template`);
  parseHookSpecs(template['hooks'], file);
  const { metadata: _, ...rest } = Object.fromEntries(
    kept.flatMap((name) => (isSet(template[name]) ? [[name, template[name]]] : [])),
  );
  // Go writes durations as text; a number is one of nanoseconds.
  const { ttl } = rest;
  return asNumber(ttl) === undefined ? rest : { ...rest, ttl: `${Math.round(Number(ttl) / 1_000_000_000)}s` };
}

/** Velero knows policies in ConfigMaps only. */
function policiesOf({ resourcePolicy }: JsonObject, file: string): string | undefined {
  if (!isSet(resourcePolicy)) return undefined;
  const { kind, name } = asObject(resourcePolicy);
  if ((asString(kind) ?? '').toLowerCase() === 'configmap') return asString(name);
  throw new UserError(
    'invalid-option',
    `${file}: spec.template.resourcePolicy names no ConfigMap`,
    'Velero takes one.',
  );
}

/** `file` names it in messages. Throws `UserError` for a field that Velero does not know. */
export function parseSchedule({ metadata, spec }: JsonObject, file: string): VeleroSchedule {
  const fields = asObject(spec);
  requireKnown(fields, scheduleFields, `${file}: spec`);
  if (!isJsonObject(fields['template']))
    throw new UserError('invalid-option', `${file} has no spec.template`, 'Write there what is saved, as for Velero.');
  const template = asObject(fields['template']);
  const { name, labels, annotations } = asObject(metadata);
  const own = texts(asObject(template['metadata'])['labels']);
  const { 'kubectl.kubernetes.io/last-applied-configuration': _applied, ...notes } = texts(annotations);
  return {
    name: asString(name),
    schedule: asString(fields['schedule']),
    paused: fields['paused'] === true,
    skipImmediately: fields['skipImmediately'] === true,
    template: templateOf(template, file),
    policies: policiesOf(template, file),
    labels: Object.keys(own).length > 0 ? own : texts(labels),
    annotations: notes,
    notKept: notKeptOf(template, fields['useOwnerReferencesInBackup'] === true),
  };
}
