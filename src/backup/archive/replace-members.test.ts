import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import type { Json } from '../../model/index.ts';
import { renderGoJson } from './go-json.ts';
import { replaceMembers } from './replace-members.ts';

describe('members of an object are replaced', () => {
  it('and the digits of the others stay', () => {
    const content = Buffer.from('{"metadata":{"name":"a"},"status":{"creationTime":1764382512345678901,"size":1.50}}');
    const replaced = replaceMembers(content, { metadata: { name: 'b<' }, spec: { größe: 1 } }).toString();
    expect(replaced).toBe(
      '{"metadata":{"name":"b\\u003c"},"spec":{"größe":1},"status":{"creationTime":1764382512345678901,"size":1.50}}',
    );
  });

  it('as if the whole object were rendered', () => {
    const key = fc.constantFrom('kind', 'metadata', 'spec', 'status', 'data');
    fc.assert(
      fc.property(fc.dictionary(key, fc.jsonValue()), fc.dictionary(key, fc.jsonValue()), (object, changed) => {
        const content = Buffer.from(renderGoJson(object as Json));
        const expected = renderGoJson({ ...object, ...changed } as Json);
        expect(replaceMembers(content, changed as Record<string, Json>).toString()).toBe(expected);
      }),
    );
  });
});
