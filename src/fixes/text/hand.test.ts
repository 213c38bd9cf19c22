// How a text is written is told from it, and what is written in that hand is the same value.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../kube/yaml/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { type Hand, handOf, inHand } from './hand.ts';
import { renderBlock } from './render-value.ts';

const value: JsonObject = {
  spec: { containers: [{ name: 'a', ports: [{ containerPort: 80, x: { y: 1 } }], z: ['b', 'c'] }], more: { of: 'it' } },
};
const hands: readonly Hand[] = [2, 4].flatMap((step) =>
  [true, false].map((flatLists) => ({ newLine: '\n', step, flatLists })),
);

describe('the hand of a text', () => {
  it.each(hands)('is told from what is written in it: %o', (hand) => {
    expect(handOf(renderBlock(value, { column: 0, ...hand }))).toEqual(hand);
  });

  it('is that of most of its lists, whatever stands between', () => {
    const flat = 'a:\n- 1\nb:   # why\n\n# and\n- 1\nc:\n  - 1\n';
    expect(handOf(flat)).toMatchObject({ flatLists: true });
    expect(handOf(`${flat}d:\n  - 1\n`)).toMatchObject({ flatLists: false });
    expect(handOf('- a:\n  - b\n')).toMatchObject({ flatLists: true });
    expect(handOf('- a:\n    - b\n')).toMatchObject({ flatLists: false });
  });

  it('is told from JSON by what stands deeper than its brace', () => {
    for (const step of [2, 3, 4]) expect(handOf(JSON.stringify(value, null, step))).toMatchObject({ step });
    expect(handOf('{"a": 1}')).toMatchObject({ step: 2 });
  });

  it('holds its line ends', () => {
    expect(handOf('a:\r\n- b\r\n')).toEqual({ newLine: '\r\n', step: 2, flatLists: true });
    expect(handOf('a: 1\n')).toEqual({ newLine: '\n', step: 2, flatLists: false });
  });
});

describe('a document of ours in another hand', () => {
  const ours: Hand = { newLine: '\n', step: 2, flatLists: false };

  it.each(hands)('is what would have been written by it: %o', (hand) => {
    const document = `${renderBlock(value, { column: 0, ...ours })}\n`;
    expect(inHand(document, hand)).toBe(`${renderBlock(value, { column: 0, ...hand })}\n`);
  });

  it('keeps comments with the line below them', () => {
    const hand = { newLine: '\r\n', step: 4, flatLists: true };
    expect(inHand('# top\na:\n  # of b\n  b:\n    # one\n    # two\n    - c:\n        - 1\n', hand)).toBe(
      '# top\na:\n    # of b\n    b:\n    # one\n    # two\n    - c:\n      - 1\n'.replaceAll('\n', '\r\n'),
    );
  });

  it('is the same value', () => {
    const tree = fc.letrec<{ any: unknown }>((tie) => ({
      any: fc.oneof(
        { maxDepth: 4 },
        fc.constantFrom(1, 'a', true),
        fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any')),
        fc.array(fc.dictionary(fc.constantFrom('a', 'b', 'c'), tie('any')), { maxLength: 3 }),
      ),
    })).any;
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('a', 'b', 'c'), tree), fc.constantFrom(...hands), (any, hand) => {
        const document = `${renderBlock(any as JsonObject, { column: 0, ...ours })}\n`;
        expect(parseYaml(inHand(document, hand))).toMatchObject({ parsed: { values: [any] } });
      }),
    );
  });
});
