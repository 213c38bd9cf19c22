// What a kustomization has fields of its own for: images and replicas. A patch there would stop the tag that it does not mean.

import { parseYaml } from '../../kube/yaml/index.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  type Edit,
  isJsonObject,
  type Json,
  type JsonObject,
  type Path,
  valueAt,
} from '../../model/index.ts';
import { editText } from '../text/edit-text.ts';
import { editValue } from '../text/edit-value.ts';
import type { FileDrafts } from './file-drafts.ts';

/** An object as it is, and as it is to be. */
export interface Wanted {
  readonly before: Json;
  readonly after: Json;
}

/** A kustomization's file, by its text at first. */
interface OwnFile {
  readonly file: string;
  readonly text: string;
}

interface Image {
  readonly name: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

function splitImage(text: string): Image {
  const [rest = '', digest] = text.split('@', 2);
  const colon = rest.lastIndexOf(':');
  const hasTag = colon > rest.lastIndexOf('/');
  return { name: hasTag ? rest.slice(0, colon) : rest, tag: hasTag ? rest.slice(colon + 1) : undefined, digest };
}

interface ImageChange {
  readonly path: Path;
  readonly from: Image;
  readonly to: Image;
}

/** Containers whose image is to be another one, by their place in their list. */
function imageChanges(before: Json, after: Json, path: Path = []): ImageChange[] {
  if (Array.isArray(before))
    return asArray(before).flatMap((each, index) =>
      imageChanges(each, asArray(after)[index] ?? null, [...path, index]),
    );
  if (!isJsonObject(before)) return [];
  const other = asObject(after);
  return Object.entries(before).flatMap(([key, value]) => {
    const next = other[key];
    const isImage = key === 'image' && typeof path.at(-1) === 'number' && String(path.at(-2)).endsWith('ontainers');
    if (!isImage) return imageChanges(value ?? null, next ?? null, [...path, key]);
    if (typeof value !== 'string' || typeof next !== 'string' || value === next) return [];
    return [{ path: [...path, key], from: splitImage(value), to: splitImage(next) }];
  });
}

function tagOf(entry: JsonObject): string | undefined {
  return asString(entry['newTag']) ?? asNumber(entry['newTag'])?.toString();
}

/** What an entry makes of images of its name. Source: kustomize api/filters/imagetag. */
function isAlready(entry: JsonObject, { to, from }: ImageChange): boolean {
  const name = asString(entry['newName']) ?? asString(entry['name']);
  const [tag, digest] = [tagOf(entry), asString(entry['digest'])];
  const kept = tag === undefined && digest === undefined ? from : { tag, digest };
  return name === to.name && kept.tag === to.tag && kept.digest === to.digest;
}

function entryFor(entries: readonly JsonObject[], { from }: ImageChange): number {
  return entries.findIndex((entry) => [entry['name'], entry['newName']].includes(from.name));
}

/** The tag stays whoever's it is, unless it is to be another one. */
function wantedEntry(old: JsonObject, { from, to }: ImageChange): JsonObject {
  const { newName: _, newTag, digest, ...rest } = old;
  const isRetagged = from.tag !== to.tag || from.digest !== to.digest;
  const tag = isRetagged ? { newTag: to.tag, digest: to.digest } : { newTag, digest };
  const fields = { ...rest, newName: rest['name'] === to.name ? undefined : to.name, ...tag };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as JsonObject;
}

function fieldEdits(path: Path, old: JsonObject, next: JsonObject): Edit[] {
  const gone = Object.keys(old).filter((key) => next[key] === undefined);
  const set = Object.entries(next).filter(([key, value]) => value !== old[key]);
  return [
    ...gone.map((key): Edit => ({ op: 'remove', path: [...path, key] })),
    ...set.map(([key, value]): Edit => ({ op: 'set', path: [...path, key], value: value ?? null })),
  ];
}

function editsForImage(kustomization: JsonObject, change: ImageChange): Edit[] {
  const entries = asArray(kustomization['images']).map(asObject);
  const index = entryFor(entries, change);
  const old = entries[index];
  if (old === undefined)
    return [{ op: 'add', path: ['images'], values: [wantedEntry({ name: change.from.name }, change)] }];
  return isAlready(old, change) ? [] : fieldEdits(['images', index], old, wantedEntry(old, change));
}

const replicasPath: Path = ['spec', 'replicas'];
const scaled = ['Deployment', 'StatefulSet', 'ReplicaSet'];

function editsForReplicas(kustomization: JsonObject, name: string, count: Json): Edit[] {
  const entries = asArray(kustomization['replicas']).map(asObject);
  const index = entries.findIndex((entry) => entry['name'] === name);
  if (index === -1) return [{ op: 'add', path: ['replicas'], values: [{ name, count }] }];
  return [{ op: 'set', path: ['replicas', index, 'count'], value: count }];
}

/** Edits of a kustomization, told from what it says by now; true where its text could be edited. */
export type EditFields = (editsOf: (kustomization: JsonObject) => readonly Edit[]) => boolean;

/** Edits of the fields of a kustomization that is a file of its own. */
export function fieldsOfFile(file: OwnFile, drafts: FileDrafts): EditFields {
  return (editsOf) => {
    const text = drafts.textOf(file.file, file.text);
    const parsed = parseYaml(text);
    if (!parsed.ok) return false;
    const edits = editsOf(asObject(parsed.parsed.values[0]));
    const result = editText(text, { start: 0, end: text.length, document: 0, within: [] }, edits);
    if (result.ok && edits.length > 0) drafts.change(file.file, file.text, result.text);
    return result.ok;
  };
}

export interface OwnFieldWish extends Wanted {
  /** The object's name as its resource says it; left out where names change with a release. */
  readonly name: string | undefined;
  /** False for what a patch or a resource of the kustomization's own says already. */
  readonly isFree: (path: Path) => boolean;
}

function putImages(edit: EditFields, { before, after, isFree }: OwnFieldWish): Json {
  let left = after;
  for (const change of imageChanges(before, after)) {
    const isPut = isFree(change.path) && edit((kustomization) => editsForImage(kustomization, change));
    if (isPut) left = editValue(left, { op: 'set', path: change.path, value: valueAt(before, change.path) ?? null });
  }
  return left;
}

function putReplicas(edit: EditFields, { name, before, after, isFree }: OwnFieldWish): Json {
  const [old, count] = [valueAt(before, replicasPath), asNumber(valueAt(after, replicasPath))];
  const isScaled = scaled.includes(asString(asObject(before)['kind']) ?? '') && old !== count;
  if (name === undefined || count === undefined || !isScaled || !isFree(replicasPath)) return after;
  if (!edit((kustomization) => editsForReplicas(kustomization, name, count))) return after;
  return editValue(
    after,
    old === undefined ? { op: 'remove', path: replicasPath } : { op: 'set', path: replicasPath, value: old },
  );
}

/** Puts what there are fields for; what is left of the wish is for a patch. What it renders to then must be looked at. */
export function putOwnFields(edit: EditFields, wish: OwnFieldWish): Wanted {
  const after = putImages(edit, wish);
  return { before: wish.before, after: putReplicas(edit, { ...wish, after }) };
}
