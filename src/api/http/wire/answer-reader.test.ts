import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AnswerReader } from './answer-reader.ts';

/** Reads in pieces that end at the given places. */
function read(bytes: Buffer, cuts: readonly number[] = [], method = 'GET'): AnswerReader {
  const reader = new AnswerReader(method);
  let from = 0;
  for (const to of [...cuts.filter((cut) => cut < bytes.length).toSorted((a, b) => a - b), bytes.length]) {
    if (to > from) reader.push(bytes.subarray(from, to));
    from = to;
  }
  return reader;
}

function lines(...all: string[]): Buffer {
  return Buffer.from(all.map((line) => `${line}\r\n`).join(''));
}

interface Framed {
  readonly headers: readonly string[];
  readonly bytes: Buffer;
}

function inChunks(pieces: readonly Uint8Array[]): Framed {
  const chunks = pieces
    .filter(({ length }) => length > 0)
    .map((piece) =>
      Buffer.concat([Buffer.from(`${piece.length.toString(16)};note=1\r\n`), piece, Buffer.from('\r\n')]),
    );
  return {
    headers: ['Transfer-Encoding: chunked'],
    bytes: Buffer.concat([...chunks, Buffer.from('0\r\nX-Later: 1\r\n\r\n')]),
  };
}

describe('an answer', () => {
  const pieces = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 6 });
  const cuts = fc.array(fc.nat(600), { maxLength: 12 });

  it.each([
    ['of a known length', (body: Buffer): Framed => ({ headers: [`content-length: ${body.length}`], bytes: body })],
    ['in chunks', (_body: Buffer, parts: readonly Uint8Array[]): Framed => inChunks(parts)],
    ['that ends with its connection', (body: Buffer): Framed => ({ headers: [], bytes: body })],
  ] as const)('%s is the same in whatever pieces it comes', (_title, frame) => {
    fc.assert(
      fc.property(pieces, cuts, fc.boolean(), (parts, at, hinted) => {
        const body = Buffer.concat(parts);
        const { headers, bytes } = frame(body, parts);
        const early = hinted ? lines('HTTP/1.1 103 Early Hints', 'Link: x', '') : Buffer.alloc(0);
        const head = lines('HTTP/1.1 201 Created', 'Warning: 1', 'X-A:  b ', 'warning: 2', ...headers, '');
        const reader = read(Buffer.concat([early, head, bytes]), at);
        reader.end();
        const answer = reader.answer();
        expect(answer.status).toBe(201);
        expect(answer.headers).toMatchObject({ 'x-a': 'b', warning: ['1', '2'] });
        expect(answer.body.equals(body)).toBe(true);
        expect(reader.hasMore).toBe(false);
      }),
    );
  });

  it.each([
    ['HEAD', 200],
    ['GET', 204],
    ['GET', 304],
  ])('to %s with %i has no body, whatever its length says', (method, status) => {
    const reader = read(lines(`HTTP/1.1 ${status} X`, 'content-length: 5', ''), [], method);
    expect(reader.isDone).toBe(true);
    expect(reader.answer()).toMatchObject({ status, body: Buffer.alloc(0) });
  });

  it('that is cut off anywhere is never whole', () => {
    const whole = Buffer.concat([
      lines('HTTP/1.1 200 OK', 'transfer-encoding: chunked', ''),
      inChunks([Buffer.from('abc')]).bytes,
    ]);
    for (let length = 0; length < whole.length; length += 1) {
      const reader = read(whole.subarray(0, length));
      expect(reader.isDone).toBe(false);
      expect(() => reader.end()).toThrow(expect.objectContaining({ code: 'ERR_ANSWER_CUT' }));
    }
  });

  it.each([
    ['no HTTP', ['SSH-2.0-x', '']],
    ['another protocol', ['HTTP/1.1 101 Switching', '']],
    ['HTTP/2', ['HTTP/2 200', '']],
    ['both a length and chunks', ['HTTP/1.1 200 OK', 'content-length: 3', 'transfer-encoding: chunked', '']],
    ['two lengths', ['HTTP/1.1 200 OK', 'content-length: 3', 'content-length: 4', '']],
    ['a length below zero', ['HTTP/1.1 200 OK', 'content-length: -3', '']],
    ['a header without a name', ['HTTP/1.1 200 OK', ': x', '']],
    ['a header that goes on in the next line', ['HTTP/1.1 200 OK', 'a: b', ' c', '']],
    ['a chunk without a size', ['HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', 'x']],
    ['a chunk that is longer than it says', ['HTTP/1.1 200 OK', 'transfer-encoding: chunked', '', '1', 'ab']],
  ])('with %s is refused', (_title, said) => {
    expect(() => read(lines(...said))).toThrow(expect.objectContaining({ code: 'ERR_ANSWER_INVALID' }));
  });

  it('with a head that does not end is refused before it fills the memory', () => {
    const reader = new AnswerReader('GET');
    reader.push(lines('HTTP/1.1 200 OK'));
    expect(() => {
      for (let at = 0; at < 5000; at += 1) reader.push(lines(`x-${at}: ${'a'.repeat(100)}`));
    }).toThrow(expect.objectContaining({ code: 'ERR_ANSWER_INVALID' }));
  });

  it('says what came behind it, which nobody asked for', () => {
    expect(read(lines('HTTP/1.1 200 OK', 'content-length: 0', '', 'HTTP/1.1 200 OK')).hasMore).toBe(true);
  });
});

describe('the connection of an answer', () => {
  const keptFor = (first: string, ...headers: string[]) =>
    read(lines(first, 'content-length: 0', ...headers, '')).head?.keptFor;

  it.each([
    ['HTTP/1.1 200 OK', [], 70_000],
    ['HTTP/1.1 200 OK', ['Connection: Close'], 0],
    ['HTTP/1.0 200 OK', [], 0],
    ['HTTP/1.0 200 OK', ['connection: keep-alive'], 70_000],
    ['HTTP/1.1 200 OK', ['connection: keep-alive', 'Keep-Alive: timeout=5, max=9'], 4000],
    ['HTTP/1.1 200 OK', ['keep-alive: timeout=1'], 0],
    ['HTTP/1.1 200 OK', ['keep-alive: timeout=900'], 70_000],
  ] as const)('%s with %j is kept for %i ms', (first, headers, expected) => {
    expect(keptFor(first, ...headers)).toBe(expected);
  });
});
