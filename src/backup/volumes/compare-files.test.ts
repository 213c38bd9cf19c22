import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compareFiles } from './compare-files.ts';
import type { SavedFile } from './files-manifest.ts';
import type { ListedFile } from './list-files.ts';

type Part = Partial<Omit<SavedFile, 'path'>> & { readonly path: string };

function saved({ path, ...rest }: Part): SavedFile {
  const usual = { kind: 'file', mode: '0644', uid: 1, gid: 1, bytes: 1, sha256: 'a', moving: false } as const;
  return { ...usual, ...rest, path: Buffer.from(path) };
}

function listed(file: SavedFile): ListedFile {
  const { moving: _moving, ...rest } = file;
  return { ...rest, changed: 0 };
}

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  for (const item of items) yield await Promise.resolve(item);
}

function compare(before: readonly Part[], after: readonly Part[]) {
  return compareFiles(each(before.map(saved)), each(after.map((part) => listed(saved(part)))));
}

describe('files that came back', () => {
  it.each<[string, Part, Part, string | undefined]>([
    ['the same', { path: './a' }, { path: './a' }, undefined],
    ['another content', { path: './a' }, { path: './a', sha256: 'b' }, 'another content'],
    ['another length', { path: './a' }, { path: './a', bytes: 2 }, 'another content'],
    ['another mode', { path: './a' }, { path: './a', mode: '0600' }, 'the mode 0600, and had 0644'],
    ['another owner', { path: './a' }, { path: './a', uid: 2 }, 'belongs to 2:1'],
    ['another kind', { path: './a' }, { path: './a', kind: 'directory' }, 'is a directory'],
    [
      'another target',
      { path: './a', kind: 'link', target: Buffer.from('x') },
      { path: './a', kind: 'link', target: Buffer.from('y') },
      'leads elsewhere',
    ],
    ['nobody knows which', { path: './a', moving: true }, { path: './a', sha256: 'b' }, undefined],
  ])('%s', async (_what, before, after, words) => {
    const { differences, compared } = await compare([before], [after]);
    expect(compared).toBe(1);
    expect(differences).toHaveLength(words === undefined ? 0 : 1);
    if (words !== undefined) expect(differences[0]).toContain(words);
  });

  it('more or fewer of them are told, but for sockets and the root', async () => {
    const pipe: Part = { path: './pipe', kind: 'other' };
    const root: Part = { path: '.', kind: 'directory' };
    expect(
      (await compare([root, { path: './a' }, pipe], [{ ...root, mode: '0700' }, { path: './b' }])).differences,
    ).toEqual(['./a is missing', './b was not there']);
  });

  it('a folder that changed meanwhile may have more', async () => {
    const folder: Part = { path: './d', kind: 'directory', moving: true };
    const { differences, moving } = await compare([folder], [folder, { path: './d/x' }, { path: './e' }]);
    expect([differences, moving]).toEqual([['./e was not there'], 1]);
  });

  it('any one file that is changed, gone or new is found among any others', async () => {
    const names = fc.uniqueArray(fc.stringMatching(/^[a-z/.-]{1,8}$/), { minLength: 1, maxLength: 20 });
    const sorted = (parts: readonly Part[]) =>
      parts.toSorted((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
    await fc.assert(
      fc.asyncProperty(names, fc.nat(), fc.constantFrom('change', 'remove', 'none'), async (all, at, act) => {
        const before = sorted(all.map((name) => ({ path: `./${name}` })));
        const victim = at % before.length;
        const after = before.flatMap((part, index) => {
          if (index !== victim || act === 'none') return [part];
          return act === 'remove' ? [] : [{ ...part, sha256: 'other' }];
        });
        const there = await compare(before, after);
        const back = await compare(after, before);
        expect([there.differences.length, back.differences.length]).toEqual(act === 'none' ? [0, 0] : [1, 1]);
      }),
    );
  });
});
