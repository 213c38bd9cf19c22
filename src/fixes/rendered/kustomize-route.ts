// Edits of a kustomized object: in a patch or a resource of the kustomization's own folder, else in a new patch beside it. A base is left alone.

import { nodeOfKind, type Schemas } from '../../kube/schema/index.ts';
import { parseYaml, splitDocuments } from '../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  type Edit,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type Snapshot,
  valueAt,
  type WrittenIn,
} from '../../model/index.ts';
import { folderOf } from '../new-files/folder.ts';
import { editText, type ObjectPlace } from '../text/edit-text.ts';
import { editValue } from '../text/edit-value.ts';
import { renderBlock } from '../text/render-value.ts';
import type { FileDrafts } from './file-drafts.ts';
import { editsToMerge, type Into, type Known, patchOf } from './strategic-patch.ts';

export interface KustomizeUnit {
  readonly snapshot: Snapshot;
  readonly schemas: Schemas;
  /** The kustomization's own file. */
  readonly file: string;
  readonly text: string;
  /** Names in its folder. */
  readonly names: readonly string[];
  /** True for a file that only this kustomization is made from: others do not change with it. */
  readonly isOwnFile: (file: string) => boolean;
}

function knownOf({ schemas, snapshot }: KustomizeUnit, object: KubeObject): Known {
  const minor = schemas.nearestMinor(snapshot.facts.minor);
  return { types: schemas.typesAt(minor), node: nodeOfKind(schemas, minor, object.raw) };
}

function fileOf({ snapshot }: KustomizeUnit, { text }: WrittenIn): string {
  return snapshot.texts[text]?.file ?? '';
}

function isOwn(unit: KustomizeUnit, place: WrittenIn): boolean {
  return place.sets === undefined && unit.isOwnFile(fileOf(unit, place));
}

/** Where a document stands by now: those before it may have grown, and none was put between. */
function movedTo(original: string, text: string, place: WrittenIn): ObjectPlace | undefined {
  const index = splitDocuments(original).findIndex(({ start }) => start === place.start);
  const range = splitDocuments(text)[index];
  return range === undefined ? undefined : { ...range, document: place.document, within: place.within };
}

/** Puts edits into a document of the unit; the reason where it cannot. */
function editDocument(
  unit: KustomizeUnit,
  place: WrittenIn,
  drafts: FileDrafts,
  editsOf: (value: Json) => readonly Edit[],
): string | undefined {
  const file = fileOf(unit, place);
  const original = unit.snapshot.texts[place.text]?.text ?? '';
  const text = drafts.textOf(file, original);
  const moved = movedTo(original, text, place);
  const parsed = moved === undefined ? undefined : parseYaml(text, moved);
  const value = parsed?.ok === true ? valueAt(parsed.parsed.values[place.document], place.within) : undefined;
  if (moved === undefined || value === undefined) return 'its document cannot be found again';
  const result = editText(text, moved, editsOf(value));
  if (!result.ok) return result.reason;
  drafts.change(file, original, result.text);
  return undefined;
}

function metadataOf(unit: KustomizeUnit, object: KubeObject): JsonObject | undefined {
  const [base] = object.source.writtenIn ?? [];
  if (base === undefined) return undefined;
  const text = unit.snapshot.texts[base.text]?.text.slice(base.start, base.end) ?? '';
  const parsed = parseYaml(text);
  const written = parsed.ok ? valueAt(parsed.parsed.values[base.document], base.within) : undefined;
  const { name, namespace } = asObject(asObject(written)['metadata']);
  if (name === undefined) return undefined;
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

function patchFiles(kustomization: JsonObject): string[] {
  const listed = asArray(kustomization['patches']).flatMap((each) => asString(asObject(each)['path']) ?? []);
  const old = asArray(kustomization['patchesStrategicMerge']).flatMap((each) => asString(each) ?? []);
  return [...listed, ...old.filter((each) => !each.includes('\n'))];
}

/** Named as the patches that are there. */
function patchName({ names }: KustomizeUnit, kustomization: JsonObject, { kind, name }: KubeObject, drafts: string[]) {
  const [first = ''] = patchFiles(kustomization);
  const folder = folderOf(first).startsWith('..') ? '' : folderOf(first);
  const base = first.slice(folderOf(first).length);
  const plain = /[-_.]patch\.ya?ml$/.test(base) ? `${name}-patch.yaml` : `patch-${name}.yaml`;
  const isFree = (each: string): boolean => !names.includes(each) && !drafts.includes(each);
  return folder + ([plain, `patch-${kind.toLowerCase()}-${name}.yaml`].find(isFree) ?? `patch-${kind}-${name}-2.yaml`);
}

/** The kustomization with one more entry in a list. */
export function addToKustomization(
  unit: Pick<KustomizeUnit, 'file' | 'text'>,
  drafts: FileDrafts,
  list: string,
  entry: Json,
): string | undefined {
  const text = drafts.textOf(unit.file, unit.text);
  const place = { start: 0, end: text.length, document: 0, within: [] };
  const result = editText(text, place, [{ op: 'add', path: [list], values: [entry] }]);
  if (!result.ok) return result.reason;
  drafts.change(unit.file, unit.text, result.text);
  return undefined;
}

function newPatch(unit: KustomizeUnit, object: KubeObject, patch: JsonObject, drafts: FileDrafts): string | undefined {
  const metadata = metadataOf(unit, object);
  if (metadata === undefined) return 'nothing is known of the file that it was made from';
  const parsed = parseYaml(drafts.textOf(unit.file, unit.text));
  const kustomization = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  const own = drafts.changed().map(({ file }) => file.slice(folderOf(unit.file).length));
  const name = patchName(unit, kustomization, object, own);
  const { metadata: inPatch, ...rest } = patch;
  const { apiVersion, kind } = object;
  const document = { apiVersion, kind, metadata: { ...metadata, ...asObject(inPatch) }, ...rest };
  const isOldStyle = kustomization['patchesStrategicMerge'] !== undefined && kustomization['patches'] === undefined;
  const reason = isOldStyle
    ? addToKustomization(unit, drafts, 'patchesStrategicMerge', name)
    : addToKustomization(unit, drafts, 'patches', { path: name });
  if (reason !== undefined) return reason;
  drafts.create(folderOf(unit.file) + name, `${renderBlock(document, { column: 0, newLine: '\n' })}\n`);
  return undefined;
}

/** A patch of this run that is about the object already. */
function patchOfThisRun(unit: KustomizeUnit, object: KubeObject, drafts: FileDrafts): string | undefined {
  const metadata = metadataOf(unit, object);
  return drafts.changed().find(({ before, after }) => {
    const parsed = before === undefined ? parseYaml(after) : undefined;
    const value = parsed?.ok === true ? asObject(parsed.parsed.values[0]) : {};
    return value['kind'] === object.kind && asObject(value['metadata'])['name'] === metadata?.['name'];
  })?.file;
}

type Merge = (into: Into) => (value: Json) => readonly Edit[];

/** A patch or a resource that is there already, in the kustomization's own folder. */
function putInOwn(unit: KustomizeUnit, places: readonly WrittenIn[], merge: Merge, drafts: FileDrafts) {
  const [resource, ...patches] = places;
  const own = patches.findLast((place) => isOwn(unit, place));
  if (own !== undefined) return { reason: editDocument(unit, own, drafts, merge('patch')) };
  if (resource === undefined || !isOwn(unit, resource)) return undefined;
  return { reason: editDocument(unit, resource, drafts, merge('object')) };
}

function putInNew(file: string, merge: Merge, drafts: FileDrafts): string | undefined {
  const text = drafts.textOf(file, '');
  const parsed = parseYaml(text);
  const place = { start: 0, end: text.length, document: 0, within: [] };
  const result = editText(text, place, merge('patch')(parsed.ok ? (parsed.parsed.values[0] ?? null) : null));
  if (!result.ok) return result.reason;
  drafts.create(file, result.text);
  return undefined;
}

/** Puts the edits where they belong; the reason where they cannot be. What it renders to then must be looked at. */
export function editKustomized(
  unit: KustomizeUnit,
  object: KubeObject,
  edits: readonly Edit[],
  drafts: FileDrafts,
): string | undefined {
  const places = object.source.writtenIn ?? [];
  if (places.length === 0) return 'nothing is known of the file that it was made from';
  const known = knownOf(unit, object);
  const patch = patchOf(object.raw, edits.reduce<Json>(editValue, object.raw), known);
  if (!isJsonObject(patch)) return undefined;
  const merge: Merge = (into) => (value) => editsToMerge(value, patch, [], { into, known });
  const own = putInOwn(unit, places, merge, drafts);
  if (own !== undefined) return own.reason;
  const open = patchOfThisRun(unit, object, drafts);
  return open === undefined ? newPatch(unit, object, patch, drafts) : putInNew(open, merge, drafts);
}
