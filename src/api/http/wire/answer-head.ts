// The beginning of an answer in HTTP/1.1 (RFC 9112): its status, its headers, and how its body is framed. Pure.

import type { Answer } from '../answer-body.ts';
import { WireError } from './wire-error.ts';

/** `length` bytes, chunks that say their own, or all that comes until the connection ends. */
export type Framing = { readonly length: number } | 'chunked' | 'until-end';

export interface AnswerHead {
  readonly status: number;
  readonly headers: Answer['headers'];
  readonly framing: Framing;
  /** Milliseconds for which the connection may be kept for another request; 0 where it ends with this answer. */
  readonly keptFor: number;
}

const statusLine = /^HTTP\/1\.([01]) (\d{3})(?: |$)/;
const headerLine = /^([!#$%&'*+\-.^_`|~0-9A-Za-z]+):[ \t]*(.*?)[ \t]*$/;

function parseHeaders(lines: readonly string[]): Answer['headers'] {
  const headers: Record<string, string | string[]> = Object.create(null) as Record<string, string | string[]>;
  for (const line of lines) {
    const found = headerLine.exec(line);
    if (found === null) throw new WireError('invalid', 'the answer has a header that is none');
    const [, name = '', value = ''] = found;
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : [before, value].flat();
  }
  return headers;
}

function textOf(headers: Answer['headers'], name: string): string {
  const value = headers[name] ?? '';
  return (typeof value === 'string' ? value : value.join(',')).toLowerCase();
}

/** RFC 9112 6.3. Both a length and chunks are how answers are smuggled. */
function framingOf(headers: Answer['headers'], hasNoBody: boolean): Framing {
  if (hasNoBody) return { length: 0 };
  const [encoding, length] = [textOf(headers, 'transfer-encoding'), textOf(headers, 'content-length')];
  if (encoding !== '' && length !== '') throw new WireError('invalid', 'the answer has a length and is chunked');
  if (encoding !== '') return /(?:^|,)\s*chunked$/.test(encoding) ? 'chunked' : 'until-end';
  if (length === '') return 'until-end';
  if (!/^\d{1,15}$/.test(length)) throw new WireError('invalid', 'the answer has a length that is none');
  return { length: Number(length) };
}

/** A server that closes at the very moment of our next request would break it. */
const margin = 1000;

function keptFor(headers: Answer['headers'], isOld: boolean, most: number): number {
  const said = textOf(headers, 'connection').split(/\s*,\s*/);
  if (said.includes('close') || (isOld && !said.includes('keep-alive'))) return 0;
  const seconds = /timeout=(\d+)/.exec(textOf(headers, 'keep-alive'))?.[1];
  return seconds === undefined ? most : Math.min(most, Math.max(0, Number(seconds) * 1000 - margin));
}

/** `text`: all lines up to the empty one. `most`: milliseconds. Throws `WireError`. */
export function parseHead(text: string, method: string, most: number): AnswerHead {
  const [first = '', ...lines] = text.split('\r\n');
  const found = statusLine.exec(first);
  if (found === null) throw new WireError('invalid', 'the answer is no HTTP/1.1');
  const status = Number(found[2]);
  const headers = parseHeaders(lines);
  const hasNoBody = method === 'HEAD' || status < 200 || status === 204 || status === 304;
  const framing = framingOf(headers, hasNoBody);
  return { status, headers, framing, keptFor: framing === 'until-end' ? 0 : keptFor(headers, found[1] === '0', most) };
}
