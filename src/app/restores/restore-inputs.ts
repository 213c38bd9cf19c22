// What a restore is told beside its options: a Velero `Restore` as a file, rules that change objects, maps of Velero's plug-ins, the newest backup of a schedule.

import { type ApiClient, listAll } from '../../api/index.ts';
import {
  listBackups,
  type ModifierRule,
  openBackup,
  type OpenedBackup,
  parseModifiers,
  parseRestoreHooks,
  parseRestoreSpec,
  type RestoreHookSpec,
  type RestoreSpec,
  type Store,
} from '../../backup/index.ts';
import { asObject, asString, type JsonObject, shellCommand, UserError } from '../../model/index.ts';
import { requireFolder } from '../backups/require-folder.ts';
import { configMaps, readConfigMapText } from '../backups/config-map-text.ts';
import { readTextFile, readVeleroFile } from '../backups/velero-file.ts';

export interface RestoreFile {
  readonly name?: string;
  readonly spec: RestoreSpec;
  readonly hooks: readonly RestoreHookSpec[];
}

/** Throws `UserError`. */
export async function readRestoreFile(file: string): Promise<RestoreFile> {
  const { metadata, spec } = await readVeleroFile(file, 'Restore');
  const name = asString(asObject(metadata)['name']);
  const parsed = parseRestoreSpec(asObject(spec), file);
  const hooks = parseRestoreHooks(asObject(parsed.hooks ?? {}), file);
  for (const field of ['resourceModifier', 'resourcePolicy'] as const) {
    const { kind = 'ConfigMap' } = parsed[field] ?? {};
    if (kind.toLowerCase() !== 'configmap')
      throw new UserError('invalid-option', `${file}: spec.${field} is a ${kind}`, 'Velero takes a ConfigMap.');
  }
  return { ...(name === undefined ? {} : { name }), spec: parsed, hooks };
}

/** Rules in a file, or in a ConfigMap: `NAME` beside Velero, or `NAMESPACE/NAME`. */
export type ModifierSource = { readonly file: string } | { readonly configMap: string };

/** Throws `UserError`. */
export async function readModifierRules(
  client: ApiClient,
  source: ModifierSource | undefined,
): Promise<readonly ModifierRule[]> {
  if (source === undefined) return [];
  if ('file' in source) return parseModifiers(await readTextFile(source.file, 'resource modifiers'), source.file);
  const use = { what: 'Resource modifiers', fileOption: '--resource-modifiers' };
  return parseModifiers(await readConfigMapText(client, source.configMap, use), source.configMap);
}

export interface PluginMaps {
  readonly storageClasses: readonly (readonly [string, string])[];
  readonly images: readonly (readonly [string, string])[];
}

async function dataOfPlugin(client: ApiClient, namespace: string, plugin: string): Promise<JsonObject> {
  const labelSelector = `velero.io/plugin-config,velero.io/${plugin}=RestoreItemAction`;
  const { items } = await listAll(client, configMaps, { namespace, labelSelector });
  if (items.length > 1)
    throw new UserError(
      'invalid-option',
      `${items.length} ConfigMaps in "${namespace}" are for the plug-in ${plugin}`,
      'Velero takes one; remove the labels of the others.',
    );
  return asObject(items[0]?.['data']);
}

/** The maps of Velero's plug-ins `change-storage-class` and `change-image-name`. Source: Velero 1.18. Throws `UserError`. */
export async function readPluginMaps(client: ApiClient, namespace: string): Promise<PluginMaps> {
  const classes = await dataOfPlugin(client, namespace, 'change-storage-class');
  const images = await dataOfPlugin(client, namespace, 'change-image-name');
  return {
    storageClasses: Object.entries(classes).map(([from, to]) => [from, asString(to) ?? ''] as const),
    images: Object.values(images).map((pair) => {
      const [from = '', to = '', ...rest] = (asString(pair) ?? '').split(',').map((each) => each.trim());
      if (from !== '' && to !== '' && rest.length === 0) return [from, to] as const;
      const what = `${JSON.stringify(pair)} of the plug-in change-image-name is not an old and a new name`;
      throw new UserError('invalid-option', what, 'Write OLD,NEW.');
    }),
  };
}

/** By its name, or the newest of a schedule. */
export type BackupChoice =
  | { readonly name: string }
  | { readonly schedule: string; readonly allowPartiallyFailed: boolean };

/** Throws `UserError` where there is none. */
export async function chooseBackup(store: Store, choice: BackupChoice): Promise<OpenedBackup> {
  requireFolder(store);
  if ('name' in choice) return await openBackup(store, choice.name);
  const phases = choice.allowPartiallyFailed ? ['Completed', 'PartiallyFailed'] : ['Completed'];
  for (const { name, phase } of await listBackups(store)) {
    if (!phases.includes(phase)) continue;
    const opened = await openBackup(store, name);
    const labels = asObject(asObject(opened.object['metadata'])['labels']);
    if (labels['velero.io/schedule-name'] === choice.schedule) return opened;
  }
  const look = `See what there is: ${shellCommand(['nowwhat', 'backup', 'get', '--store', store.place])}`;
  const advice = choice.allowPartiallyFailed
    ? `${look}.`
    : `${look}; --allow-partially-failed takes one that is not whole.`;
  throw new UserError('store-key-missing', `the schedule "${choice.schedule}" has no backup in ${store.place}`, advice);
}
