import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isExactNumber, type Json, parseJson } from '../../model/index.ts';
import { parseYaml } from './parse-yaml.ts';

function valuesOf(text: string): readonly unknown[] {
  const outcome = parseYaml(text);
  if (!outcome.ok) throw new Error(outcome.failure.reason);
  return outcome.parsed.values;
}

function failureOf(text: string): { code: string; reason: string; offset: number } {
  const outcome = parseYaml(text);
  if (outcome.ok) throw new Error('expected a failure');
  return outcome.failure;
}

/** A number that a double cannot hold. */
function exact(digits: string): Json {
  const value = parseJson(digits);
  expect(isExactNumber(value)).toBe(true);
  return value;
}

describe('scalars, as kubectl 1.35 reads them', () => {
  it.each([
    ['0644', 420],
    ['0o644', 420],
    ['0x1F', 31],
    ['0b101', 5],
    ['-0x10', -16],
    ['1_000', 1000],
    ['+5', 5],
    ['08', 8],
    ['.5', 0.5],
    ['1e3', 1000],
    ['1:30', '1:30'],
    ['2026-10-01', '2026-10-01'],
    ['yes', true],
    ['On', true],
    ['y', true],
    ['n', false],
    ['OFF', false],
    ['~', null],
    ['', null],
    ['Null', null],
    ['1.2.3', '1.2.3'],
    ['-', '-'],
    ['yesterday', 'yesterday'],
    ['"yes"', 'yes'],
    ["'0644'", '0644'],
    ['!!str 0644', '0644'],
    ['!!int "7"', 7],
    ['9007199254740993', exact('9007199254740993')],
    ['-9_223_372_036_854_775_808', exact('-9223372036854775808')],
    ['0xffffffffffffffff', exact('18446744073709551615')],
    ['-0o0777777777777777777777', exact('-9223372036854775807')],
    ['36893488147419103232', 2 ** 65],
    ['0.10000000000000000001', 0.1],
    ['"9007199254740993"', '9007199254740993'],
  ])('%s', (text, expected) => {
    const [value] = valuesOf(text === '-' ? 'a: "-"' : `a: ${text}`);
    expect(value).toEqual({ a: expected });
  });

  it('turns keys that are not text into text', () => {
    expect(valuesOf('n: 1\n2: b\nnull: c\n')).toEqual([{ false: 1, 2: 'b', null: 'c' }]);
  });
});

describe('structure', () => {
  it('keeps the last of equal keys and tells where the repetition stands', () => {
    const outcome = parseYaml('a: 1\nb:\n  c: 1\n  c: 2\n');
    expect(outcome).toMatchObject({
      ok: true,
      parsed: { values: [{ a: 1, b: { c: 2 } }], duplicates: [{ path: ['b', 'c'], offset: 17 }] },
    });
  });

  it('merges mappings: own keys win over merged ones, earlier sources over later', () => {
    const text = 'one: &x {a: 1, b: 1}\ntwo: &y {b: 2, c: 2}\nz:\n  b: 3\n  <<: [*x, *y]\n';
    expect(valuesOf(text)).toEqual([{ one: { a: 1, b: 1 }, two: { b: 2, c: 2 }, z: { b: 3, a: 1, c: 2 } }]);
  });

  it('makes an ordinary key of __proto__', () => {
    const [value] = valuesOf('__proto__: {polluted: true}\n') as [Record<string, unknown>];
    expect(Object.hasOwn(value, '__proto__')).toBe(true);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['a:\n  args: [\n    x, # why\n    z\n  ]\n  b: 1\n', { a: { args: ['x', 'z'], b: 1 } }],
    ['a:\n  env: [{k: c,\nv: "d\n e"}, {\n  k: f\n}]\n', { a: { env: [{ k: 'c', v: 'd e' }, { k: 'f' }] } }],
    ['a:\n  - b: {\n\tc: 1 }\n', { a: [{ b: { c: 1 } }] }],
    [`a:\n  b: {\n${'"c": 1,\n'.repeat(60)}}\n`, { a: { b: { c: 1 } } }],
  ])('asks for no indentation inside of brackets and quotes, as kubectl does not: %j', (text, expected) => {
    expect(valuesOf(text)).toEqual([expected]);
  });

  it('tells where a key stands twice behind lines that stand too far to the left', () => {
    const text = 'a:\n  b: [\n  ]\n  c: {\n  }\n  b: 1\n';
    expect(parseYaml(text)).toMatchObject({ parsed: { duplicates: [{ offset: text.lastIndexOf('b') }] } });
  });

  it('reads what JSON.stringify writes', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
        const text = JSON.stringify(value);
        if (/[\u007f-\u009f\ud800-\udfff\ufffe\uffff]/.test(text)) return;
        expect(valuesOf(text)).toEqual([JSON.parse(text)]);
      }),
    );
  });
});

describe('bad input', () => {
  it('names a tab that is used for indentation, and its place', () => {
    const failure = failureOf('a:\n  b: 1\n\tc: 2\n');
    expect(failure).toMatchObject({ code: 'invalid-yaml', reason: 'tab used for indentation' });
    expect(failure.offset).toBeGreaterThanOrEqual(9);
  });

  it('names the place of a bracket that nobody closes', () => {
    const text = 'a:\n  b: [\n    c,\n  d: 1\n';
    expect(failureOf(text)).toMatchObject({ code: 'invalid-yaml', offset: text.indexOf('d') });
  });

  it('stops an alias bomb', () => {
    const levels = Array.from(
      { length: 9 },
      (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(',')}]`,
    );
    expect(failureOf(`l0: &l0 [a]\n${levels.join('\n')}\n`).code).toBe('yaml-alias-bomb');
  });

  it('stops nesting without end', () => {
    expect(failureOf('['.repeat(100_000)).code).toBe('yaml-too-deep');
  });

  it('names an alias without an anchor', () => {
    expect(failureOf('a: *missing\n')).toMatchObject({ code: 'invalid-yaml' });
  });

  it('never throws, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
        expect(() => parseYaml(text)).not.toThrow();
      }),
    );
  });
});
