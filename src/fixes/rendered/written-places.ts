// Where a kustomized object is written: its resource and its patches, which of them are the kustomization's own, and edits of such a document.

import { followPath } from '../../inventory/follow-path.ts';
import type { Schemas } from '../../kube/schema/index.ts';
import { parseYaml, splitDocuments } from '../../kube/yaml/index.ts';
import {
  asObject,
  type Edit,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
  type Snapshot,
  toJsonPointer,
  valueAt,
  type WrittenIn,
} from '../../model/index.ts';
import { editText, type ObjectPlace } from '../text/edit-text.ts';
import { findForeignEncoding } from '../text/foreign-encoding.ts';
import { withoutDocument } from '../text/without-document.ts';
import type { Aim } from './aim.ts';
import type { FileDrafts } from './file-drafts.ts';

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
  /** What a patch of the object is aimed at, where its name alone does not do: names behind a chart change with the release. */
  readonly aimOf?: (object: KubeObject) => Aim | undefined;
}

/** The document that the object was made from: behind a chart what Helm printed of it. */
export function resourceOf({ source }: KubeObject): WrittenIn | undefined {
  return source.origin.kind === 'helm' ? source : source.writtenIn?.[0];
}

export function patchesOf({ source: { origin, writtenIn = [] } }: KubeObject): readonly WrittenIn[] {
  return origin.kind === 'helm' ? writtenIn : writtenIn.slice(1);
}

/** True where an entry of `images` or `replicas`, or an operation of a JSON patch, decides the field. */
export function isSetByEntry({ source: { writtenIn = [] } }: KubeObject, path: Path): boolean {
  const pointer = toJsonPointer(path);
  return writtenIn.some(({ sets = [] }) => sets.some((each) => pointer === each || pointer.startsWith(`${each}/`)));
}

/** A patch with a target may be about several objects: then it is not the place for one of them. */
export function isShared({ snapshot }: KustomizeUnit, object: KubeObject, { text, start }: WrittenIn): boolean {
  return snapshot.objects.some(
    (other) => other !== object && patchesOf(other).some((place) => place.text === text && place.start === start),
  );
}

export function fileOf({ snapshot }: Pick<KustomizeUnit, 'snapshot'>, { text }: WrittenIn): string {
  return snapshot.texts[text]?.file ?? '';
}

export function isOwn(unit: KustomizeUnit, place: WrittenIn): boolean {
  return place.sets === undefined && unit.isOwnFile(fileOf(unit, place));
}

/** Where a document stands by now: those before it may have grown, and none was put between. */
function movedTo(original: string, text: string, place: WrittenIn): ObjectPlace | undefined {
  const index = splitDocuments(original).findIndex(({ start }) => start === place.start);
  const range = splitDocuments(text)[index];
  return range === undefined ? undefined : { ...range, document: place.document, within: place.within };
}

interface OpenDocument {
  readonly file: string;
  readonly original: string;
  /** As it is by now. */
  readonly text: string;
  readonly place: ObjectPlace;
}

/** The document where it stands by now; the reason where it cannot be edited. */
function openDocument({ snapshot }: KustomizeUnit, place: WrittenIn, drafts: FileDrafts): OpenDocument | string {
  const source = snapshot.texts[place.text];
  const foreign = findForeignEncoding(source);
  if (foreign !== undefined) return foreign;
  const { file = '', text: original = '' } = source ?? {};
  const text = drafts.textOf(file, original);
  const moved = movedTo(original, text, place);
  return moved === undefined ? 'its document cannot be found again' : { file, original, text, place: moved };
}

/** Puts edits into a document of the unit; the reason where it cannot. */
export function editDocument(
  unit: KustomizeUnit,
  place: WrittenIn,
  drafts: FileDrafts,
  editsOf: (value: Json) => readonly Edit[],
): string | undefined {
  const open = openDocument(unit, place, drafts);
  if (typeof open === 'string') return open;
  const parsed = parseYaml(open.text, open.place);
  const value = parsed.ok ? valueAt(parsed.parsed.values[place.document], place.within) : undefined;
  if (value === undefined) return 'its document cannot be found again';
  const result = editText(open.text, open.place, editsOf(value));
  if (!result.ok) return result.reason;
  drafts.change(open.file, open.original, result.text);
  return undefined;
}

export function valueOf(
  { snapshot }: Pick<KustomizeUnit, 'snapshot'>,
  { text, start, end, document, within }: WrittenIn,
): Json | undefined {
  const parsed = parseYaml(snapshot.texts[text]?.text.slice(start, end) ?? '');
  return parsed.ok ? valueAt(parsed.parsed.values[document], within) : undefined;
}

/** True for an entry of a generator: the kustomization makes the object from it. */
export function isGenerated({ within: [field] }: WrittenIn): boolean {
  return typeof field === 'string' && field.endsWith('Generator');
}

export function metadataOf(unit: KustomizeUnit, object: KubeObject): JsonObject | undefined {
  const base = resourceOf(object);
  if (base === undefined) return undefined;
  const written = asObject(valueOf(unit, base));
  const { name, namespace } = isGenerated(base) ? written : asObject(written['metadata']);
  if (name === undefined) return undefined;
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}

/** Takes a document, or an item of a list, out of its file; the reason where that cannot be. */
export function removeDocument(
  unit: KustomizeUnit,
  place: WrittenIn,
  object: KubeObject,
  drafts: FileDrafts,
): string | undefined {
  const open = openDocument(unit, place, drafts);
  if (typeof open === 'string') return open;
  const { file, original, text, place: moved } = open;
  if (place.document > 0) return 'its document cannot be found again';
  if (place.within.length === 0) {
    drafts.change(file, original, withoutDocument(text, moved, object));
    return undefined;
  }
  const result = editText(text, { ...moved, within: [] }, [{ op: 'remove', path: place.within }]);
  if (!result.ok) return result.reason;
  drafts.change(file, original, result.text);
  return undefined;
}

/** The last patch that says one of the fields, else the resource: where somebody would edit what all share. */
export function findSharedPlace(
  unit: Pick<KustomizeUnit, 'snapshot'>,
  object: KubeObject,
  paths: readonly Path[],
): WrittenIn | undefined {
  const says = (place: WrittenIn): boolean =>
    paths.some((path) => followPath(object.raw, valueOf(unit, place), path).isWhole);
  const patches = patchesOf(object).filter(({ sets }) => sets === undefined);
  return patches.findLast(says) ?? resourceOf(object);
}

/** The file that `findSharedPlace` is in. */
export function findSharedFile(snapshot: Snapshot, object: KubeObject, paths: readonly Path[]): string | undefined {
  const place = findSharedPlace({ snapshot }, object, paths);
  return place === undefined ? undefined : fileOf({ snapshot }, place);
}
