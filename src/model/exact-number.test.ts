import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  asNumber,
  asString,
  digitsOf,
  isExactNumber,
  isSameJson,
  type Json,
  parseJson,
  renderJson,
  toText,
} from './index.ts';

/** A JSON value whose numbers are the digits that stand in the text. */
type Tree =
  | { readonly digits: string }
  | { readonly leaf: Json }
  | { readonly list: Tree[] }
  | { readonly fields: [string, Tree][] };

const integers = fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String);
const decimals = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.bigInt({ min: 0n, max: 2n ** 60n }),
    fc.stringMatching(/^(?:\.\d{1,20})?(?:[eE][+-]?\d{1,3})?$/),
  )
  .map(([sign, whole, rest]) => `${sign}${whole}${rest}`);
const special = fc.constantFrom(
  '0',
  '-0',
  '1',
  '1.0',
  '1e400',
  '1E5',
  '9007199254740993',
  '0.10000000000000000001',
  '5e-324',
);
const digits = fc.oneof(
  integers,
  decimals,
  special,
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => JSON.stringify(each)),
);
const texts = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  digits,
  digits.map((each) => `:${each},`),
  digits.map((each) => `{"a":${each}}`),
  digits.map((each) => `"\\ud800${each}"`),
  fc.constantFrom('__proto__', '"', '\\', '\\"', '\u{10000}5', 'nginx:1.25'),
);
const leaves = fc.oneof(texts, fc.boolean(), fc.constant(null)).map((leaf): Tree => ({ leaf }));

const trees = fc.letrec<{ tree: Tree }>((tie) => ({
  tree: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    digits.map((each): Tree => ({ digits: each })),
    leaves,
    fc.array(tie('tree')).map((list): Tree => ({ list })),
    fc
      .uniqueArray(fc.tuple(fc.oneof(texts, fc.nat().map(String)), tie('tree')), { selector: ([key]) => key })
      .map((fields): Tree => ({ fields })),
  ),
})).tree;

/** Fields in the order in which JavaScript keeps them. */
function fieldsOf(fields: readonly [string, Tree][]): [string, Tree][] {
  return Object.entries(Object.fromEntries(fields));
}

function write(tree: Tree, space = ''): string {
  if ('digits' in tree) return tree.digits;
  if ('leaf' in tree) return JSON.stringify(tree.leaf);
  const [open, close] = 'list' in tree ? '[]' : '{}';
  const items =
    'list' in tree
      ? tree.list.map((each) => write(each, space))
      : fieldsOf(tree.fields).map(([key, each]) => `${JSON.stringify(key)}${space}:${space}${write(each, space)}`);
  return `${open}${space}${items.join(`${space},${space}`)}${space}${close}`;
}

describe('JSON that is read and written', () => {
  it('has every digit of every number, and every text', () => {
    fc.assert(
      fc.property(trees, fc.constantFrom('', ' ', '\n\t'), (tree, space) => {
        expect(renderJson(parseJson(write(tree, space)))).toBe(write(tree));
      }),
      { numRuns: 1000 },
    );
  });

  it('is what JSON.parse makes of it, where that loses nothing', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toStrictEqual(JSON.parse(text));
        expect(renderJson(value, 2)).toBe(JSON.stringify(value, null, 2));
      }),
    );
  });

  it('is refused as JSON.parse refuses it', () => {
    for (const text of [
      '',
      '{1.0:2}',
      '[01]',
      '[1.]',
      '{"a":1.0',
      '[-]',
      '[1e]',
      '[0x10]',
      '[.5]',
      '{"a":+1.0}',
      '["\\ud8001',
    ])
      expect(() => parseJson(text)).toThrow(SyntaxError);
  });

  it('takes no text for a number, however it is written', () => {
    for (const start of ['\\ud800', '\\uD800']) {
      const text = `{"${start}5.0":"${start}9007199254740993","a":["${start}-0"]}`;
      expect(parseJson(text)).toEqual({ '\ufffd5.0': '\ufffd9007199254740993', a: ['\ufffd-0'] });
    }
    expect(parseJson('["\\ud800\\udc005", 1.0]')).toEqual(['\u{10000}5', expect.anything()]);
  });

  it('is read in a time that grows with its length', () => {
    const long = '9'.repeat(200_000);
    const started = performance.now();
    for (const text of [
      `[":${long}x"]`,
      `["${', 1'.repeat(100_000)}"]`,
      `[${long}]`,
      `["${'\\"'.repeat(200_000)}",1.0]`,
    ])
      expect(renderJson(parseJson(text))).toBe(text);
    expect(performance.now() - started).toBeLessThan(20_000);
  });
});

describe('a number that a double cannot give back', () => {
  const [big, next] = ['9007199254740993', '9007199254740992'].map(parseJson);

  it('is another than its neighbours', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 64n), max: 2n ** 64n }), fc.bigInt({ min: -3n, max: 3n }), (value, step) => {
        const [one, other] = [parseJson(`[${value}]`), parseJson(`[${value + step}]`)];
        expect(isSameJson(one, other)).toBe(step === 0n);
        expect(renderJson(one) === renderJson(other)).toBe(step === 0n);
      }),
    );
    expect(isSameJson(big, next)).toBe(false);
  });

  it('is the same however it is spelled', () => {
    const alike = ['1.0', '1', '10e-1', '0.1E+1', '100000e-5', '1.000000000000000000000'];
    for (const one of alike) for (const other of alike) expect(isSameJson(parseJson(one), parseJson(other))).toBe(true);
    expect(isSameJson(parseJson('-0'), 0)).toBe(true);
    expect(isSameJson(parseJson('0.10000000000000000001'), 0.1)).toBe(false);
    expect(isSameJson(parseJson('-1.0'), 1)).toBe(false);
    expect(isSameJson(parseJson('1.0'), '1.0')).toBe(false);
    expect(isSameJson(parseJson('1e400'), parseJson('1e401'))).toBe(false);
    expect(isSameJson(Number('1e400'), 0)).toBe(false);
  });

  it('counts as a number, and as no text', () => {
    expect(isExactNumber(big)).toBe(true);
    expect(isExactNumber(next)).toBe(false);
    expect(isExactNumber('9007199254740993')).toBe(false);
    expect(isExactNumber('\ud800x')).toBe(false);
    expect([asNumber(big), asString(big), toText(big), digitsOf(big)]).toEqual([
      9007199254740992,
      undefined,
      '9007199254740993',
      '9007199254740993',
    ]);
    expect(asNumber(parseJson('2.0'))).toBe(2);
  });

  it('outlives a clone, and JSON of who knows nothing of it', () => {
    expect(structuredClone(big)).toBe(big);
    expect(JSON.parse(JSON.stringify({ big }))).toEqual({ big });
  });
});
