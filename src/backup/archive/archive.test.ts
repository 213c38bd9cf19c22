import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { pack } from 'tar-stream';
import { describe, expect, it } from 'vitest';
import { expectTried } from '../../../test/backup/fault-table.ts';
import type { Json, JsonObject } from '../../model/index.ts';
import { entryName, parseEntryName } from './entry-names.ts';
import { renderGoJson } from './go-json.ts';
import { archiveLimits, parseEntry, readArchive } from './read-archive.ts';
import { type Archived, type ArchivedObject, renderArchive } from './write-archive.ts';

function configMap(name: string, namespace: string, data: JsonObject = {}): ArchivedObject {
  const raw = { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name, namespace }, data };
  return { group: '', version: 'v1', resource: 'configmaps', kind: 'ConfigMap', namespace, name, raw };
}

async function write(objects: readonly ArchivedObject[]): Promise<{ tar: Buffer; told: Archived[] }> {
  const told: Archived[] = [];
  const pieces: Buffer[] = [];
  const writing = { modified: 1_700_000_000, onObject: (each: Archived) => told.push(each) };
  for await (const { tar } of renderArchive(Readable.from([objects]), writing)) pieces.push(tar);
  return { tar: Buffer.concat(pieces), told };
}

async function read(gzipped: Buffer, limits = archiveLimits) {
  const found: { place: ReturnType<typeof parseEntryName>; object: JsonObject }[] = [];
  for await (const entry of readArchive(Readable.from([gzipped]), 'a.tar.gz', { limits }))
    found.push({ place: entry.place, object: parseEntry(entry, 'a.tar.gz') });
  return found;
}

describe('Go JSON', () => {
  it('sorts keys by bytes and escapes what Go escapes', () => {
    const value = { b: '<a href="x">&\u2028</a>', a: [1, true, null, 1e21, 1e-7], '\u{1F600}': 1, '\uff01': 2, A: {} };
    expect(renderGoJson(value)).toBe(
      '{"A":{},"a":[1,true,null,1e+21,1e-7],"b":"\\u003ca href=\\"x\\"\\u003e\\u0026\\u2028\\u003c/a\\u003e","\uff01":2,"\u{1F600}":1}',
    );
  });

  it('says the same as JSON does, whatever it says', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(renderGoJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

describe('names of entries', () => {
  it('lead to the object and back', () => {
    const name = fc.stringMatching(/^[a-z0-9:][a-z0-9.:-]{0,30}$/);
    fc.assert(
      fc.property(name, fc.oneof(name, fc.constantFrom('', 'cluster', 'namespaces')), name, (a, namespace, b) => {
        for (const rest of [{}, { version: 'v1-preferredversion' }]) {
          const place = { groupResource: a, namespace, name: b, ...rest };
          expect(parseEntryName(entryName(place))).toEqual(place);
        }
      }),
    );
  });
});

describe('an archive', () => {
  it('holds each object twice, first where a restore looks, after the format version', async () => {
    const { tar, told } = await write([configMap('a', 'shop', { x: '<1>' })]);
    const found = await read(gzipSync(tar));
    expect(found.map(({ place }) => place)).toEqual([
      { groupResource: 'configmaps', namespace: 'shop', name: 'a' },
      { groupResource: 'configmaps', namespace: 'shop', name: 'a', version: 'v1-preferredversion' },
    ]);
    expect(found[0]?.object).toMatchObject({ data: { x: '<1>' } });
    expect(tar.subarray(0, 16).toString()).toBe('metadata/version');
    expect(told).toMatchObject([{ groupResource: 'configmaps', name: 'a', bytes: expect.any(Number) }]);
  });

  it('is one that the tar program unpacks, long and foreign names too', async () => {
    const long = 'a'.repeat(250);
    const objects = [configMap(long, 'b'.repeat(63)), configMap('system:grün', ''), configMap('x', 'c')];
    const { tar } = await write(objects);
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-archive-'));
    try {
      writeFileSync(join(folder, 'a.tar'), tar);
      const listed = spawnSync('tar', ['--list', '--verbose', '--quoting-style=literal', '-f', join(folder, 'a.tar')], {
        encoding: 'utf8',
        env: { ...process.env, LC_ALL: 'C.UTF-8', TZ: 'UTC' },
      });
      expect(listed.stderr).toBe('');
      expect(listed.stdout).toContain('-rwxr-xr-x');
      for (const name of [long, 'system:grün', 'x']) expect(listed.stdout).toContain(`/${name}.json`);
      expect(spawnSync('tar', ['-xf', 'a.tar'], { cwd: folder }).status).toBe(0);
      expect(readFileSync(join(folder, 'resources/configmaps/namespaces/c/x.json'), 'utf8')).toBe(
        renderGoJson(objects[2]?.raw ?? {}),
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('is read whole whatever the objects are', async () => {
    const data = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme', maxLength: 2000 }));
    await fc.assert(
      fc.asyncProperty(fc.array(data, { maxLength: 20 }), async (maps) => {
        const objects = maps.map((each, index) => configMap(`m${index}`, 'shop', each));
        const found = await read(gzipSync((await write(objects)).tar));
        const classic = found.filter(({ place }) => place?.version === undefined).map(({ object }) => object);
        expect(classic).toEqual(objects.map(({ raw }) => JSON.parse(JSON.stringify(raw))));
      }),
      { numRuns: 30 },
    );
  });
});

/** An archive made by hand. */
async function made(
  entries: readonly { name: string; type?: 'symlink' | 'link' | 'character-device' | 'file'; content?: string }[],
): Promise<Buffer> {
  const tar = pack();
  for (const { name, type = 'file', content = '{}' } of entries)
    if (type !== 'file') tar.entry({ name, type, linkname: '/etc/passwd' });
    else tar.entry({ name, type }, content);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const good = 'resources/pods/namespaces/a/b.json';

const hostile = [
  ['leads out of the archive', [{ name: '../../etc/cron.d/x' }]],
  ['leads out of the archive', [{ name: '/etc/passwd' }]],
  ['it is no file but a symlink', [{ name: 'resources/pods/cluster/x.json', type: 'symlink' as const }]],
  ['it is no file but a link', [{ name: 'resources/pods/cluster/x.json', type: 'link' as const }]],
  [
    'it is no file but a character-device',
    [{ name: 'resources/pods/cluster/x.json', type: 'character-device' as const }],
  ],
  ['it stands twice', [{ name: good }, { name: good }]],
  ['it is not a JSON object', [{ name: good, content: '[]' }]],
  ['it is no object', [{ name: 'resources/pods/x' }]],
] as const;

describe('a hostile archive is refused with its place', () => {
  it('in as many ways as the page says', () => {
    // And a bomb, a large object, too many entries, one cut off, a changed byte.
    expectTried('hostile archive', hostile.length + 5);
  });

  it.each(hostile)('%s', async (why, entries) => {
    await expect(read(await made(entries))).rejects.toThrow(why);
  });

  it('a bomb, a large object, too many entries', async () => {
    const zeros = await made([{ name: good, content: `{"a":"${'0'.repeat(1e6)}"}` }]);
    await expect(read(zeros, { ...archiveLimits, bytes: 1000 })).rejects.toThrow('unpacks to more than 1000 bytes');
    await expect(read(zeros, { ...archiveLimits, objectBytes: 1000 })).rejects.toThrow('larger than 1000 bytes');
    const two = await made([{ name: good }, { name: 'resources/pods/cluster/c.json' }]);
    await expect(read(two, { ...archiveLimits, entries: 1 })).rejects.toThrow('more than 1 entries');
  });

  it('100,000 entries and one more than may be', async () => {
    const names = Array.from({ length: 100_001 }, (_, index) => ({
      name: `resources/pods/namespaces/a/p${index}.json`,
    }));
    const archive = await made(names);
    await expect(read(archive, { ...archiveLimits, entries: 100_000 })).rejects.toThrow('more than 100000 entries');
    expect(await read(archive)).toHaveLength(100_001);
  }, 600_000);

  it('any byte of the compressed archive that is changed is found, or changes nothing', async () => {
    const gzipped = gzipSync((await write([configMap('a', 'shop'), configMap('b', 'shop')])).tar);
    const whole = await read(gzipped);
    for (let at = 0; at < gzipped.length; at += 1) {
      const changed = Buffer.from(gzipped);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      const outcome = await read(changed).catch((error: unknown) => String(error));
      if (typeof outcome === 'string') expect(outcome, `byte ${at}`).toContain('a.tar.gz');
      else expect(outcome, `byte ${at}`).toEqual(whole);
    }
  });

  it('one that was cut off or changed anywhere in its headers', async () => {
    const { tar } = await write([configMap('a', 'shop'), configMap('b', 'shop')]);
    const gzipped = gzipSync(tar);
    await expect(read(gzipped.subarray(0, gzipped.length / 2))).rejects.toThrow('a.tar.gz');
    const flipped = Buffer.from(gunzipSync(gzipped));
    flipped[520 + 512] = (flipped[520 + 512] ?? 0) ^ 0xff;
    await expect(read(gzipSync(flipped))).rejects.toThrow('a.tar.gz');
  });
});
