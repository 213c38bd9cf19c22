// Finds where a field of an object stands in its text: parsed again on demand, so that reading stays fast.

import { EVENT_ID, type Event, getScalarValue } from 'js-yaml';
import { type Path, valueAt } from '../../model/json.ts';
import type { Json } from '../../model/json-value.ts';
import { type PlaceLog, readPlaces } from './fast-path/index.ts';
import { readEvents } from './read-events.ts';
import { resolvePlainScalar, toJsonKey } from './resolve-scalar.ts';
import type { TextRange } from './split-documents.ts';

/** Where a field is: offsets of its key (of the value, for list items and the root) and how much of the path exists. */
export interface Located {
  readonly offset: number;
  readonly depth: number;
}

interface Node {
  readonly offset: number;
  readonly keys?: Keys;
  readonly items?: readonly Node[];
}

class TreeBuilder {
  private cursor = 0;
  private readonly anchors = new Map<string, Node>();
  private readonly source: string;
  private readonly events: readonly Event[];

  constructor(source: string, events: readonly Event[]) {
    this.source = source;
    this.events = events;
  }

  roots(): Node[] {
    const roots: Node[] = [];
    while (this.cursor < this.events.length) {
      const event = this.events[this.cursor++];
      if (event?.type !== EVENT_ID.DOCUMENT) continue;
      roots.push(this.atPop() ? { offset: 0 } : this.node());
      this.cursor += 1;
    }
    return roots;
  }

  private atPop(): boolean {
    const event = this.events[this.cursor];
    return event === undefined || event.type === EVENT_ID.POP;
  }

  private node(): Node {
    const event = this.events[this.cursor++];
    if (event === undefined) return { offset: 0 };
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.remember(event, { offset: Math.max(0, event.valueStart) });
      case EVENT_ID.SEQUENCE:
        return this.remember(event, this.sequence(event.start));
      case EVENT_ID.MAPPING:
        return this.remember(event, this.mapping(event.start));
      case EVENT_ID.ALIAS: {
        const target = this.anchors.get(this.source.slice(event.anchorStart, event.anchorEnd));
        return { ...target, offset: event.anchorStart - 1 };
      }
      default:
        return { offset: 0 };
    }
  }

  private remember(event: { anchorStart: number; anchorEnd: number }, node: Node): Node {
    if (event.anchorStart !== -1) this.anchors.set(this.source.slice(event.anchorStart, event.anchorEnd), node);
    return node;
  }

  private sequence(offset: number): Node {
    const items: Node[] = [];
    while (!this.atPop()) items.push(this.node());
    this.cursor += 1;
    return { offset: items[0]?.offset ?? offset, items };
  }

  private mapping(start: number): Node {
    const keys: Keys = new Map();
    let first: number | undefined;
    while (!this.atPop()) {
      const key = this.key(start);
      first ??= key.offset;
      const value = this.node();
      if (key.isMerge) mergeKeys(keys, value);
      else keys.set(key.text, { keyOffset: key.offset, value });
    }
    this.cursor += 1;
    return { offset: first ?? start, keys };
  }

  private key(fallback: number): { readonly text: string; readonly offset: number; readonly isMerge: boolean } {
    const event = this.events[this.cursor];
    this.node();
    if (event?.type !== EVENT_ID.SCALAR) return { text: '', offset: fallback, isMerge: false };
    const text = getScalarValue(this.source, event);
    const plain = event.style === 1 && event.tagStart === -1;
    const name = plain ? toJsonKey(resolvePlainScalar(text)) : text;
    return { text: name, offset: event.valueStart, isMerge: plain && text === '<<' };
  }
}

type Keys = Map<string, { keyOffset: number; value: Node }>;

function mergeKeys(keys: Keys, value: Node): void {
  for (const source of value.items ?? [value])
    for (const [key, entry] of source.keys ?? []) if (!keys.has(key)) keys.set(key, entry);
}

/** The place of `path` in document number `document`, or of its nearest parent that exists. */
type Locate = (document: number, path: Path) => Located;

function locateInTree(roots: readonly Node[], document: number, path: Path): Located {
  let place: Place = { node: roots[document], offset: roots[document]?.offset ?? 0 };
  let depth = 0;
  for (const step of path) {
    const next = stepInto(place.node, step);
    if (next === undefined) break;
    place = next;
    depth += 1;
  }
  return { offset: place.offset, depth };
}

function locateInLog(log: PlaceLog, document: number, path: Path): Located {
  if (document !== 0) return { offset: 0, depth: 0 };
  let value: Json | undefined = log.root;
  let offset = log.rootOffset;
  let depth = 0;
  for (const step of path) {
    const next = log.placeIn(value, step);
    if (next === undefined) break;
    offset = next;
    value = valueAt(value, [step]);
    depth += 1;
  }
  return { offset, depth };
}

/** Places by the full parser: what the fast path must agree with. */
export function locateFully(text: string): Locate {
  const { source, events, toGiven } = readEvents(text);
  const roots = new TreeBuilder(source, events).roots();
  return (document, path) => {
    const { offset, depth } = locateInTree(roots, document, path);
    return { offset: toGiven(offset), depth };
  };
}

/** The places of one text, or of a range of it; build it once for many questions. Offsets count from the range's start. */
export class PositionTree {
  readonly locate: Locate;

  constructor(text: string, range: TextRange = { start: 0, end: text.length }) {
    const log = readPlaces({ text, start: range.start, end: range.end });
    this.locate =
      log === undefined
        ? locateFully(text.slice(range.start, range.end))
        : (document, path) => locateInLog(log, document, path);
  }
}

interface Place {
  readonly node: Node | undefined;
  readonly offset: number;
}

function stepInto(node: Node | undefined, step: string | number): Place | undefined {
  if (typeof step === 'number') {
    const item = node?.items?.[step];
    return item === undefined ? undefined : { node: item, offset: item.offset };
  }
  const entry = node?.keys?.get(step);
  return entry === undefined ? undefined : { node: entry.value, offset: entry.keyOffset };
}
