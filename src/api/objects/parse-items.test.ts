import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asArray, asObject, type JsonObject, parseJson } from '../../model/index.ts';
import { parseItems } from './parse-items.ts';

const head = { kind: 'XList', apiVersion: 'v1', metadata: { resourceVersion: '1' } };

/** What is parsed, and how often the whole had to be. */
function parse(text: string) {
  let wholes = 0;
  const whole = () => {
    wholes += 1;
    return asArray(asObject(parseJson(text))['items']);
  };
  return { items: [...parseItems(Buffer.from(text), whole)], wholes };
}

const filler = 'x'.repeat(9000);
const many = (make: (at: number) => JsonObject) => Array.from({ length: 40 }, (_, at) => make(at));

describe('the items of a list, parsed in pieces', () => {
  it('are all there, in their order, and the whole is never parsed', () => {
    const items = many((at) => ({ metadata: { name: `a${at}` }, data: { filler, odd: '},{"metadata":' } }));
    expect(parse(`${JSON.stringify({ ...head, items })}\n`)).toEqual({ items, wholes: 0 });
  });

  it('keep every digit of their numbers', () => {
    const text = `{"metadata":{},"items":[{"metadata":{"name":"a"},"n":12345678901234567890}]}`;
    expect(parse(text).items).toEqual([asArray(asObject(parseJson(text))['items'])[0]]);
    expect(parse(text).items).not.toEqual([{ metadata: { name: 'a' }, n: 12345678901234567000 }]);
  });

  it('come from the whole where objects in them begin as they do, each once', () => {
    const items = many((at) => ({
      metadata: { name: `a${at}` },
      parts: [{ metadata: { filler } }, { metadata: { filler } }, { metadata: {} }],
    }));
    expect(parse(JSON.stringify({ ...head, items }))).toEqual({ items, wholes: 1 });
  });

  it.each([
    { ...head, items: [] },
    { ...head, items: null },
    { items: [{ metadata: { name: 'a' } }], metadata: {} },
    { ...head, items: [{ metadata: { name: 'a' } }], more: [1] },
    { ...head, items: ['text', 1] },
  ])('come from the whole where the list looks otherwise: %j', (list) => {
    expect(parse(JSON.stringify(list))).toEqual({ items: list.items ?? [], wholes: 1 });
  });

  it('are what the parser gives, for any list', () => {
    const word = fc.oneof(fc.constantFrom('metadata', '},{"metadata":', ']}', '"', '\\', 'items'), fc.string());
    const value = fc.jsonValue({ maxDepth: 2 });
    const item = fc.record({ metadata: fc.dictionary(word, value), spec: value, filler: fc.constant(filler) });
    fc.assert(
      fc.property(fc.array(item, { maxLength: 20 }), (items) => {
        const text = JSON.stringify({ ...head, items });
        expect(parse(text).items).toEqual(asObject(JSON.parse(text))['items']);
      }),
      { numRuns: 100 },
    );
  });
});
