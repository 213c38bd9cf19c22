import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { parseListWithoutManagedFields, peekContinue } from './parse-list.ts';

const parse = (list: unknown) => parseListWithoutManagedFields(Buffer.from(JSON.stringify(list)));

/** The slow and obvious way. */
function expected(list: { items: JsonObject[] }): JsonObject {
  const items = list.items.map((item) => {
    const { managedFields: _, ...metadata } = (item['metadata'] ?? {}) as JsonObject;
    return 'metadata' in item ? { ...item, metadata } : item;
  });
  return JSON.parse(JSON.stringify({ ...list, items }));
}

describe('a list without managedFields', () => {
  it('keeps all else, also what is called so elsewhere', () => {
    const list = {
      kind: 'XList',
      metadata: { resourceVersion: '1' },
      items: [
        { metadata: { name: 'a', managedFields: [{ fieldsV1: { 'f:a]}"\\': {} } }], labels: { x: 'y' } }, spec: 1 },
        { metadata: { name: 'b' }, spec: { managedFields: ['mine'] } },
        { metadata: { name: 'c', annotations: { last: '{"metadata":{"managedFields":[1]}}' } } },
        { metadata: { managedFields: null } },
        { metadata: { managedFields: [] } },
        { metadata: { name: 'd', managedFields: [{ inner: [{}], more: 1 }] } },
        { metadata: { name: 'e', managedFields: [{ inner: '}],' }] } },
      ],
    };
    expect(parse(list)).toEqual(expected(list as never));
    expect(parse(list)).toMatchObject({
      items: [{ metadata: { labels: { x: 'y' } } }, { spec: { managedFields: ['mine'] } }, {}, {}, {}, {}, {}],
    });
  });

  it('is what dropping the field after parsing gives, for any list', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'managedFields',
        'metadata',
        '"managedFields":',
        '\\"managedFields":[',
        '\\',
        '}]"',
        '}]},',
        '}],',
      ),
      fc.string(),
    );
    const value = fc.jsonValue({ maxDepth: 3 });
    const odd = fc.dictionary(word, fc.oneof(value, word, fc.dictionary(word, value)));
    const fields = fc.oneof(fc.array(odd), fc.constant(0), odd);
    const metadata = fc.record({ name: word, managedFields: fields, labels: odd }, { requiredKeys: [] });
    const item = fc.record({ metadata, spec: odd, data: odd }, { requiredKeys: [] });
    fc.assert(
      fc.property(fc.array(item), (items) => {
        const list = JSON.parse(JSON.stringify({ kind: 'List', items }));
        expect(parse(list)).toEqual(expected(list));
      }),
      { numRuns: 500 },
    );
  });

  it('that is no JSON is an error', () => {
    expect(() => parseListWithoutManagedFields(Buffer.from('{"items":[{"metadata":{"managedFields":['))).toThrow(
      SyntaxError,
    );
  });
});

describe('the token of the next page', () => {
  const peek = (list: unknown) => peekContinue(Buffer.from(JSON.stringify(list)));
  const head = { kind: 'PodList', apiVersion: 'v1' };

  it('is seen before the items are', () => {
    expect(peek({ ...head, metadata: { resourceVersion: '1', continue: 'a"b' }, items: [] })).toBe('a"b');
    expect(peek({ ...head, metadata: { resourceVersion: '1' }, items: [] })).toBe('');
    expect(peek({ metadata: { continue: 'x' }, items: null })).toBe('x');
  });

  it.each([
    { ...head, items: [{ metadata: { continue: 'x' }, items: [] }], metadata: { continue: 'y' } },
    { ...head, metadata: { continue: 'x'.repeat(5000) }, items: [] },
    { ...head, metadata: { odd: {}, continue: 'x' }, items: [] },
    { other: { metadata: { continue: 'x' } }, items: [] },
    'text',
  ])('is left to the parser where the list looks otherwise: %j', (list) => {
    expect(peek(list)).toBeUndefined();
  });
});
