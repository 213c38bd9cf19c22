import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { entryName, type EntryPlace } from '../archive/entry-names.ts';
import { tarEnd, tarHeader, tarPadding } from '../archive/tar-entry.ts';
import { indexContents } from './contents.ts';

function archive(entries: readonly (readonly [EntryPlace, string])[]): Readable {
  const parts = entries.flatMap(([place, text]) => {
    const content = Buffer.from(text);
    return [
      tarHeader({ name: entryName(place), size: content.length, modified: 0 }),
      content,
      tarPadding(content.length),
    ];
  });
  return Readable.from([gzipSync(Buffer.concat([...parts, tarEnd]))]);
}

function place(groupResource: string, name: string, version?: string): EntryPlace {
  return { groupResource, namespace: 'a', name, ...(version === undefined ? {} : { version }) };
}

describe('the contents of an archive', () => {
  it('are each object once, as it was written, in whatever order they are asked for', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.integer({ min: 0, max: 1e6 }), { maxLength: 30 }), async (numbers) => {
        const big = 'x'.repeat(100_000);
        const entries = numbers.map((n) => [place('things', `n${n}`), JSON.stringify({ n, big })] as const);
        const contents = await indexContents(archive(entries), 'test');
        expect(contents.entries.map((entry) => entry.place.name)).toEqual(numbers.map((n) => `n${n}`));
        for (const [at, entry] of [...contents.entries.entries()].toReversed())
          expect(await contents.read(entry)).toEqual({ n: numbers[at], big });
        await contents.close();
      }),
      { numRuns: 20 },
    );
  });

  it('are those of the classic path, or of the preferred version where that is the only one', async () => {
    const contents = await indexContents(
      archive([
        [place('pods', 'p', 'v1-preferredversion'), '{"from":"preferred"}'],
        [place('pods', 'p'), '{"from":"classic"}'],
        [place('jobs.batch', 'j', 'v1-preferredversion'), '{"from":"preferred"}'],
        [place('jobs.batch', 'j', 'v1beta1'), '{"from":"old"}'],
      ]),
      'test',
    );
    const read = contents.entries.map(async (entry) => [entry.place.name, (await contents.read(entry))['from']]);
    expect(await Promise.all(read)).toEqual([
      ['p', 'classic'],
      ['j', 'preferred'],
    ]);
    await contents.close();
  });

  it('name an entry that is no object', async () => {
    const contents = await indexContents(archive([[place('pods', 'p'), 'nonsense']]), 'the archive');
    const [entry] = contents.entries;
    if (entry === undefined) throw new Error('no entry');
    await expect(contents.read(entry)).rejects.toMatchObject({ code: 'invalid-backup' });
    await contents.close();
  });
});
