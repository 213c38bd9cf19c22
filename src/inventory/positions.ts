// Where a field of an object stands in the user's file, computed when somebody asks and kept for the next question.

import { LineIndex, PositionTree } from '../kube/yaml/index.ts';
import type { KubeObject, Path, Position, Snapshot } from '../model/index.ts';
import { OriginalPositions } from './original-positions.ts';
import { TemplatePositions } from './template-positions.ts';

interface DocumentPlaces {
  readonly tree: PositionTree;
  /** Line of the document's first character in its text. */
  readonly lines: LineIndex;
}

/** Answers "file, line, column" for paths in objects of one snapshot. */
export class Positions {
  private readonly snapshot: Snapshot;
  private readonly lines = new Map<number, LineIndex>();
  private readonly documents = new Map<string, DocumentPlaces>();

  private readonly originals: OriginalPositions;
  private readonly templates = new TemplatePositions();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.originals = new OriginalPositions(snapshot);
  }

  /** The place of the field, or of its nearest parent that exists; the object's own place where its text is gone. */
  of(object: KubeObject, path: Path): Position {
    const { source } = object;
    const text = this.snapshot.texts[source.text];
    if (text === undefined || text.rendered)
      return (
        this.originals.of(object, path) ??
        (text === undefined ? undefined : this.templates.of(object, path, text)) ?? {
          file: source.file,
          line: source.line,
          column: 1,
        }
      );
    const { tree, lines } = this.placesOf(object, text.text);
    const { offset } = tree.locate(source.document, [...source.within, ...path]);
    return { file: source.file, ...lines.at(source.start + offset) };
  }

  private placesOf(object: KubeObject, text: string): DocumentPlaces {
    const { source } = object;
    const key = `${source.text}:${source.start}`;
    let places = this.documents.get(key);
    if (places === undefined) {
      let lines = this.lines.get(source.text);
      if (lines === undefined) {
        lines = new LineIndex(text);
        this.lines.set(source.text, lines);
      }
      places = { tree: new PositionTree(text, source), lines };
      // One tree at a time is enough where checks go object by object, and keeps memory flat on large inputs.
      if (this.documents.size > 2000) this.documents.clear();
      this.documents.set(key, places);
    }
    return places;
  }
}
