// Flow collections that begin and end on one line: `[a, b]` and `{a: b}`.

import type { Json, JsonObject } from '../../../model/json-value.ts';
import { resolvePlainScalar, toJsonKey } from '../resolve-scalar.ts';
import {
  canStartPlain,
  closeBrace,
  closeBracket,
  colon,
  comma,
  dash,
  doubleQuote,
  hash,
  isBlankOrEnd,
  isOrdinaryInFlow,
  openBrace,
  openBracket,
  singleQuote,
  space,
  unsure,
} from './characters.ts';
import type { PlaceLog } from './place-log.ts';
import { quotedEnd, quotedValue } from './quoted.ts';

const deepest = 20;

export interface FlowNode {
  readonly value: Json;
  /** Where the node begins, as the full parser reports it. */
  readonly at: number;
  /** First character after the node. */
  readonly next: number;
}

interface FlowRange {
  readonly text: string;
  /** Where the document begins; places count from here. */
  readonly start: number;
  readonly end: number;
}

class FlowReader {
  pos: number;
  at: number;
  private depth = 0;
  private readonly text: string;
  private readonly start: number;
  private readonly end: number;
  private readonly log: PlaceLog | undefined;

  constructor({ text, start, end }: FlowRange, pos: number, log: PlaceLog | undefined) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.pos = pos;
    this.at = pos;
    this.log = log;
  }

  node(): Json {
    switch (this.text.charCodeAt(this.pos)) {
      case openBracket:
        return this.sequence();
      case openBrace:
        return this.mapping();
      case doubleQuote:
      case singleQuote:
        return this.quoted();
      default:
        return resolvePlainScalar(this.plain());
    }
  }

  /** The character at the next content of this line. */
  private peek(): number {
    while (this.pos < this.end && this.text.charCodeAt(this.pos) === space) this.pos += 1;
    return this.pos < this.end ? this.text.charCodeAt(this.pos) : 0;
  }

  /** Goes over a comma, or stays at the closing bracket. */
  private separate(close: number): void {
    const code = this.peek();
    if (code === comma) this.pos += 1;
    else if (code !== close) throw unsure;
  }

  private open(): void {
    this.pos += 1;
    this.depth += 1;
    if (this.depth > deepest) throw unsure;
  }

  private close(first: number): void {
    this.pos += 1;
    this.depth -= 1;
    this.at = first;
  }

  private sequence(): Json[] {
    const items: Json[] = [];
    const places = this.log?.itemsOf(items);
    let first = this.pos;
    this.open();
    while (this.peek() !== closeBracket) {
      items.push(this.node());
      if (items.length === 1) first = this.at;
      places?.push(this.at - this.start);
      this.separate(closeBracket);
    }
    this.close(first);
    return items;
  }

  private mapping(): JsonObject {
    const result: Record<string, Json> = {};
    const places = this.log?.keysOf(result);
    let first = this.pos;
    let isFirst = true;
    this.open();
    while (this.peek() !== closeBrace) {
      const key = this.key();
      if (Object.hasOwn(result, key) || key === '__proto__') throw unsure;
      if (isFirst) first = this.at;
      isFirst = false;
      places?.set(key, this.at - this.start);
      if (this.peek() === 0) throw unsure;
      result[key] = this.node();
      this.separate(closeBrace);
    }
    this.close(first);
    return result;
  }

  /** A key and its colon. */
  private key(): string {
    const code = this.text.charCodeAt(this.pos);
    const isQuoted = code === doubleQuote || code === singleQuote;
    const name = isQuoted ? this.quoted() : this.plain();
    if (!isQuoted && name === '<<') throw unsure;
    if (this.peek() !== colon) throw unsure;
    this.pos += 1;
    return isQuoted ? name : toJsonKey(resolvePlainScalar(name));
  }

  private quoted(): string {
    const start = this.pos + 1;
    const stop = quotedEnd(this.text, start, this.end);
    this.pos = stop + 1;
    this.at = start;
    return quotedValue(this.text, start, stop);
  }

  private plain(): string {
    const { text } = this;
    const start = this.pos;
    const stop = this.plainStop(start);
    let end = stop;
    while (text.charCodeAt(end - 1) === space) end -= 1;
    this.pos = stop;
    this.at = start;
    return text.slice(start, end);
  }

  private plainStop(start: number): number {
    const { text, end } = this;
    const first = text.charCodeAt(start);
    if (first === dash ? !this.isOrdinaryAt(start + 1) : !canStartPlain(first)) throw unsure;
    for (let pos = start + 1; pos < end; pos += 1) {
      const code = text.charCodeAt(pos);
      if (!isOrdinaryInFlow(code) && this.stopsPlain(pos, code)) return pos;
    }
    throw unsure;
  }

  private isOrdinaryAt(at: number): boolean {
    if (at >= this.end) return false;
    const code = this.text.charCodeAt(at);
    return code !== space && isOrdinaryInFlow(code);
  }

  private stopsPlain(pos: number, code: number): boolean {
    switch (code) {
      case comma:
      case openBracket:
      case closeBracket:
      case openBrace:
      case closeBrace:
        return true;
      case colon:
        return isBlankOrEnd(this.text, pos + 1, this.end) || isFlowIndicator(this.text.charCodeAt(pos + 1));
      case hash:
        if (this.text.charCodeAt(pos - 1) === space) throw unsure;
        return false;
      default:
        throw unsure;
    }
  }
}

function isFlowIndicator(code: number): boolean {
  return code === comma || code === openBracket || code === closeBracket || code === openBrace || code === closeBrace;
}

/** Reads the flow collection that begins at `at`. */
export function readFlow(range: FlowRange, at: number, log: PlaceLog | undefined): FlowNode {
  const reader = new FlowReader(range, at, log);
  const value = reader.node();
  return { value, at: reader.at, next: reader.pos };
}
