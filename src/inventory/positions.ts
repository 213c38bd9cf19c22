// Where a field of an object stands in the user's file, computed when somebody asks and kept for the next question.

import { LineIndex, PositionTree } from '../kube/yaml/index.ts';
import type { KubeObject, ObjectSource, Path, Position, Snapshot } from '../model/index.ts';
import { followPath } from './follow-path.ts';
import { OriginalPositions } from './original-positions.ts';
import { TemplatePositions } from './template-positions.ts';

/** The tree of the document asked about last, and the lines of its text. */
interface DocumentPlaces {
  readonly text: number;
  readonly start: number;
  readonly tree: PositionTree;
  readonly lines: LineIndex;
}

/** A question: where is this field of this object? */
export interface Place {
  readonly object: KubeObject;
  readonly path: Path;
}

/** Answers "file, line, column" for paths in objects of one snapshot. */
export class Positions {
  private readonly snapshot: Snapshot;
  private last: DocumentPlaces | undefined;
  private readonly originals: OriginalPositions;
  private readonly templates = new TemplatePositions();

  constructor(snapshot: Snapshot) {
    this.snapshot = snapshot;
    this.originals = new OriginalPositions(snapshot);
  }

  /** The place of the field, or of its nearest parent that exists; the object's own place where its text is gone. */
  of(object: KubeObject, path: Path): Position {
    const place = placeInFiles({ object, path });
    return this.ofWritten(place.object, place.path);
  }

  private ofWritten(object: KubeObject, path: Path): Position {
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
    const { offset } = tree.locate(source.document, source.within.length === 0 ? path : [...source.within, ...path]);
    return { file: source.file, ...lines.at(source.start + offset) };
  }

  /** Many questions at once: answered document by document, so that each is parsed once and none is kept. */
  ofAll(asked: readonly Place[]): Position[] {
    const places = asked.map(placeInFiles);
    const order = places.map((_, index) => index);
    const sourceAt = (index: number): ObjectSource | undefined => places[index]?.object.source;
    order.sort((a, b) => compareSources(sourceAt(a), sourceAt(b)) || a - b);
    const positions: Position[] = [];
    positions.length = places.length;
    for (const index of order) {
      const place = places[index];
      if (place !== undefined) positions[index] = this.ofWritten(place.object, place.path);
    }
    return positions;
  }

  private placesOf({ source }: KubeObject, text: string): DocumentPlaces {
    const { last } = this;
    if (last?.text === source.text && last.start === source.start) return last;
    const lines = last?.text === source.text ? last.lines : new LineIndex(text);
    this.last = { text: source.text, start: source.start, tree: new PositionTree(text, source), lines };
    return this.last;
  }
}

/** Of what runs, the place in the files that declare it. */
function placeInFiles({ object, path }: Place): Place {
  const { declared, raw } = object;
  return declared === undefined
    ? { object, path }
    : { object: declared, path: followPath(raw, declared.raw, path).path };
}

function compareSources(a: ObjectSource | undefined, b: ObjectSource | undefined): number {
  return (a?.text ?? 0) - (b?.text ?? 0) || (a?.start ?? 0) - (b?.start ?? 0);
}
