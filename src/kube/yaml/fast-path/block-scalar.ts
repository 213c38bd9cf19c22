// Literal (`|`) and folded (`>`) scalars.

import { getScalarValue } from 'js-yaml';
import {
  afterComment,
  afterLineBreak,
  carriageReturn,
  dash,
  hash,
  isPrintable,
  lineFeed,
  plus,
  space,
  tab,
  unsure,
  verticalBar,
} from './characters.ts';

interface Header {
  readonly literal: boolean;
  /** js-yaml's numbers: 1 clip, 2 strip, 3 keep. */
  readonly chomping: 1 | 2 | 3;
  /** Explicit indentation counted from the parent's, or 0. */
  readonly width: number;
  /** First character of the first line of content. */
  readonly start: number;
}

export interface BlockScalar {
  readonly value: string;
  /** First character of the content, as the full parser reports it. */
  readonly start: number;
  /** First character of the line after the scalar. */
  readonly next: number;
}

function readHeader(text: string, at: number, end: number): Header {
  let pos = at + 1;
  let chomping: Header['chomping'] = 1;
  let width = 0;
  for (; pos < end; pos += 1) {
    const code = text.charCodeAt(pos);
    if ((code === dash || code === plus) && chomping === 1) chomping = code === dash ? 2 : 3;
    else if (code > 48 && code < 58 && width === 0) width = code - 48;
    else break;
  }
  return { literal: text.charCodeAt(at) === verticalBar, chomping, width, start: afterHeader(text, pos, end) };
}

function afterHeader(text: string, at: number, end: number): number {
  let pos = at;
  while (pos < end && text.charCodeAt(pos) === space) pos += 1;
  if (pos >= end) throw unsure;
  const code = text.charCodeAt(pos);
  if (code === hash && pos > at) return afterComment(text, pos, end);
  if (code === lineFeed || code === carriageReturn) return afterLineBreak(text, pos, end);
  throw unsure;
}

/** Reads the lines of one scalar; `parent` is the column of the node that holds it. */
class BlockReader {
  /** Column of the content; 0 until it is known. */
  private indent: number;
  private contentStart = -1;
  private contentEnd = -1;
  /** Blank lines with spaces in them, or before the content, and CRLF: the full parser's own function joins the lines. */
  private isUneven = false;
  private deepestBlank = 0;
  private readonly text: string;
  private readonly end: number;
  private readonly parent: number;
  private readonly header: Header;

  constructor(text: string, at: number, end: number, parent: number) {
    this.text = text;
    this.end = end;
    this.parent = parent;
    this.header = readHeader(text, at, end);
    this.indent = this.header.width === 0 ? 0 : parent + this.header.width;
  }

  read(): BlockScalar {
    const { text, end } = this;
    const { start } = this.header;
    let line = start;
    while (line < end) {
      let pos = line;
      while (pos < end && text.charCodeAt(pos) === space) pos += 1;
      if (pos >= end) {
        if (pos > line) throw unsure;
        break;
      }
      const code = text.charCodeAt(pos);
      if (code === lineFeed || code === carriageReturn) line = this.blank(line, pos);
      else if (this.isContent(pos - line, code)) line = this.content(line, pos);
      else break;
    }
    return { value: this.value(line), start, next: line };
  }

  private blank(line: number, pos: number): number {
    const column = pos - line;
    if (this.indent === 0 && column > this.deepestBlank) this.deepestBlank = column;
    if (column > 0 || this.contentStart === -1) this.isUneven = true;
    if (this.text.charCodeAt(pos) === carriageReturn) this.isUneven = true;
    return afterLineBreak(this.text, pos, this.end);
  }

  private isContent(column: number, code: number): boolean {
    if (this.indent === 0) {
      if (code === tab || (column > this.parent && column < this.deepestBlank)) throw unsure;
      if (column <= this.parent) return false;
      this.indent = column;
    }
    if (column >= this.indent) return true;
    if (code === tab) throw unsure;
    return false;
  }

  private content(line: number, from: number): number {
    const { text, end } = this;
    if (this.contentStart === -1) this.contentStart = line + this.indent;
    let pos = from;
    for (; pos < end; pos += 1) {
      const code = text.charCodeAt(pos);
      if (code === lineFeed) {
        this.contentEnd = pos;
        return pos + 1;
      }
      if (!isPrintable(code) && code !== tab) break;
    }
    this.contentEnd = pos;
    if (pos >= end) return end;
    if (text.charCodeAt(pos) !== carriageReturn) throw unsure;
    this.isUneven = true;
    return afterLineBreak(text, pos, end);
  }

  private value(next: number): string {
    const { literal, chomping, start } = this.header;
    if (!literal || this.isUneven || chomping === 3 || this.contentStart === -1) return this.joined(next);
    // With its own line end the value comes out of `join` in one piece; added to it, V8 would keep two.
    const hasEnd = chomping === 1 && this.contentEnd < this.end;
    const body = this.text.slice(this.contentStart, hasEnd ? this.contentEnd + 1 : this.contentEnd);
    const value = body.split(`\n${' '.repeat(this.contentStart - start)}`).join('\n');
    return chomping === 1 && !hasEnd ? `${value}\n` : value;
  }

  private joined(next: number): string {
    const { literal, chomping, start } = this.header;
    const raw = this.text.slice(start, next);
    const indent = this.indent === 0 ? -1 : this.indent;
    const none = { anchorStart: -1, anchorEnd: -1, tagStart: -1, tagEnd: -1, fast: false };
    const range = { valueStart: 0, valueEnd: raw.length };
    return getScalarValue(raw, { type: 4, ...range, style: literal ? 4 : 5, chomping, indent, ...none });
  }
}

/** Reads the block scalar whose `|` or `>` stands at `at`, in a node whose parent begins in column `parent`. */
export function readBlockScalar(text: string, at: number, end: number, parent: number): BlockScalar {
  return new BlockReader(text, at, end, parent).read();
}
