// Reads one document of the plain subset of YAML that nearly all manifests use, straight to JSON values.
//
// It follows the full parser in every decision that it takes itself; where it is not certain it throws `unsure`.

import type { Json, JsonObject } from '../../../model/json-value.ts';
import { resolvePlainScalar, toJsonKey } from '../resolve-scalar.ts';
import type { TextRange } from '../split-documents.ts';
import { readBlockScalar } from './block-scalar.ts';
import {
  afterComment,
  afterLineBreak,
  canStartPlain,
  carriageReturn,
  colon,
  dash,
  dot,
  doubleQuote,
  greaterThan,
  hash,
  isBlankOrEnd,
  isOrdinary,
  lineFeed,
  openBrace,
  openBracket,
  singleQuote,
  space,
  tab,
  unsure,
  verticalBar,
} from './characters.ts';
import { type FlowNode, readFlow } from './flow.ts';
import type { PlaceLog } from './place-log.ts';
import { quotedEnd, quotedValue } from './quoted.ts';
import type { Strings } from './strings.ts';

/** Collections inside each other; far below the full parser's own limit, far above what Kubernetes has. */
const deepest = 80;

export interface Range extends TextRange {
  readonly text: string;
}

export class Reader {
  private pos: number;
  /** Column of the content at `pos`; -1 at the end of the document. */
  private indent = 0;
  private depth = 0;
  private isStarted = false;
  /** Where the node read last begins, as the full parser reports it. */
  private at: number;
  private readonly text: string;
  private readonly start: number;
  private readonly end: number;
  private readonly strings: Strings;
  private readonly log: PlaceLog | undefined;

  constructor({ text, start, end }: Range, strings: Strings, log?: PlaceLog) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.pos = start;
    this.at = start;
    this.strings = strings;
    this.log = log;
  }

  /** The document in the range, or none where it is empty. */
  documents(): Json[] {
    this.skipLines(this.start);
    if (this.isOver()) return [];
    this.isStarted = true;
    if (this.isMarker(this.pos)) {
      this.pos += 3;
      this.endLine();
    }
    const value = this.isOver() ? this.empty() : this.root();
    this.log?.setRoot(value, this.at - this.start);
    return [value];
  }

  private isOver(): boolean {
    return this.indent === -1;
  }

  private root(): Json {
    if (this.indent !== 0) throw unsure;
    const value = this.block();
    if (!this.isOver()) throw unsure;
    return value;
  }

  /** `---` in the first column. */
  private isMarker(at: number): boolean {
    return this.indent === 0 && this.text.startsWith('---', at) && isBlankOrEnd(this.text, at + 3, this.end);
  }

  /** From a line's first character to the next content. */
  private skipLines(from: number): void {
    const { text, end } = this;
    let line = from;
    while (line < end) {
      let pos = line;
      while (pos < end && text.charCodeAt(pos) === space) pos += 1;
      if (pos >= end) break;
      const code = text.charCodeAt(pos);
      if (code === lineFeed) line = pos + 1;
      else if (code === hash) line = afterComment(text, pos, end);
      else if (code === carriageReturn) line = afterLineBreak(text, pos, end);
      else {
        this.startContent(pos, pos - line, code);
        return;
      }
    }
    this.pos = end;
    this.indent = -1;
  }

  private startContent(pos: number, column: number, code: number): void {
    this.pos = pos;
    this.indent = column;
    if (code === tab) throw unsure;
    if (column === 0 && (code === dash || code === dot)) this.refuseMarker(pos);
  }

  /** A second document, or the end of the first. */
  private refuseMarker(at: number): void {
    if (this.text.startsWith('...', at) || (this.isStarted && this.isMarker(at))) throw unsure;
  }

  /** From the end of a value to the next content: nothing but a comment may follow on the same line. */
  private endLine(): void {
    const { text, end } = this;
    let pos = this.pos;
    while (pos < end && text.charCodeAt(pos) === space) pos += 1;
    if (pos >= end) {
      this.pos = end;
      this.indent = -1;
      return;
    }
    const code = text.charCodeAt(pos);
    if (code === lineFeed) this.skipLines(pos + 1);
    else if (code === carriageReturn) this.skipLines(afterLineBreak(text, pos, end));
    else if (code === hash && pos > this.pos) this.skipLines(afterComment(text, pos, end));
    else throw unsure;
  }

  private isDash(): boolean {
    return this.text.charCodeAt(this.pos) === dash && isBlankOrEnd(this.text, this.pos + 1, this.end);
  }

  /** A collection that begins on its own line. Scalars there may have more lines: not for us. */
  private block(): Json {
    return this.isDash() ? this.sequence(this.indent) : this.mapping(this.indent);
  }

  private enter(): void {
    this.depth += 1;
    if (this.depth > deepest) throw unsure;
  }

  private mapping(column: number): JsonObject {
    this.enter();
    const result: Record<string, Json> = {};
    const places = this.log?.keysOf(result);
    let first = -1;
    do {
      const key = this.key();
      // A key that stands twice needs its path, and `__proto__` its care: the full parser has both.
      if ((result[key] !== undefined && Object.hasOwn(result, key)) || key === '__proto__') throw unsure;
      if (first === -1) first = this.at;
      places?.set(key, this.at - this.start);
      result[key] = this.value(column);
    } while (this.indent === column);
    // A line that is indented further fits no collection around this one either, and ends at the root's own check.
    this.at = first;
    this.depth -= 1;
    return result;
  }

  private key(): string {
    const { text } = this;
    const code = text.charCodeAt(this.pos);
    if (code === doubleQuote || code === singleQuote) return this.quotedKey();
    const start = this.pos;
    const stop = this.plainStop(start);
    if (stop >= this.end || text.charCodeAt(stop) !== colon) throw unsure;
    this.at = start;
    this.pos = stop + 1;
    return this.plainKey(this.strings.key(text, start, this.trimmed(stop)));
  }

  private plainKey(name: string): string {
    if (name === '<<') throw unsure;
    return toJsonKey(resolvePlainScalar(name));
  }

  private quotedKey(): string {
    const { text, end } = this;
    const start = this.pos + 1;
    const stop = quotedEnd(text, start, end);
    let pos = stop + 1;
    while (pos < end && text.charCodeAt(pos) === space) pos += 1;
    if (pos >= end || text.charCodeAt(pos) !== colon || !isBlankOrEnd(text, pos + 1, end)) throw unsure;
    this.at = start;
    this.pos = pos + 1;
    return quotedValue(text, start, stop);
  }

  /** What stops a plain scalar: the colon of a key, the blank's successor `#`, the line's end or the text's. */
  private plainStop(start: number): number {
    const { text, end } = this;
    const first = text.charCodeAt(start);
    if (first === dash ? isBlankOrEnd(text, start + 1, end) : !canStartPlain(first)) throw unsure;
    for (let pos = start + 1; pos < end; pos += 1) {
      const code = text.charCodeAt(pos);
      if (!isOrdinary(code) && this.stopsPlain(pos, code)) return pos;
    }
    return end;
  }

  private stopsPlain(pos: number, code: number): boolean {
    switch (code) {
      case lineFeed:
      case carriageReturn:
        return true;
      case colon:
        return isBlankOrEnd(this.text, pos + 1, this.end);
      case hash:
        return this.text.charCodeAt(pos - 1) === space;
      default:
        throw unsure;
    }
  }

  /** End of a scalar without the blanks before what stopped it. */
  private trimmed(stop: number): number {
    let end = stop;
    while (this.text.charCodeAt(end - 1) === space) end -= 1;
    return end;
  }

  /** True where the line holds nothing more after a colon or dash and its blank; stands at the content otherwise. */
  private isLineOver(): boolean {
    const { text, end } = this;
    let pos = this.pos;
    while (pos < end && text.charCodeAt(pos) === space) pos += 1;
    if (pos >= end) return true;
    const code = text.charCodeAt(pos);
    if (code === lineFeed || code === carriageReturn || code === hash) return true;
    this.pos = pos;
    return false;
  }

  /** The value after a key's colon. */
  private value(column: number): Json {
    if (!this.isLineOver()) return this.scalarOrFlow(column);
    this.endLine();
    if (this.indent > column) return this.block();
    if (this.indent === column && this.isDash()) return this.sequence(column);
    return this.empty();
  }

  /** A value that is not there; the full parser reports it at the start. */
  private empty(): null {
    this.at = this.start;
    return null;
  }

  private sequence(column: number): Json[] {
    this.enter();
    const items: Json[] = [];
    const places = this.log?.itemsOf(items);
    let first = -1;
    do {
      this.pos += 1;
      items.push(this.item(column));
      if (first === -1) first = this.at;
      places?.push(this.at - this.start);
    } while (this.indent === column && this.isDash());
    this.at = first;
    this.depth -= 1;
    return items;
  }

  /** What follows a dash. */
  private item(column: number): Json {
    const dashAt = this.pos - 1;
    if (this.isLineOver()) {
      this.endLine();
      return this.indent > column ? this.block() : this.empty();
    }
    const inner = column + this.pos - dashAt;
    if (this.isDash()) return this.sequence(inner);
    return this.isKey() ? this.mapping(inner) : this.scalarOrFlow(column);
  }

  /** True where the content of a list item begins with a key. */
  private isKey(): boolean {
    const { text, end, pos } = this;
    const code = text.charCodeAt(pos);
    if (code === doubleQuote || code === singleQuote) {
      let after = quotedEnd(text, pos + 1, end) + 1;
      while (after < end && text.charCodeAt(after) === space) after += 1;
      return after < end && text.charCodeAt(after) === colon;
    }
    if (code !== dash && !canStartPlain(code)) return false;
    const stop = this.plainStop(pos);
    return stop < end && text.charCodeAt(stop) === colon;
  }

  private scalarOrFlow(column: number): Json {
    switch (this.text.charCodeAt(this.pos)) {
      case doubleQuote:
      case singleQuote:
        return this.quoted();
      case verticalBar:
      case greaterThan:
        return this.blockScalar(column);
      case openBracket:
      case openBrace:
        return this.flow();
      default:
        return this.plain();
    }
  }

  private plain(): Json {
    const start = this.pos;
    const stop = this.plainStop(start);
    const text = this.strings.value(this.text, start, this.trimmed(stop));
    this.pos = stop > start && this.text.charCodeAt(stop) === hash ? stop - 1 : stop;
    this.endLine();
    this.at = start;
    return resolvePlainScalar(text);
  }

  private quoted(): string {
    const start = this.pos + 1;
    const stop = quotedEnd(this.text, start, this.end);
    this.pos = stop + 1;
    this.endLine();
    this.at = start;
    return quotedValue(this.text, start, stop);
  }

  private blockScalar(column: number): string {
    const { value, start, next } = readBlockScalar(this.text, this.pos, this.end, column);
    this.skipLines(next);
    this.at = start;
    return value;
  }

  private flow(): Json {
    const node: FlowNode = readFlow({ text: this.text, start: this.start, end: this.end }, this.pos, this.log);
    this.pos = node.next;
    this.endLine();
    this.at = node.at;
    return node.value;
  }
}
