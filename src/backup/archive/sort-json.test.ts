import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json } from '../../model/index.ts';
import { renderGoJson } from './go-json.ts';
import { BrokenJson } from './sort-json.ts';
import { sortObject, splitList } from './split-list.ts';

function sorted(text: string): string {
  return sortObject(Buffer.from(text)).content.toString();
}

const objects = fc.dictionary(fc.string({ unit: 'grapheme' }), fc.jsonValue({ maxDepth: 6 }));

describe('an object whose keys are put in order', () => {
  it('has the text that Go writes of it, whatever it holds', () => {
    fc.assert(
      fc.property(objects, (value) => {
        expect(sorted(JSON.stringify(value))).toBe(renderGoJson(JSON.parse(JSON.stringify(value)) as Json));
      }),
      { numRuns: 500 },
    );
  });

  it('is the same whatever spaces stood in it, and a second time', () => {
    fc.assert(
      fc.property(objects, fc.integer({ min: 1, max: 4 }), (value, indent) => {
        const text = sorted(JSON.stringify(value, null, indent));
        expect(text).toBe(sorted(JSON.stringify(value)));
        expect(sorted(text)).toBe(text);
      }),
    );
  });

  it('has its keys in the order of what they say, however each character of them is written', () => {
    const characters = fc.array(
      fc.tuple(fc.constantFrom('a', 'b', '"', '\\', '!', 'é', '\uff01', '\u{1f600}'), fc.boolean()),
    );
    const escape = (text: string): string =>
      Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join(
        '',
      );
    const write = (key: readonly (readonly [string, boolean])[]): string =>
      key
        .map(([character, isEscaped]) => (isEscaped ? escape(character) : JSON.stringify(character).slice(1, -1)))
        .join('');
    const bytesOf = (key: string): Buffer => Buffer.from(JSON.parse(`"${key}"`) as string);
    fc.assert(
      fc.property(fc.array(characters, { maxLength: 8 }), (written) => {
        const keys = written.map(write);
        const last = new Map(keys.map((key, index) => [bytesOf(key).toString(), index]));
        const expected = [...last.values()].toSorted((a, b) =>
          Buffer.compare(bytesOf(keys[a] ?? ''), bytesOf(keys[b] ?? '')),
        );
        const text = sorted(`{${keys.map((key, index) => `"${key}":${index}`).join(',')}}`);
        expect(text).toBe(`{${expected.map((index) => `"${keys[index]}":${index}`).join(',')}}`);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    [
      'every digit of a number',
      '{"b":9007199254740993,"a":1.0,"c":1e400,"d":-0}',
      '{"a":1.0,"b":9007199254740993,"c":1e400,"d":-0}',
    ],
    ['escapes as they were written', '{"b":"\\u003ca\\/\\\\","a":"\\""}', '{"a":"\\"","b":"\\u003ca\\/\\\\"}'],
    ['keys with escapes in the order of what they say', '{"a\\u0062":1,"aa":2}', '{"aa":2,"a\\u0062":1}'],
    ['the last of two members of one name', '{"a":1,"b":2,"a":{"d":1,"c":2}}', '{"a":{"c":2,"d":1},"b":2}'],
    ['lists in their order', '{"a":[{"d":1,"c":[]},{},[ ]]}', '{"a":[{"c":[],"d":1},{},[]]}'],
    ['long strings with quotes', `{"b":"${'x'.repeat(40)}\\"\\\\","a":1}`, `{"a":1,"b":"${'x'.repeat(40)}\\"\\\\"}`],
  ])('keeps %s', (_what, text, expected) => {
    expect(sorted(text)).toBe(expected);
  });

  it('tells the name and namespace of its metadata, and of no other part', () => {
    const text =
      '{"spec":{"name":"x","metadata":{"name":"y"}},"metadata":{"labels":{"name":"z"},"name":"a\\u0062","namespace":"n"}}';
    expect(sortObject(Buffer.from(text))).toMatchObject({ name: 'ab', namespace: 'n' });
    expect(sortObject(Buffer.from('{"metadata":{"name":1},"a":2}'))).toMatchObject({ name: '', namespace: '' });
  });

  it.each([
    '',
    '[]',
    '{',
    '{"a"',
    '{"a":',
    '{"a":1',
    '{"a":1,',
    '{"a":1,}',
    '{"a" 1}',
    '{"a":[1,',
    '{"a":[1 2]}',
    '{"a":"b',
    '{"a":?}',
    '{a:1}',
  ])('that is cut off or no JSON is refused: %s', (text) => {
    expect(() => sorted(text)).toThrow(BrokenJson);
  });
});

describe('a list', () => {
  const lacking = [
    { key: 'apiVersion', value: '"v1"' },
    { key: 'kind', value: '"ConfigMap"' },
  ];

  function split(text: string): string[] {
    return [...splitList(Buffer.from(text), lacking)].map(({ content }) => content.toString());
  }

  it('gives each object with what lists leave out of it', () => {
    const list =
      '{"kind":"ConfigMapList","apiVersion":"v1","metadata":{},"items":[{"metadata":{"name":"a"},"data":{}},{"kind":"Own","apiVersion":"o/v1"}]}\n';
    expect(split(list)).toEqual([
      '{"apiVersion":"v1","data":{},"kind":"ConfigMap","metadata":{"name":"a"}}',
      '{"apiVersion":"o/v1","kind":"Own"}',
    ]);
  });

  it('of any objects gives the texts that Go writes of them, however it was written', () => {
    fc.assert(
      fc.property(fc.array(objects), fc.integer({ min: 0, max: 2 }), (items, indent) => {
        const expected = items.map((item) =>
          renderGoJson(JSON.parse(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', ...item })) as Json),
        );
        expect(split(JSON.stringify({ kind: 'List', items }, null, indent))).toEqual(expected);
      }),
    );
  });

  it('gives each object its own set of fields, whether others have the same one or one that begins alike', () => {
    const sets = [
      '{"b":1,"a":{}}',
      '{"a":{},"b":1}',
      '{"a":{},"b":1}',
      '{"a":{}}',
      '{ "a":1}',
      '{}',
      '1',
      '12',
      '"<"',
      '"<a"',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...sets), { maxLength: 12 }), fc.array(fc.constantFrom(...sets)), (a, b) => {
        const items = [...a, ...a, ...b].map((set) => `{"metadata":{"managedFields":[{"fieldsV1":${set},"a":1}]}}`);
        const alone = items.flatMap((item) => split(`{"items":[${item}]}`));
        expect(split(`{"items":[${items.join(',')}]}`)).toEqual(alone);
      }),
    );
  });

  it('may be empty, as Go writes that', () => {
    expect(split('{"items":null}')).toEqual([]);
    expect(split('{"items":[],"metadata":{}}')).toEqual([]);
  });

  it.each(['{}', '{"items":{}}', '{"items":[1]}', '{"items":[{}', '{"items":[{},]}'])(
    'that is none is refused: %s',
    (text) => {
      expect(() => split(text)).toThrow(BrokenJson);
    },
  );
});
