import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PackedNames } from './packed-names.ts';

describe('packed names', () => {
  it('are all there, in their order, however many and long they are', () => {
    const name = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replaceAll('\n', '/'));
    fc.assert(
      fc.property(fc.array(name), fc.integer({ min: 1, max: 500 }), (names, times) => {
        const packed = new PackedNames();
        const all = Array.from({ length: times }, () => names).flat();
        for (const each of all) packed.add(each);
        expect([...packed]).toEqual(all);
        expect([...packed]).toEqual(all);
      }),
      { numRuns: 50 },
    );
  });
});
