// All texts that a workload's containers are given: variables, arguments, and what ConfigMaps and Secrets bring along.

import { decodeBase64 } from '../../kube/base64.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, asString, type JsonObject, type KubeObject, type Path, pushTo } from '../../model/index.ts';
import type { Inventory } from '../inventory.ts';
import type { Workload } from '../workload.ts';

export interface Setting {
  /** Name of the variable, the flag or the key; '' for an argument without one. */
  readonly name: string;
  readonly value: string;
  /** `file`: the value is a whole configuration file or a script. */
  readonly form: 'value' | 'file';
  /** The value comes from a Secret and must not be shown, not in parts either. */
  readonly isSecret: boolean;
  /** Where the value stands. */
  readonly object: KubeObject;
  readonly path: Path;
  /** `variable "DB_HOST" of container "web"`. */
  readonly what: string;
}

interface Source {
  readonly object: KubeObject;
  readonly field: 'data' | 'stringData' | 'plain';
}

/** Where a ConfigMap or Secret holds its texts; values of Secrets of a live cluster are gone. */
function sourceOf(inventory: Inventory, kind: string, namespace: string, name: string): Source[] {
  const object = inventory.find({ group: '', kind, namespace, name });
  if (object === undefined) return [];
  if (kind === 'ConfigMap') return [{ object, field: 'plain' }];
  return [
    { object, field: 'data' },
    { object, field: 'stringData' },
  ];
}

function textOf(value: string, field: Source['field']): string | undefined {
  if (field !== 'data') return value;
  const bytes = decodeBase64(value);
  if (bytes === undefined) return undefined;
  // Hosts are ASCII: other bytes need no exact reading.
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

interface Entry {
  readonly key: string;
  readonly value: string;
  readonly path: Path;
}

const dataOf = ({ object, field }: Source): JsonObject => asObject(object.raw[field === 'plain' ? 'data' : field]);

function entryOf(source: Source, key: string): Entry[] {
  const { field } = source;
  const data = dataOf(source);
  const value = Object.hasOwn(data, key) ? textOf(asString(data[key]) ?? '', field) : undefined;
  return value === undefined || value === '' ? [] : [{ key, value, path: [field === 'plain' ? 'data' : field, key] }];
}

function entriesOf(source: Source): Entry[] {
  return Object.keys(dataOf(source)).flatMap((key) => entryOf(source, key));
}

function settingOf(source: Source, { key, value, path }: Entry, name: string, form: Setting['form']): Setting {
  const { object } = source;
  const isSecret = object.kind === 'Secret';
  return { name, value, form, isSecret, object, path, what: `key "${key}" of ${object.kind} "${object.name}"` };
}

/** `$(NAME)` of variables that came before. Source: Container API, `env.value`. */
function expand(value: string, known: ReadonlyMap<string, string>): string {
  return value.replaceAll(/\$(\$?)\(([\w.-]+)\)/g, (whole, escape: string, name: string) =>
    escape === '' ? (known.get(name) ?? whole) : whole.slice(1),
  );
}

interface Reader {
  readonly inventory: Inventory;
  readonly workload: Workload;
  readonly known: Map<string, string>;
}

const references = [
  ['configMapKeyRef', 'ConfigMap'],
  ['secretKeyRef', 'Secret'],
] as const;

function referredSettings({ inventory, workload }: Reader, raw: unknown, name: string): Setting[] {
  const from = asObject(raw);
  return references.flatMap(([field, kind]) => {
    const reference = asObject(from[field]);
    const key = asString(reference['key']) ?? '';
    return sourceOf(inventory, kind, workload.object.namespace, asString(reference['name']) ?? '').flatMap((source) =>
      entryOf(source, key).map((entry) => settingOf(source, entry, name, 'value')),
    );
  });
}

function variableSettings(reader: Reader, container: PodContainer): Setting[] {
  const { known, workload } = reader;
  return asArray(container.raw['env']).flatMap((item, index) => {
    const { name: rawName, value: rawValue, valueFrom } = asObject(item);
    const name = asString(rawName) ?? '';
    const plain = asString(rawValue);
    if (plain === undefined) {
      const referred = referredSettings(reader, valueFrom, name);
      for (const { value } of referred) known.set(name, value);
      return referred;
    }
    const value = expand(plain, known);
    known.set(name, value);
    const path = [...container.path, 'env', index, 'value'];
    const what = `variable "${name}" of container "${container.name}"`;
    return [{ name, value, form: 'value' as const, isSecret: false, object: workload.object, path, what }];
  });
}

function envFromSettings({ inventory, workload, known }: Reader, container: PodContainer): Setting[] {
  return asArray(container.raw['envFrom']).flatMap((item) => {
    const from = asObject(item);
    const prefix = asString(from['prefix']) ?? '';
    return (['ConfigMap', 'Secret'] as const).flatMap((kind) => {
      const reference = asObject(from[kind === 'ConfigMap' ? 'configMapRef' : 'secretRef']);
      return sourceOf(inventory, kind, workload.object.namespace, asString(reference['name']) ?? '').flatMap((source) =>
        entriesOf(source).map((entry) => {
          known.set(prefix + entry.key, entry.value);
          return settingOf(source, entry, prefix + entry.key, 'value');
        }),
      );
    });
  });
}

function argumentSettings({ workload, known }: Reader, container: PodContainer): Setting[] {
  return ['command', 'args'].flatMap((field) =>
    asArray(container.raw[field]).flatMap((item, index) => {
      const text = asString(item);
      if (text === undefined) return [];
      const value = expand(text, known);
      const name = /^-{0,2}([A-Za-z][\w.-]*)=/.exec(value)?.[1] ?? '';
      const form = /\s/.test(value) ? ('file' as const) : ('value' as const);
      const path = [...container.path, field, index];
      const what = `${field === 'args' ? 'argument' : 'word'} ${index + 1} of container "${container.name}"`;
      return [{ name, value, form, isSecret: false, object: workload.object, path, what }];
    }),
  );
}

/** A flag and its value as two words: `--redis`, `redis:6379`. */
function nameByFlag(settings: readonly Setting[]): Setting[] {
  return settings.map((setting, index) => {
    const before = /^--?([A-Za-z][\w.-]*)$/.exec(settings[index - 1]?.value ?? '');
    return setting.name === '' && before?.[1] !== undefined ? { ...setting, name: before[1] } : setting;
  });
}

function volumeSources({ inventory, workload }: Reader, volume: unknown): { source: Source; keys: string[] }[] {
  const { configMap, secret, projected } = asObject(volume);
  const { namespace } = workload.object;
  const one = (kind: 'ConfigMap' | 'Secret', raw: unknown, field: string) => {
    const reference = asObject(raw);
    const keys = asArray(reference['items']).map((item) => asString(asObject(item)['key']) ?? '');
    return sourceOf(inventory, kind, namespace, asString(reference[field]) ?? '').map((source) => ({ source, keys }));
  };
  return [
    ...one('ConfigMap', configMap, 'name'),
    ...one('Secret', secret, 'secretName'),
    ...asArray(asObject(projected)['sources']).flatMap((item) => [
      ...one('ConfigMap', asObject(item)['configMap'], 'name'),
      ...one('Secret', asObject(item)['secret'], 'name'),
    ]),
  ];
}

/** Also of volumes that no container mounts: whoever wrote them into the pod meant them. */
function fileSettings(reader: Reader): Setting[] {
  return asArray(reader.workload.spec['volumes'])
    .flatMap((volume) => volumeSources(reader, volume))
    .flatMap(({ source, keys }) =>
      entriesOf(source)
        .filter(({ key }) => keys.length === 0 || keys.includes(key))
        .map((entry) => settingOf(source, entry, entry.key, 'file')),
    );
}

/** Settings in groups that belong together (a container's variables and arguments; the files): a host and its port stand in one group. */
export function settingsOf(inventory: Inventory, workload: Workload): readonly (readonly Setting[])[] {
  const groups = workload.containers.map((container) => {
    const reader = { inventory, workload, known: new Map<string, string>() };
    const given = envFromSettings(reader, container);
    const variables = variableSettings(reader, container);
    // A variable of the container's own wins over one of the same name that comes from elsewhere.
    const byName = new Map<string, Setting[]>();
    for (const setting of given) pushTo(byName, setting.name, setting);
    for (const { name } of variables) byName.delete(name);
    return [...[...byName.values()].flat(), ...variables, ...nameByFlag(argumentSettings(reader, container))];
  });
  return [...groups, fileSettings({ inventory, workload, known: new Map() })];
}
