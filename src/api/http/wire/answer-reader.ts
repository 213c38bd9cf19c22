// Takes one answer out of the bytes of a connection, in whatever pieces they come.

import type { Answer } from '../answer-body.ts';
import { keepAliveTimeout } from '../timeouts.ts';
import { type AnswerHead, parseHead } from './answer-head.ts';
import { WireError } from './wire-error.ts';

const mostHead = 1 << 16;
const mostChunkLine = 1 << 12;
const none: Buffer = Buffer.alloc(0);
const emptyLine = '\r\n\r\n';
const lineEnd = '\r\n';

/** What comes next. */
type Step = 'head' | 'body' | 'chunk-size' | 'chunk' | 'chunk-end' | 'trailers' | 'until-end' | 'done';

export class AnswerReader {
  head: AnswerHead | undefined;
  private step: Step = 'head';
  private rest: Buffer = none;
  /** Bytes of the body, or of its chunk, that have not come. */
  private left = 0;
  private readonly pieces: Buffer[] = [];
  private readonly method: string;

  constructor(method: string) {
    this.method = method;
  }

  get isDone(): boolean {
    return this.step === 'done';
  }

  /** Whether there is more than the answer, which nobody asked for. */
  get hasMore(): boolean {
    return this.isDone && this.rest.length > 0;
  }

  /** The body as far as it has come. */
  gathered(): Buffer {
    const [first] = this.pieces;
    return this.pieces.length === 1 && first !== undefined ? first : Buffer.concat(this.pieces);
  }

  /** Throws `WireError` where it is no answer. */
  push(piece: Buffer): void {
    this.rest = this.rest.length === 0 ? piece : Buffer.concat([this.rest, piece]);
    while (this.advance());
  }

  /** The connection has ended. Throws `WireError` where the answer had not. */
  end(): void {
    if (this.step === 'until-end') this.step = 'done';
    if (!this.isDone) throw new WireError('cut', 'the connection was closed before the answer was whole');
  }

  /** The answer that is done. */
  answer(): Answer<Buffer> {
    const { status = 0, headers = {} } = this.head ?? {};
    return { status, headers, body: this.gathered() };
  }

  /** Whether there may be more to take. */
  private advance(): boolean {
    switch (this.step) {
      case 'head':
        return this.takeHead();
      case 'body':
        return this.takeBody('done');
      case 'chunk-size':
        return this.takeChunkSize();
      case 'chunk':
        return this.takeBody('chunk-end');
      case 'chunk-end':
        return this.takeChunkEnd();
      case 'trailers':
        return this.takeTrailer();
      case 'until-end':
        return this.takeAll();
      case 'done':
        return false;
    }
  }

  /** The text up to `end`; nothing where it has not come yet. */
  private takeUntil(end: string, most: number): string | undefined {
    const at = this.rest.indexOf(end, 0, 'latin1');
    if (at > most || (at < 0 && this.rest.length > most))
      throw new WireError('invalid', 'the answer has a line without an end');
    if (at < 0) return undefined;
    const text = this.rest.toString('utf8', 0, at);
    this.rest = this.rest.subarray(at + end.length);
    return text;
  }

  private takeHead(): boolean {
    const text = this.takeUntil(emptyLine, mostHead);
    if (text === undefined) return false;
    const head = parseHead(text, this.method, keepAliveTimeout);
    if (head.status === 101) throw new WireError('invalid', 'the answer is of another protocol');
    // What is said on the way to the answer.
    if (head.status < 200) return true;
    this.head = head;
    this.begin(head);
    return true;
  }

  private begin({ framing }: AnswerHead): void {
    if (framing === 'chunked') this.step = 'chunk-size';
    else if (framing === 'until-end') this.step = 'until-end';
    else {
      this.left = framing.length;
      this.step = framing.length === 0 ? 'done' : 'body';
    }
  }

  private takeBody(next: Step): boolean {
    if (this.rest.length === 0) return false;
    const piece = this.rest.subarray(0, this.left);
    this.pieces.push(piece);
    this.rest = this.rest.subarray(piece.length);
    this.left -= piece.length;
    if (this.left > 0) return false;
    this.step = next;
    return true;
  }

  private takeAll(): boolean {
    if (this.rest.length > 0) this.pieces.push(this.rest);
    this.rest = none;
    return false;
  }

  private takeChunkSize(): boolean {
    const line = this.takeUntil(lineEnd, mostChunkLine);
    if (line === undefined) return false;
    const digits = /^([0-9a-f]{1,12})[ \t]*(?:;|$)/i.exec(line)?.[1];
    if (digits === undefined) throw new WireError('invalid', 'the answer has a chunk without a size');
    this.left = Number.parseInt(digits, 16);
    this.step = this.left === 0 ? 'trailers' : 'chunk';
    return true;
  }

  private takeChunkEnd(): boolean {
    if (this.rest.length < lineEnd.length) return false;
    if (this.rest.toString('latin1', 0, lineEnd.length) !== lineEnd)
      throw new WireError('invalid', 'the answer has a chunk that is too long');
    this.rest = this.rest.subarray(lineEnd.length);
    this.step = 'chunk-size';
    return true;
  }

  private takeTrailer(): boolean {
    const line = this.takeUntil(lineEnd, mostHead);
    if (line === '') this.step = 'done';
    return line !== undefined;
  }
}
