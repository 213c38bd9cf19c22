// Finds where a field of an object stands in its text: parsed again on demand, so that reading stays fast.

import { EVENT_ID, type Event, getScalarValue, parseEvents } from 'js-yaml';
import type { Path } from '../../model/json.ts';
import { maxDepth } from './parse-yaml.ts';
import { resolvePlainScalar, toJsonKey } from './resolve-scalar.ts';

/** Where a field is: offsets of its key (of the value, for list items and the root) and how much of the path exists. */
export interface Located {
  readonly offset: number;
  readonly depth: number;
}

interface Node {
  readonly offset: number;
  readonly keys?: ReadonlyMap<string, { readonly keyOffset: number; readonly value: Node }>;
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
    const keys = new Map<string, { keyOffset: number; value: Node }>();
    let first: number | undefined;
    while (!this.atPop()) {
      const event = this.events[this.cursor];
      const keyOffset = event?.type === EVENT_ID.SCALAR ? event.valueStart : start;
      first ??= keyOffset;
      const text = event?.type === EVENT_ID.SCALAR ? getScalarValue(this.source, event) : '';
      const plain = event?.type === EVENT_ID.SCALAR && event.style === 1 && event.tagStart === -1;
      this.node();
      const value = this.node();
      if (plain && text === '<<') mergeKeys(keys, value);
      else keys.set(plain ? toJsonKey(resolvePlainScalar(text)) : text, { keyOffset, value });
    }
    this.cursor += 1;
    return { offset: first ?? start, keys };
  }
}

type Keys = Map<string, { keyOffset: number; value: Node }>;

function mergeKeys(keys: Keys, value: Node): void {
  for (const source of value.items ?? [value])
    for (const [key, entry] of source.keys ?? []) if (!keys.has(key)) keys.set(key, entry);
}

/** The position tree of one parsed text; build it once for many questions. */
export class PositionTree {
  private readonly roots: readonly Node[];

  constructor(text: string) {
    this.roots = new TreeBuilder(text, parseEvents(text, { maxDepth })).roots();
  }

  /** The place of `path` in document number `document`, or of its nearest parent that exists. */
  locate(document: number, path: Path): Located {
    let node = this.roots[document];
    let offset = node?.offset ?? 0;
    let depth = 0;
    for (const step of path) {
      if (node === undefined) break;
      if (typeof step === 'number') {
        node = node.items?.[step];
        offset = node?.offset ?? offset;
      } else {
        const entry: { keyOffset: number; value: Node } | undefined = node.keys?.get(step);
        node = entry?.value;
        offset = entry?.keyOffset ?? offset;
      }
      if (node === undefined) break;
      depth += 1;
    }
    return { offset, depth };
  }
}
