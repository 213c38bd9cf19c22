import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { parsePaxRecords } from './tar-header.ts';
import { TarReader } from './tar-reader.ts';

interface Entry {
  readonly name: string;
  readonly content: string;
}

async function packed(entries: readonly Entry[]): Promise<Buffer> {
  const tar = pack();
  for (const { name, content } of entries) tar.entry({ name }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** In pieces of these sizes, again and again. */
function read(tar: Buffer, sizes: readonly number[], isWanted: (name: string) => boolean = () => true): Entry[] {
  const reader = new TarReader(({ name, type }) => (type === 'file' && isWanted(name) ? name : undefined));
  const found: Entry[] = [];
  for (let at = 0, turn = 0; at < tar.length; turn += 1) {
    const size = sizes[turn % sizes.length] ?? tar.length;
    for (const { wanted, content } of reader.push(tar.subarray(at, at + size)))
      found.push({ name: wanted, content: content.toString('utf8') });
    at += size;
  }
  reader.end();
  return found;
}

const entry = fc.record({
  name: fc.oneof(
    fc.stringMatching(/^[a-z][a-z0-9/.:-]{0,120}[a-z]$/),
    fc.stringMatching(/^[a-zäö€]{1,200}$/),
    fc.stringMatching(/^[a-z]{90,160}\/[a-z]{90,160}$/),
  ),
  content: fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('', 'x'.repeat(512), 'y'.repeat(5000))),
});

describe('entries of a tar archive', () => {
  it('are read whole, in whatever pieces they come', async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 3000 }), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(fc.array(entry, { maxLength: 10 }), sizes, async (entries, pieces) => {
        expect(read(await packed(entries), pieces)).toEqual(entries);
      }),
    );
  });

  it('are passed over where nobody wants them', async () => {
    const entries = ['a', 'b', 'c'].map((name) => ({ name, content: name.repeat(700) }));
    expect(read(await packed(entries), [1000], (name) => name !== 'b')).toEqual([entries[0], entries[2]]);
  });

  it.each(['gnu', 'ustar', 'pax'])('are those that the tar program has packed as %s', (format) => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-tar-'));
    // What ustar cannot hold, tar does not pack as such.
    const names = ['short', `${'a'.repeat(80)}/${'b'.repeat(90)}`, ...(format === 'ustar' ? [] : ['c'.repeat(220)])];
    try {
      for (const name of names) {
        mkdirSync(join(folder, dirname(name)), { recursive: true });
        writeFileSync(join(folder, name), name);
      }
      const { stdout } = spawnSync('tar', ['-cf', '-', `--format=${format}`, ...names], { cwd: folder });
      expect(read(stdout, [700])).toEqual(names.map((name) => ({ name, content: name })));
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('tell where the archive was cut off, at whatever byte', async () => {
    const tar = await packed([{ name: 'a', content: 'x'.repeat(600) }]);
    for (let length = 1; length < 512 + 1024; length += 1) expect(refuses(tar.subarray(0, length))).toBe(true);
  });

  it('are refused where a header is not what was written', async () => {
    const tar = await packed([{ name: 'a', content: 'x' }]);
    // All bytes but those that end the sum.
    for (let at = 0; at < 512; at += at === 153 ? 3 : 1) {
      const changed = Buffer.from(tar);
      changed[at] = (changed[at] ?? 0) ^ 0x55;
      expect(refuses(changed)).toBe(true);
    }
  });
});

function refuses(tar: Buffer): boolean {
  try {
    read(tar, [512]);
    return false;
  } catch {
    return true;
  }
}

it.each(['', '5 a=b', '6 a=b\n', '9 a=b\n', 'x a=b\n', '6 abcd', '-1 a=b\n', '6 a=b\n7 a=b\n', '6=ab \n'])(
  'records of PAX are whole or none: %j',
  (text) => {
    const bytes = Buffer.from(text);
    if (text === '' || text === '6 a=b\n') expect(parsePaxRecords(bytes).size).toBe(text === '' ? 0 : 1);
    else expect(() => parsePaxRecords(bytes)).toThrow('PAX');
  },
);
