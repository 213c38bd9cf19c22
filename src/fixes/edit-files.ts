// Puts changes of many objects into the files that they stand in; what cannot be put there is told.

import { parseManifests } from '../kube/manifests/parse-manifests.ts';
import {
  asObject,
  type Change,
  isSameJson,
  type KubeObject,
  type ObjectSource,
  type Snapshot,
  type SourceText,
} from '../model/index.ts';
import type { EditedFile } from './edited-file.ts';
import { type Folders, PlaceChooser } from './new-files/choose-place.ts';
import { ShiftedLists } from './shifted-lists.ts';
import { TextEditing } from './text-editing.ts';

export interface EditedFiles<T extends Change> {
  readonly files: readonly EditedFile[];
  readonly made: readonly T[];
  readonly refused: readonly { readonly wish: T; readonly reason: string }[];
}

/** Where only the files of the snapshot are known to be there. */
function foldersOf({ texts, skipped }: Snapshot): Folders {
  const files = new Set([...texts, ...skipped].map(({ file }) => file));
  return { isTaken: (file) => files.has(file) };
}

/**
 * Pure: the texts as they would be. A wish is made whole or not at all. One that names an item by its number in a list that lost some meanwhile is neither
 * made nor refused: it must be planned again.
 */
export function editFiles<T extends Change>(
  snapshot: Snapshot,
  wishes: readonly T[],
  folders: Folders = foldersOf(snapshot),
): EditedFiles<T> {
  const places = new PlaceChooser(
    snapshot,
    folders,
    wishes.flatMap(({ create }) => create),
  );
  const editing = new TextEditing(snapshot, places);
  const made: T[] = [];
  const refused: { wish: T; reason: string }[] = [];
  const shifted = new ShiftedLists();
  for (const wish of wishes) {
    if (shifted.concern(wish)) continue;
    const reason = editing.apply(wish);
    if (reason !== undefined) {
      refused.push({ wish, reason });
      continue;
    }
    made.push(wish);
    shifted.note(wish);
  }
  return { files: editing.files().toSorted((a, b) => (a.file < b.file ? -1 : 1)), made, refused };
}

function placeKey({ start, document, within }: ObjectSource): string {
  return [start, document, ...within].join('/');
}

interface Reading {
  /** By the place that they had before: documents keep their order. */
  readonly edited: ReadonlyMap<string, KubeObject>;
  readonly created: readonly KubeObject[];
}

/** Namespace of objects that name none: the one that the user gave when they were read. */
function usualNamespace({ objects }: Snapshot): string {
  const silent = objects.find(
    ({ namespace, raw }) => namespace !== '' && asObject(raw['metadata'])['namespace'] === undefined,
  );
  return silent?.namespace ?? 'default';
}

function readEdited(snapshot: Snapshot, { file, text, before, after, created, removed = [] }: EditedFile): Reading {
  const first = snapshot.objects.find(({ source }) => source.text === text);
  const origin = first?.source.origin ?? { kind: 'manifest', unit: file };
  const context = { textIndex: text, origin, namespace: usualNamespace(snapshot) };
  const parse = (source: string) => parseManifests({ file, text: source, rendered: false }, context).objects;
  const now = parse(after);
  const isNew = ({ raw }: KubeObject): boolean => created.some((each) => isSameJson(each, raw));
  const old = now.filter((object) => !isNew(object));
  const edited = new Map<string, KubeObject>();
  const gone = new Set(removed.map(({ source }) => placeKey(source)));
  const was = before === undefined ? [] : parse(before).filter(({ source }) => !gone.has(placeKey(source)));
  for (const [index, { source }] of was.entries()) {
    const found = old[index];
    if (found !== undefined) edited.set(placeKey(source), found);
  }
  return { edited, created: now.filter(isNew) };
}

/** The snapshot as it would be read from the edited files. */
export function withEditedFiles(snapshot: Snapshot, files: readonly EditedFile[]): Snapshot {
  const texts: SourceText[] = [...snapshot.texts];
  const replaced = new Map<number, Reading>();
  // In the order of their indexes, so that new texts get the ones that they were given.
  for (const edited of files.toSorted((a, b) => a.text - b.text)) {
    replaced.set(edited.text, readEdited(snapshot, edited));
    const old = texts[edited.text] ?? { file: edited.file, rendered: false };
    texts[edited.text] = { ...old, text: edited.after };
  }
  const gone = new Set(files.flatMap(({ removed = [] }) => removed));
  const kept = snapshot.objects.filter((object) => !gone.has(object));
  const objects = kept.map((object) => replaced.get(object.source.text)?.edited.get(placeKey(object.source)) ?? object);
  return { ...snapshot, objects: [...objects, ...[...replaced.values()].flatMap(({ created }) => created)], texts };
}
