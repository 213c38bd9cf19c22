// Puts edits of many objects into the files that they stand in; what cannot be put there is told.

import { parseManifests } from '../kube/manifests/parse-manifests.ts';
import type { Change, KubeObject, ObjectEdits, ObjectSource, Snapshot, SourceText } from '../model/index.ts';
import { editText, type ObjectPlace } from './text/edit-text.ts';

export interface EditedFile {
  /** As shown to the user, from where the program was started. */
  readonly file: string;
  /** Index in `Snapshot.texts`. */
  readonly text: number;
  readonly before: string;
  readonly after: string;
}

export interface EditedFiles<T extends Change> {
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

/** How much longer a document has become. */
interface Growth {
  readonly start: number;
  readonly by: number;
}

/** A text under edit: places of the original still find their object. */
interface Draft {
  readonly text: string;
  readonly grown: readonly Growth[];
}

function placeIn({ grown }: Draft, { start, end, document, within }: ObjectSource): ObjectPlace {
  const sum = (growths: readonly Growth[]): number => growths.reduce((total, { by }) => total + by, 0);
  const before = sum(grown.filter((each) => each.start < start));
  const inside = sum(grown.filter((each) => each.start === start));
  return { start: start + before, end: end + before + inside, document, within };
}

class TextEditing<T extends Change> {
  readonly made: T[] = [];
  readonly refused: { wish: T; reason: string }[] = [];
  private drafts: ReadonlyMap<number, Draft> = new Map();
  private readonly snapshot: Snapshot;

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  apply(wish: T): void {
    if (wish.create.length > 0) {
      this.refused.push({ wish, reason: 'it asks for a new object' });
      return;
    }
    const drafts = new Map(this.drafts);
    for (const edits of wish.edits) {
      const reason = this.edit(edits, drafts);
      if (reason === undefined) continue;
      this.refused.push({ wish, reason });
      return;
    }
    this.made.push(wish);
    this.drafts = drafts;
  }

  /** Edits one object in the drafts; the reason where it cannot. */
  private edit({ object, edits }: ObjectEdits, drafts: Map<number, Draft>): string | undefined {
    const { source } = object;
    const original = this.snapshot.texts[source.text];
    const reason = obstacle(object, original);
    if (reason !== undefined) return reason;
    const draft = drafts.get(source.text) ?? { text: original?.text ?? '', grown: [] };
    const result = editText(draft.text, placeIn(draft, source), edits);
    if (!result.ok) return result.reason;
    const growth = { start: source.start, by: result.text.length - draft.text.length };
    drafts.set(source.text, { text: result.text, grown: [...draft.grown, growth] });
    return undefined;
  }

  files(): EditedFile[] {
    return [...this.drafts].flatMap(([text, { text: after }]) => {
      const { file = '', text: before = '' } = this.snapshot.texts[text] ?? {};
      return before === after ? [] : { file, text, before, after };
    });
  }
}

/** Pure: the texts as they would be. A wish is made whole or not at all. */
export function editFiles<T extends Change>(snapshot: Snapshot, wishes: readonly T[]): EditedFiles<T> {
  const editing = new TextEditing<T>(snapshot);
  for (const wish of wishes) editing.apply(wish);
  const files = editing.files().toSorted((a, b) => (a.file < b.file ? -1 : 1));
  return { files, made: editing.made, refused: editing.refused };
}

function placeKey({ start, document, within }: ObjectSource): string {
  return [start, document, ...within].join('/');
}

/** Objects of a text after its edits, by the place that they had before: documents keep their order. */
function editedObjects(first: KubeObject, before: SourceText, after: SourceText): ReadonlyMap<string, KubeObject> {
  const context = { textIndex: first.source.text, origin: first.source.origin, namespace: '' };
  const old = parseManifests(before, context).objects;
  const edited = parseManifests(after, context).objects;
  return new Map(
    old.flatMap(({ source }, index) => [edited[index] ?? []].flat().map((each) => [placeKey(source), each])),
  );
}

/** The snapshot as it would be read from the edited files. */
export function withEditedFiles(snapshot: Snapshot, files: readonly EditedFile[]): Snapshot {
  const texts = [...snapshot.texts];
  const replaced = new Map<number, ReadonlyMap<string, KubeObject>>();
  for (const { text, after } of files) {
    const before = texts[text];
    const first = snapshot.objects.find(({ source }) => source.text === text);
    if (before === undefined || first === undefined) continue;
    texts[text] = { ...before, text: after };
    replaced.set(text, editedObjects(first, before, { ...before, text: after }));
  }
  const objects = snapshot.objects.map((object) => {
    const found = replaced.get(object.source.text)?.get(placeKey(object.source));
    return found === undefined ? object : { ...found, namespace: found.namespace || object.namespace };
  });
  return { ...snapshot, objects, texts };
}
