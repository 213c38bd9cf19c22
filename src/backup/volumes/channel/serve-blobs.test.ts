import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { placeOf } from './blob-folder.ts';
import { readPackets, requests } from './packets.ts';
import { serveBlobs } from './serve-blobs.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-blobs-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

function field(value: string | number | Buffer): Buffer {
  const number = Buffer.alloc(4);
  if (typeof value === 'number') {
    number.writeUInt32BE(value);
    return number;
  }
  const content = Buffer.from(value);
  number.writeUInt32BE(content.length);
  return Buffer.concat([number, content]);
}

function long(value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes;
}

function request(type: number, id: number, ...fields: readonly Buffer[]): Buffer {
  const body = Buffer.concat([Buffer.from([type]), field(id), ...fields]);
  return Buffer.concat([field(body.length), body]);
}

/** What is answered to the requests: type, then what follows the id. */
async function ask(...sent: readonly Buffer[]): Promise<readonly (readonly [type: number, rest: Buffer])[]> {
  const [input, output] = [new PassThrough(), new PassThrough()];
  const serving = serveBlobs(join(folder, 'kopia'), input, output);
  for (const each of sent) input.write(each);
  input.end();
  await serving;
  output.end();
  const found: (readonly [number, Buffer])[] = [];
  for await (const { type, body } of readPackets(output)) found.push([type, body.subarray(4)]);
  return found;
}

const part = '/repository/p12.f.tmp.0a1b';
const [writing, reading] = [field(0x2a), field(1)];
const noAttributes = field(0);
const [ok, missing, refused] = [0, 2, 3];
const statusIn = (answer: readonly [number, Buffer] | undefined): number | undefined => answer?.[1].readUInt32BE(0);

describe('blobs over two streams', () => {
  it('a blob is there when it is moved into place, and not before', async () => {
    const begin = [
      request(requests.open, 1, field(part), writing, noAttributes),
      request(requests.write, 2, field('1'), long(0), field('hello ')),
      request(requests.write, 3, field('1'), long(6), field('world')),
      request(requests.close, 4, field('1')),
      request(requests.stat, 5, field('/repository/p12.f')),
    ];
    const answers = await ask(...begin);
    expect(statusIn(answers.at(-1))).toBe(missing);
    expect(readdirSync(join(folder, 'kopia')).some((name) => name === 'p12')).toBe(false);
    rmSync(join(folder, 'kopia'), { recursive: true });
    const rename = request(
      requests.extended,
      6,
      field('posix-rename@openssh.com'),
      field(part),
      field('/repository/p12.f'),
    );
    expect(statusIn((await ask(...begin, rename)).at(-1))).toBe(ok);
    expect(readFileSync(join(folder, 'kopia', 'p12'), 'utf8')).toBe('hello world');
    const [, found] = await ask(
      request(requests.open, 7, field('/repository/p12.f'), reading, noAttributes),
      request(requests.read, 8, field('1'), long(6), field(100)),
    );
    expect(found?.[1].subarray(4).toString()).toBe('world');
  });

  it('nothing outside of the folder is read, written or removed', async () => {
    writeFileSync(join(folder, 'secret'), 'x');
    mkdirSync(join(folder, 'kopia'));
    const paths = ['/repository/../secret.f', '/secret.f', '/etc/passwd', '/repository/a/b.f', '/repository/..f'];
    const answers = await ask(
      ...paths.map((path, at) => request(requests.open, at, field(path), reading, noAttributes)),
      ...paths.map((path, at) => request(requests.open, at, field(`${path}.tmp.0a`), writing, noAttributes)),
      ...paths.map((path, at) => request(requests.remove, at, field(path))),
    );
    expect(answers.map(statusIn)).toEqual(answers.map(() => refused));
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe('x');
  });

  it('no path leads out, whatever it is', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^\/repository\/[./\w-]*\.f$/)), (path) => {
        const place = placeOf('/store', path);
        if ('file' in place) expect(place.file).toMatch(/^\/store\/[^./][^/]*$/);
      }),
    );
  });

  it('what is no packet ends it', async () => {
    const [input, output] = [new PassThrough(), new PassThrough()];
    input.end(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await expect(serveBlobs(folder, input, output)).rejects.toThrow('none of SFTP');
  });
});
