import fc from 'fast-check';
import { expect, it } from 'vitest';
import { applyLineChanges, invertLineChanges, splitLines } from './line-changes.ts';
import type { LineChange } from './plan.ts';

const line = fc.constantFrom('a\n', 'b\r\n', '\n', 'c: 1\n');

/** A text and changes that fit it: segments that stay, each followed by lines that go and lines that come. */
const changed = fc
  .array(fc.record({ keep: fc.array(line), remove: fc.array(line), add: fc.array(line) }), { maxLength: 5 })
  .map((segments) => {
    const changes: LineChange[] = [];
    let [before, after, at]: [string, string, number] = ['', '', 1];
    for (const { keep, remove, add } of segments) {
      at += keep.length;
      changes.push({ line: at, remove, add });
      before += [...keep, ...remove].join('');
      after += [...keep, ...add].join('');
      at += remove.length;
    }
    return { before, after, changes };
  });

it('changes by lines make the new text, and their inverse the old one', () => {
  fc.assert(
    fc.property(changed, ({ before, after, changes }) => {
      expect(applyLineChanges(before, changes)).toBe(after);
      expect(applyLineChanges(after, invertLineChanges(changes))).toBe(before);
    }),
  );
});

it('files of any length are changed', () => {
  const line = 'a: 1\n';
  const [many, more] = [line.repeat(200_000), '# new\n'.repeat(200_000)];
  const change = { line: 200_001, remove: [], add: splitLines(more) };
  expect(applyLineChanges(many, [change])).toBe(many + more);
});

it('a change does not fit where another line stands', () => {
  expect(applyLineChanges('a\nb\n', [{ line: 2, remove: ['c\n'], add: [] }])).toBeUndefined();
  expect(applyLineChanges('a\n', [{ line: 4, remove: [], add: ['b\n'] }])).toBeUndefined();
});

it('lines keep their ends, also a last one that has none', () => {
  expect(splitLines('a\r\n\nb')).toEqual(['a\r\n', '\n', 'b']);
  expect(splitLines('')).toEqual([]);
});
