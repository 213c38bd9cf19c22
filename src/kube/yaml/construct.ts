// Builds JSON values from YAML events the way kubectl does: last duplicate wins, `<<` merges, keys become text.

import { EVENT_ID, type Event, getScalarValue, type ScalarEvent } from 'js-yaml';
import { isJsonObject } from '../../model/json.ts';
import type { Json, JsonObject } from '../../model/json-value.ts';
import type { TextEvents } from './read-events.ts';
import { resolvePlainScalar, resolveTaggedScalar, toJsonKey } from './resolve-scalar.ts';

/** A key that stands twice in one mapping. `offset` counts from the start of the parsed text. */
export interface DuplicateKeyAt {
  readonly path: readonly (string | number)[];
  readonly offset: number;
}

/** Aliases may expand a document to this many nodes; go-yaml v2 refuses at a similar size ("excessive aliasing"). */
const maxExpandedNodes = 1_000_000;

export class AliasBomb extends Error {}
export class UnusableYaml extends Error {
  readonly offset: number;
  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}

interface Anchor {
  readonly value: Json;
  readonly nodes: number;
}

/** One document's construction. Recursion is bounded by the parser's own depth limit. */
class Builder {
  private cursor = 0;
  private nodes = 0;
  private readonly anchors = new Map<string, Anchor>();
  private readonly path: (string | number)[] = [];
  readonly duplicates: DuplicateKeyAt[] = [];
  private readonly source: string;
  private readonly events: readonly Event[];

  constructor(source: string, events: readonly Event[]) {
    this.source = source;
    this.events = events;
  }

  documents(): Json[] {
    const values: Json[] = [];
    while (this.cursor < this.events.length) {
      const event = this.next();
      if (event.type !== EVENT_ID.DOCUMENT) continue;
      this.anchors.clear();
      values.push(this.peekIsPop() ? null : this.node());
      this.next();
    }
    return values;
  }

  private next(): Event {
    const event = this.events[this.cursor];
    if (event === undefined) throw new UnusableYaml('the text ends too early', this.source.length);
    this.cursor += 1;
    return event;
  }

  private peekIsPop(): boolean {
    return this.events[this.cursor]?.type === EVENT_ID.POP;
  }

  private node(): Json {
    const before = this.nodes;
    this.nodes += 1;
    const event = this.next();
    switch (event.type) {
      case EVENT_ID.SCALAR:
        return this.remember(event, this.scalar(event), before);
      case EVENT_ID.SEQUENCE:
        return this.remember(event, this.sequence(), before);
      case EVENT_ID.MAPPING:
        return this.remember(event, this.mapping(), before);
      case EVENT_ID.ALIAS:
        return this.alias(this.source.slice(event.anchorStart, event.anchorEnd), event.anchorStart);
      default:
        throw new UnusableYaml('the structure is broken', 0);
    }
  }

  private remember(event: { anchorStart: number; anchorEnd: number }, value: Json, before: number): Json {
    if (event.anchorStart !== -1) {
      const name = this.source.slice(event.anchorStart, event.anchorEnd);
      this.anchors.set(name, { value, nodes: this.nodes - before });
    }
    return value;
  }

  private alias(name: string, offset: number): Json {
    const anchor = this.anchors.get(name);
    // Its name is not repeated: a password that begins with an asterisk and lacks its quotes is one, too.
    if (anchor === undefined) throw new UnusableYaml('an alias has no anchor before it', offset);
    this.nodes += anchor.nodes;
    if (this.nodes > maxExpandedNodes) throw new AliasBomb('aliases expand the document beyond one million nodes');
    return anchor.value;
  }

  private scalar(event: ScalarEvent): Json {
    const text = getScalarValue(this.source, event);
    if (event.tagStart !== -1) return resolveTaggedScalar(this.source.slice(event.tagStart, event.tagEnd), text);
    return event.style === 1 ? resolvePlainScalar(text) : text;
  }

  private sequence(): Json[] {
    const items: Json[] = [];
    while (!this.peekIsPop()) {
      this.path.push(items.length);
      items.push(this.node());
      this.path.pop();
    }
    this.next();
    return items;
  }

  private mapping(): Json {
    const result: Record<string, Json> = {};
    const own = new Set<string>();
    while (!this.peekIsPop()) this.pair(result, own);
    this.next();
    return result;
  }

  private pair(result: Record<string, Json>, own: Set<string>): void {
    const event = this.events[this.cursor];
    const offset = event?.type === EVENT_ID.SCALAR ? event.valueStart : 0;
    const isMerge =
      event?.type === EVENT_ID.SCALAR &&
      event.style === 1 &&
      this.source.slice(event.valueStart, event.valueEnd) === '<<';
    const keyValue = this.node();
    if (typeof keyValue === 'object' && keyValue !== null)
      throw new UnusableYaml('a mapping key is itself a list or a mapping', offset);
    if (isMerge) {
      this.merge(result, own, this.node(), offset);
      return;
    }
    const key = toJsonKey(keyValue);
    if (own.has(key)) this.duplicates.push({ path: [...this.path, key], offset });
    own.add(key);
    this.path.push(key);
    define(result, key, this.node());
    this.path.pop();
  }

  private merge(result: Record<string, Json>, own: ReadonlySet<string>, value: Json, offset: number): void {
    for (const source of Array.isArray(value) ? (value as Json[]) : [value]) {
      if (!isJsonObject(source)) throw new UnusableYaml('"<<" merges something that is not a mapping', offset);
      this.mergeFrom(source, result, own);
    }
  }

  private mergeFrom(source: JsonObject, result: Record<string, Json>, own: ReadonlySet<string>): void {
    for (const [key, item] of Object.entries(source)) {
      this.nodes += 1;
      if (this.nodes > maxExpandedNodes) throw new AliasBomb('merges expand the document beyond one million nodes');
      if (!own.has(key) && item !== undefined && !Object.hasOwn(result, key)) define(result, key, item);
    }
  }
}

/** `__proto__` must become an ordinary key, as it is in JSON. */
function define(target: Record<string, Json>, key: string, value: Json): void {
  if (key === '__proto__')
    Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
  else target[key] = value;
}

export interface Constructed {
  readonly values: readonly Json[];
  readonly duplicates: readonly DuplicateKeyAt[];
}

/** Values of all documents of a text, whose events these are. Throws `UnusableYaml` or `AliasBomb`. */
export function constructValues({ source, events, toGiven }: TextEvents): Constructed {
  const builder = new Builder(source, events);
  const values = builder.documents();
  return { values, duplicates: builder.duplicates.map((each) => ({ ...each, offset: toGiven(each.offset) })) };
}
