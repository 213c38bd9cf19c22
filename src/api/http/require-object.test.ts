import { describe, expect, it } from 'vitest';
import { holdObject } from './require-object.ts';

const request = { method: 'POST', path: '/api/v1/namespaces' } as const;

describe('an answer that is read when it is asked for', () => {
  it.each(['{}', '{"a":1}\n', ' {"a": 1}\r\n'])('is the object that %j says', (said) => {
    expect(holdObject(Buffer.from(said), request)()).toEqual(JSON.parse(said));
  });

  it.each(['', '{', '<html>login</html>', '{"a":1', '[{"a":1}]'])('is refused at once where it is %j', (said) => {
    const message = 'the answer to POST /api/v1/namespaces is not a JSON object';
    expect(() => holdObject(Buffer.from(said), request)).toThrow(
      expect.objectContaining({ code: 'cluster-failed', message }),
    );
  });

  it('is refused when it is read, where it only looks like one', () => {
    const read = holdObject(Buffer.from('{half}'), request);
    expect(() => read()).toThrow(expect.objectContaining({ code: 'cluster-failed' }));
  });
});
