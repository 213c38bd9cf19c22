// Puts edits of many objects into the files that they stand in; what cannot be put there is told.

import { parseManifests } from '../kube/manifests/parse-manifests.ts';
import type { Edit, KubeObject, ObjectSource, Snapshot, SourceText } from '../model/index.ts';
import { editText } from './text/edit-text.ts';

/** Edits of one object, wanted for a reason of the caller's. */
export interface Wish {
  readonly object: KubeObject;
  readonly edits: readonly Edit[];
}

export interface EditedFile {
  /** As shown to the user, from where the program was started. */
  readonly file: string;
  /** Index in `Snapshot.texts`. */
  readonly text: number;
  readonly before: string;
  readonly after: string;
}

export interface EditedFiles<T extends Wish> {
  readonly files: readonly EditedFile[];
  readonly made: readonly T[];
  readonly refused: readonly { readonly wish: T; readonly reason: string }[];
}

/** Why the object's own text cannot be edited, or nothing where it can. */
function obstacle({ source: { origin } }: KubeObject, text: SourceText | undefined): string | undefined {
  switch (origin.kind) {
    case 'helm':
      return `the chart ${origin.unit} renders it`;
    case 'kustomize':
      return `the kustomization ${origin.unit} renders it`;
    case 'cluster':
      return 'it is in a cluster, and no file is known';
    case 'manifest':
      return text === undefined || text.rendered || text.file === '-' ? 'it came from no file' : undefined;
  }
}

function byPlace({ object: { source: a } }: Wish, { object: { source: b } }: Wish): number {
  return b.text - a.text || b.start - a.start;
}

class TextEditing<T extends Wish> {
  readonly made: T[] = [];
  readonly refused: { wish: T; reason: string }[] = [];
  readonly after = new Map<number, string>();
  /** How far the document that is edited has grown; those before it are not touched by that. */
  private grown = { text: -1, start: -1, by: 0 };
  private readonly snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  /** Called from the last document of a text to its first, so that places before it stay. */
  apply(wish: T): void {
    const { source } = wish.object;
    const original = this.snapshot.texts[source.text];
    const reason = obstacle(wish.object, original);
    if (reason !== undefined || original === undefined) {
      this.refused.push({ wish, reason: reason ?? 'it came from no file' });
      return;
    }
    const result = editText(this.after.get(source.text) ?? original.text, this.placeOf(source), wish.edits);
    if (!result.ok) {
      this.refused.push({ wish, reason: result.reason });
      return;
    }
    this.made.push(wish);
    this.after.set(source.text, result.text);
    this.grown = { text: source.text, start: source.start, by: result.place.end - source.end };
  }

  private placeOf({ text, start, end, document, within }: ObjectSource) {
    const isSame = this.grown.text === text && this.grown.start === start;
    return { start, end: isSame ? end + this.grown.by : end, document, within };
  }
}

/** Pure: the texts as they would be. A wish is made whole or not at all. */
export function editFiles<T extends Wish>(snapshot: Snapshot, wishes: readonly T[]): EditedFiles<T> {
  const editing = new TextEditing<T>(snapshot);
  for (const wish of wishes.toSorted(byPlace)) editing.apply(wish);
  const files = [...editing.after].flatMap(([text, after]) => {
    const { file = '', text: before = '' } = snapshot.texts[text] ?? {};
    return before === after ? [] : { file, text, before, after };
  });
  return { files: files.toSorted((a, b) => (a.file < b.file ? -1 : 1)), made: editing.made, refused: editing.refused };
}

function identity({ group, kind, namespace, name }: KubeObject): string {
  return [group, kind, namespace, name].join('/');
}

/** The snapshot as it would be read from the edited files. */
export function withEditedFiles(snapshot: Snapshot, files: readonly EditedFile[]): Snapshot {
  const texts = [...snapshot.texts];
  const replaced = new Map<number, ReadonlyMap<string, KubeObject>>();
  for (const { text, after } of files) {
    const old = texts[text];
    const first = snapshot.objects.find(({ source }) => source.text === text);
    if (old === undefined || first === undefined) continue;
    const source = { ...old, text: after };
    texts[text] = source;
    const context = { textIndex: text, origin: first.source.origin, namespace: '' };
    const { objects } = parseManifests(source, context);
    replaced.set(text, new Map(objects.map((object) => [identity({ ...object, namespace: '' }), object])));
  }
  const objects = snapshot.objects.map((object) => {
    const found = replaced.get(object.source.text)?.get(identity({ ...object, namespace: '' }));
    return found === undefined ? object : { ...found, namespace: object.namespace };
  });
  return { ...snapshot, objects, texts };
}
