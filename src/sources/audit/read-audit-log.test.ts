import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { readAuditLog } from './read-audit-log.ts';

const folder = mkdtempSync(join(tmpdir(), 'nowwhat-audit-'));
afterAll(() => rmSync(folder, { recursive: true }));

const line = `${JSON.stringify({ kind: 'Event', apiVersion: 'audit.k8s.io/v1', verb: 'get', requestURI: '/api/v1/nodes/ü', user: { username: 'jana' } })}\n`;

function write(name: string, content: string | Uint8Array): string {
  const file = join(folder, name);
  writeFileSync(file, content);
  return file;
}

function damaged(): Uint8Array {
  const bytes = gzipSync(line.repeat(5000));
  return bytes.fill(0xff, 20, 40);
}

async function read(file: string, stdin: readonly Uint8Array[] = []) {
  const names: string[] = [];
  const result = await readAuditLog(file, {
    take: ({ request }) => names.push('url' in request ? request.url : (request.name ?? '')),
    stdin: async function* () {
      yield* stdin;
    },
    progress: () => undefined,
  });
  return { ...result, names: new Set(names) };
}

describe('an audit log', () => {
  it('is read plain, gzipped, and from standard input in any pieces', async () => {
    const text = line.repeat(5000);
    const bytes = new TextEncoder().encode(line.repeat(3));
    const expected = { records: 5000, ignored: 0, names: new Set(['ü']) };
    expect(await read(write('a.log', text))).toMatchObject(expected);
    expect(await read(write('a.log.gz', gzipSync(text)))).toMatchObject(expected);
    const single = [...bytes].map((byte) => Uint8Array.of(byte));
    expect(await read('-', single)).toMatchObject({ records: 3, name: 'standard input', names: new Set(['ü']) });
    expect(await read('-', [gzipSync(line)])).toMatchObject({ records: 1 });
  });

  it.each([
    ['missing', () => join(folder, 'nowhere'), 'path-missing'],
    ['a folder', () => folder, 'invalid-audit-log'],
    ['empty', () => write('empty', ''), 'invalid-audit-log'],
    ['another file', () => write('pod.json', '{"kind":"Pod"}'), 'invalid-audit-log'],
    ['gzip that is cut off', () => write('cut.gz', gzipSync(line.repeat(5000)).subarray(0, 60)), 'invalid-audit-log'],
    ['gzip with a wrong byte', () => write('wrong.gz', damaged()), 'invalid-audit-log'],
  ])('that is %s is an error of the user', async (_, file, code) => {
    await expect(read(file())).rejects.toMatchObject({ code });
  });

  it('keeps the cause of an error that is not about its path', async () => {
    const cause = new TypeError('a bug of whoever takes the records');
    const take = (): void => {
      throw cause;
    };
    const reader = { take, stdin: async function* () {}, progress: () => undefined };
    await expect(readAuditLog(write('fine.log', line), reader)).rejects.toBe(cause);
  });
});
