// Finds the JSON values in text that comes in pieces: one a line, one behind the other, pretty-printed, or inside one long list.

import type { Json } from '../../model/index.ts';
import { listFields } from './records-in.ts';

/** Characters that may wait for the end of their line before they are gone through one by one. */
const longestLine = 4 * 1024 * 1024;

/** Gets each value, and `undefined` for text that is none. */
export type TakeValue = (value: Json | undefined) => void;

function tryParse(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}

/** Where JSON begins in a line: collectors put a time before it. */
function jsonStart(line: string): number {
  return /^\s*\[/.test(line) ? 0 : line.indexOf('{');
}

const quote = '"'.charCodeAt(0);
const backslash = '\\'.charCodeAt(0);
const newline = '\n'.charCodeAt(0);
const space = ' '.charCodeAt(0);
const colon = ':'.charCodeAt(0);
const comma = ','.charCodeAt(0);
const openObject = '{'.charCodeAt(0);
const closeObject = '}'.charCodeAt(0);
const openList = '['.charCodeAt(0);
const closeList = ']'.charCodeAt(0);

/**
 * A line that is one value is parsed at once. What is not is gone through character by character, and the items of a list that wraps
 * the events are given one by one: never more than one event and one piece is held.
 */
export class JsonValues {
  private readonly take: TakeValue;
  private buffer = '';
  /** How far the text has been gone through. */
  private at = 0;
  /** Where the text begins that is still needed: a line, a value, or an item. */
  private start = 0;
  private isWalking = false;
  /** Opening brackets around `at`. */
  private stack: number[] = [];
  /** How many brackets stand around the items of a list that are given one by one; 0 while there is no such list. */
  private listDepth = 0;
  /** The value on the way was such a list, or had one: it is not given as a whole. */
  private isWrapper = false;
  private isInText = false;
  private textStart = 0;
  private lastText = '';
  /** The last character that means something, outside of texts. */
  private before = 0;

  constructor(take: TakeValue) {
    this.take = take;
  }

  push(piece: string): void {
    this.buffer = this.buffer.slice(this.start) + piece;
    this.at -= this.start;
    this.textStart -= this.start;
    this.start = 0;
    this.run(false);
  }

  /** Takes what is left as the last line. */
  end(): void {
    if (!this.isWalking) this.at = this.start;
    this.run(true);
    if (this.isWalking && this.stack.length > 0) this.take(undefined);
  }

  private run(isLast: boolean): void {
    while (this.at < this.buffer.length) {
      const goesOn = this.isWalking ? this.walk() : this.takeLine(isLast);
      if (!goesOn) return;
    }
  }

  /** Gives a whole line; false where its end is still to come. */
  private takeLine(isLast: boolean): boolean {
    const end = this.buffer.indexOf('\n', this.at);
    if (end === -1 && !isLast) {
      if (this.buffer.length - this.start < longestLine) return this.wait();
      this.beginWalk(this.start);
      return true;
    }
    const stop = end === -1 ? this.buffer.length : end;
    const line = this.buffer.slice(this.start, stop);
    if (line.trim() === '') return this.nextLine(stop + 1);
    const from = jsonStart(line);
    const value = from === -1 ? undefined : tryParse(from === 0 ? line : line.slice(from));
    if (value === undefined && from !== -1) {
      this.beginWalk(this.start + from);
      return true;
    }
    this.take(value);
    return this.nextLine(stop + 1);
  }

  private wait(): boolean {
    this.at = this.buffer.length;
    return false;
  }

  private nextLine(at: number): boolean {
    this.at = Math.min(at, this.buffer.length);
    this.start = this.at;
    return true;
  }

  private beginWalk(at: number): void {
    this.isWalking = true;
    this.start = at;
    this.at = at;
    this.stack = [];
    this.listDepth = 0;
    this.isWrapper = false;
    this.isInText = false;
    this.before = 0;
  }

  /** Back to lines, behind or at what was not JSON. */
  private giveUp(at: number): boolean {
    this.take(undefined);
    this.isWalking = false;
    return this.nextLine(at);
  }

  /** Goes on character by character; false at the end of the text, true where lines are to be looked at again. */
  private walk(): boolean {
    while (this.at < this.buffer.length) {
      const code = this.buffer.charCodeAt(this.at);
      const isLost = this.isInText ? this.stepInText(code) : this.stepOutside(code);
      if (isLost) return true;
      this.at += 1;
    }
    return false;
  }

  /** JSON has no line end in a text: there the line was cut off. */
  private stepInText(code: number): boolean {
    if (code === newline) return this.giveUp(this.at + 1);
    if (code === backslash) this.at += 1;
    if (code !== quote) return false;
    this.isInText = false;
    if (this.stack.length === 1) this.lastText = this.buffer.slice(this.textStart, this.at);
    this.before = quote;
    return false;
  }

  private stepOutside(code: number): boolean {
    if (code <= space) return code === newline && this.endOfLine();
    if (code === openObject || code === openList) return this.open(code);
    if (code === closeObject || code === closeList) this.close();
    else if (code === quote) {
      this.isInText = true;
      this.textStart = this.at + 1;
    } else this.before = code;
    return false;
  }

  /** Between values, lines are looked at as a whole again. */
  private endOfLine(): boolean {
    if (this.stack.length > 0) return false;
    this.isWalking = false;
    return this.nextLine(this.at + 1);
  }

  /** Whether a bracket may open here: an event that begins in the middle of another says that the line before was cut off. */
  private mayOpen(): boolean {
    const around = this.stack.at(-1);
    if (around === undefined || this.before === colon) return true;
    return around === openList && (this.before === openList || this.before === comma);
  }

  private open(code: number): boolean {
    if (!this.mayOpen()) return this.giveUp(this.at);
    const depth = this.stack.length;
    if (depth === 0 || depth === this.listDepth) this.start = this.at;
    if (this.listDepth === 0 && code === openList && this.wrapsEvents(depth)) {
      this.listDepth = depth + 1;
      this.isWrapper = true;
    }
    this.stack.push(code);
    this.before = code;
    return false;
  }

  private wrapsEvents(depth: number): boolean {
    return depth === 0 || (depth === 1 && this.stack[0] === openObject && listFields.includes(this.lastText));
  }

  private close(): void {
    this.stack.pop();
    this.before = closeObject;
    const depth = this.stack.length;
    if (depth === this.listDepth && (depth > 0 || !this.isWrapper)) {
      this.take(tryParse(this.buffer.slice(this.start, this.at + 1)));
      this.start = this.at + 1;
    }
    if (depth < this.listDepth) this.listDepth = 0;
    if (depth === 0) this.isWrapper = false;
  }
}
