import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../model/index.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { diffToPatch, unmetBy } from './json-patch.ts';

const value = fc.letrec<{ value: Json; object: JsonObject }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.constantFrom<Json>(null, 0, 1, 'a', 'b', true),
    tie('object'),
    fc.array(tie('value'), { maxLength: 4 }),
  ),
  object: fc.dictionary(fc.constantFrom('a', 'name', 'x/y', 'm~n', '0'), tie('value'), {
    maxKeys: 4,
    noNullPrototype: true,
  }),
}));

const applied = (object: JsonObject, patch: readonly object[]) => applyJsonPatch(object, patch as unknown as Json);

describe('a patch of a difference', () => {
  it('makes one object of the other, and its inverse leads back', () => {
    fc.assert(
      fc.property(value.object, value.object, (before, after) => {
        const patch = diffToPatch(before, after);
        expect(unmetBy(before, patch)).toEqual([]);
        expect(applied(before, patch)).toEqual(after);
        expect(applied(after, diffToPatch(after, before))).toEqual(before);
      }),
    );
  });

  it('does not fit an object in which what it replaces was changed', () => {
    const before = { spec: { containers: [{ name: 'web', image: 'a:1' }] } };
    const patch = diffToPatch(before, { spec: { containers: [{ name: 'web', image: 'a:2' }] } });
    expect(unmetBy({ spec: { containers: [{ name: 'web', image: 'a:3' }] } }, patch)).toEqual([
      '/spec/containers/0/image',
    ]);
    expect(unmetBy({ spec: { containers: [{ name: 'proxy' }, { name: 'web', image: 'a:1' }] } }, patch)).toEqual([
      '/spec/containers/0/name',
      '/spec/containers/0/image',
    ]);
  });

  it('does not fit an object that has the new field already', () => {
    const patch = diffToPatch({ spec: {} }, { spec: { paused: true } });
    expect(unmetBy({ spec: { paused: false } }, patch)).toEqual(['/spec/paused']);
  });
});
