// A request in HTTP/1.1 as it goes out. Pure.

import type { Headers } from '../headers.ts';
import { WireError } from './wire-error.ts';

export interface WireRequest {
  readonly method: string;
  /** With its query, encoded. */
  readonly path: string;
  readonly headers: Headers;
  readonly body: string | Uint8Array | null;
}

/** Bytes that go out after each other. A text goes out as UTF-8 where it is the only one. */
export type Rendered = readonly [string] | readonly [Buffer, Uint8Array];

/** What would end a line in the middle of it. */
const badPath = /[^\u0021-\u007e]/;
const badValue = /[^\t\u0020-\u007e\u0080-\u00ff]/;
const beyondAscii = /[^\t\r\n -~]/;

function lineOf(name: string, value: string): string {
  if (badValue.test(value)) throw new WireError('request', `the header ${name} holds what no header may hold`);
  return `${name}: ${value}\r\n`;
}

/** Servers wait for a body of these, so that having none is said. */
const withBody = new Set(['POST', 'PUT', 'PATCH']);

function lengthLine({ method, body }: WireRequest): string {
  if (body === null) return withBody.has(method) ? 'content-length: 0\r\n' : '';
  return `content-length: ${typeof body === 'string' ? Buffer.byteLength(body) : body.length}\r\n`;
}

function headerLines(headers: Headers): string {
  let text = '';
  for (const [name, value] of Object.entries(headers))
    text += typeof value === 'string' ? lineOf(name, value) : value.map((each) => lineOf(name, each)).join('');
  return text;
}

/** Throws `WireError` for what cannot be sent. */
export function renderRequest(request: WireRequest, host: string): Rendered {
  const { method, path, headers, body } = request;
  if (badPath.test(path)) throw new WireError('request', 'the path holds what no address may hold');
  const first = `${method} ${path} HTTP/1.1\r\nhost: ${host}\r\nconnection: keep-alive\r\n`;
  const head = `${first}${headerLines(headers)}${lengthLine(request)}\r\n`;
  if (!(body instanceof Uint8Array) && !beyondAscii.test(head)) return [head + (body ?? '')];
  return [Buffer.from(head, 'latin1'), body instanceof Uint8Array ? body : Buffer.from(body ?? '')];
}
