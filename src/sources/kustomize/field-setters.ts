// Which single fields of a rendered object a kustomization sets by itself: images, replicas and JSON patches.

import { followPath } from '../../inventory/follow-path.ts';
import { parseYaml } from '../../kube/yaml/index.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isJsonObject,
  isSameJson,
  type Json,
  type KubeObject,
  type Path,
  type SourceText,
  toJsonPointer,
  valueAt,
} from '../../model/index.ts';
import type { PatchEntry } from './kustomization.ts';
import { isNoTarget, isTargetOf } from './patch-target.ts';
import type { FieldSetter } from './read-originals.ts';

/** A place in a text of the user's, and the fields of the rendered object that it sets (JSON pointers). */
export interface Setting {
  readonly source: SourceText;
  readonly within: Path;
  readonly sets: readonly string[];
}

function containerImages(value: Json | undefined, path: Path = []): { readonly path: Path; readonly image: string }[] {
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((each, index) => containerImages(each, [...path, index]));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([key, each]) => {
    if (key === 'image' && typeof each === 'string') return [{ path: [...path, key], image: each }];
    return containerImages(each, [...path, key]);
  });
}

/** What an entry of `images` makes of an image; `undefined` where it leaves the tag, so that nothing can be told. */
function imageSetBy(entry: Readonly<Record<string, Json | undefined>>): RegExp | undefined {
  const name = asString(entry['newName']) ?? asString(entry['name']);
  const tag = asString(entry['newTag']) ?? asNumber(entry['newTag'])?.toString();
  const digest = asString(entry['digest']);
  if (name === undefined) return undefined;
  const escaped = [name, tag ?? '', digest ?? ''].map((each) => each.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  if (digest !== undefined) return new RegExp(`^${escaped[0]}(?::[^@]*)?@${escaped[2]}$`);
  if (tag !== undefined) return new RegExp(`^${escaped[0]}:${escaped[1]}$`);
  return entry['newName'] === undefined ? undefined : new RegExp(`^${escaped[0]}(?:[:@].*)?$`);
}

function imageSettings(object: KubeObject, { source, kustomization }: FieldSetter): Setting[] {
  if (kustomization.images.length === 0) return [];
  const images = containerImages(object.raw['spec'], ['spec']);
  return kustomization.images.flatMap((entry, index) => {
    const pattern = imageSetBy(entry);
    const sets = images.filter(({ image }) => pattern?.test(image) === true).map(({ path }) => toJsonPointer(path));
    return sets.length === 0 ? [] : [{ source, within: ['images', index], sets }];
  });
}

function replicaSettings(object: KubeObject, name: string, { source, kustomization }: FieldSetter): Setting[] {
  const replicas = valueAt(object.raw, ['spec', 'replicas']);
  return kustomization.replicas.flatMap((entry, index) => {
    const isSet =
      replicas !== undefined &&
      entry['count'] === replicas &&
      [name, object.name].includes(asString(entry['name']) ?? '');
    return isSet ? [{ source, within: ['replicas', index, 'count'], sets: ['/spec/replicas'] }] : [];
  });
}

function pathOf(pointer: string): Path {
  return pointer
    .split('/')
    .slice(1)
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'))
    .map((step) => (/^\d+$/.test(step) ? Number(step) : step));
}

/** Operations whose value is what the rendering holds at their path: those set it. */
function operationsIn(text: string, object: KubeObject): { readonly index: number; readonly pointer: string }[] {
  const parsed = parseYaml(text);
  if (!parsed.ok) return [];
  return asArray(parsed.parsed.values[0]).flatMap((each, index) => {
    const operation = asObject(each);
    const pointer = asString(operation['path']) ?? '';
    const isSet =
      ['add', 'replace'].includes(asString(operation['op']) ?? '') &&
      isSameJson(valueAt(object.raw, pathOf(pointer)), operation['value']);
    return isSet ? [{ index, pointer }] : [];
  });
}

function leaves(value: Json | undefined, path: Path = []): Path[] {
  if (Array.isArray(value)) return (value as readonly Json[]).flatMap((each, index) => leaves(each, [...path, index]));
  if (!isJsonObject(value)) return [path];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, [...path, key]));
}

/** Fields of the object that a strategic merge patch in place says, as the rendering holds them; what tells it apart from others is none. */
function fieldsIn(text: string, object: KubeObject): string[] {
  const parsed = parseYaml(text);
  const patch = parsed.ok ? parsed.parsed.values[0] : undefined;
  if (!isJsonObject(patch)) return [];
  const { apiVersion: _, kind: __, metadata, ...rest } = patch;
  const { name: ___, namespace: ____, ...added } = asObject(metadata);
  const said = { ...rest, metadata: added };
  return leaves(said).flatMap((path) => {
    const followed = followPath(patch, object.raw, path);
    const isKey = path.at(-1) === 'name' && typeof path.at(-2) === 'number';
    return followed.isWhole && followed.isEqual && !isKey ? [toJsonPointer(followed.path)] : [];
  });
}

/** A patch in place that has no target names its object itself. */
function isFor({ target, inline }: PatchEntry, object: KubeObject, originalName: string): boolean {
  if (!isNoTarget(target)) return isTargetOf(target, object, originalName);
  const parsed = parseYaml(inline ?? '');
  const patch = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  const name = asString(asObject(patch['metadata'])['name']) ?? '';
  return patch['kind'] === object.kind && [originalName, object.name].includes(name);
}

function patchSettings(object: KubeObject, entry: PatchEntry, setter: FieldSetter): Setting[] {
  const file = entry.file === undefined ? undefined : setter.patchFiles.get(entry.file);
  if (file !== undefined)
    return operationsIn(file.text, object).map(({ index, pointer }) => ({
      source: file,
      within: [index],
      sets: [pointer],
    }));
  const inline = entry.inline ?? '';
  const sets = [...operationsIn(inline, object).map(({ pointer }) => pointer), ...fieldsIn(inline, object)];
  return sets.length === 0 ? [] : [{ source: setter.source, within: [...entry.path, 'patch'], sets }];
}

/** All that the kustomizations set in `object`, whose name in its resource is `originalName`; later ones are applied on top. Pure. */
export function findSettings(object: KubeObject, originalName: string, setters: readonly FieldSetter[]): Setting[] {
  return setters.flatMap((setter) => [
    ...setter.kustomization.patchEntries
      .filter((entry) => isFor(entry, object, originalName))
      .flatMap((entry) => patchSettings(object, entry, setter)),
    ...replicaSettings(object, originalName, setter),
    ...imageSettings(object, setter),
  ]);
}
