// Places of a kustomized object: in the resource it was made from, or in the patch that changed the field.

import { LineIndex, PositionTree, parseYaml } from '../kube/yaml/index.ts';
import { followPath } from './follow-path.ts';
import {
  type Json,
  type KubeObject,
  type Path,
  type Position,
  type Snapshot,
  toJsonPointer,
  valueAt,
  type WrittenIn,
} from '../model/index.ts';

interface Document {
  readonly tree: PositionTree;
  readonly values: readonly Json[];
}

export class OriginalPositions {
  private readonly snapshot: Snapshot;
  private readonly lines = new Map<number, LineIndex>();
  private readonly documents = new Map<string, Document>();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
  }

  /** The user's own line for the field; `undefined` where no text of the user's is known. */
  of(object: KubeObject, path: Path): Position | undefined {
    const all = object.source.writtenIn ?? [];
    const pointer = toJsonPointer(path);
    const setter = all.findLast(({ sets }) => sets?.some((each) => pointer === each || pointer.startsWith(`${each}/`)));
    if (setter !== undefined) return this.position(setter, []);
    const places = all.filter(({ sets }) => sets === undefined);
    const followed = places.map((place) => ({ place, ...followPath(object.raw, this.valueOf(place), path) }));
    // What no patch says of a chart's object stands in its template.
    const [base] = object.source.origin.kind === 'helm' ? [] : followed;
    const chosen =
      followed.findLast(({ isWhole, isEqual }) => isWhole && isEqual && path.length > 0) ??
      followed.findLast(({ isWhole }) => isWhole && path.length > 0) ??
      base;
    return chosen === undefined ? undefined : this.position(chosen.place, chosen.path);
  }

  private valueOf(place: WrittenIn): Json | undefined {
    return valueAt(this.documentOf(place).values[place.document], place.within);
  }

  private position(place: WrittenIn, path: Path): Position | undefined {
    const text = this.snapshot.texts[place.text];
    if (text === undefined) return undefined;
    const { offset } = this.documentOf(place).tree.locate(place.document, [...place.within, ...path]);
    const lines = this.lines.get(place.text) ?? new LineIndex(text.text);
    this.lines.set(place.text, lines);
    return { file: text.file, ...lines.at(place.start + offset) };
  }

  private documentOf(place: WrittenIn): Document {
    const key = `${place.text}:${place.start}`;
    let document = this.documents.get(key);
    if (document === undefined) {
      const text = this.snapshot.texts[place.text]?.text.slice(place.start, place.end) ?? '';
      const parsed = parseYaml(text);
      document = { tree: new PositionTree(text), values: parsed.ok ? parsed.parsed.values : [] };
      this.documents.set(key, document);
    }
    return document;
  }
}
