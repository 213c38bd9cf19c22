import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { projectObject } from './project.ts';

const secret: JsonObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: {
    name: 'db',
    annotations: {
      'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"password":"aHVzaA=="}}',
      team: 'shop',
    },
    managedFields: [{ manager: 'kubectl' }],
  },
  type: 'Opaque',
  data: { password: 'aHVzaA==', user: 'c2hvcA==' },
  futureField: { kept: true },
};

describe('a Secret', () => {
  it('loses its values at once and keeps its keys', () => {
    const kept = projectObject(secret, { keepManagedFields: true });
    expect(kept['data']).toEqual({ password: '', user: '' });
    expect(kept['futureField']).toEqual({ kept: true });
    expect(kept['metadata']).toMatchObject({ annotations: { team: 'shop' }, managedFields: [{ manager: 'kubectl' }] });
    expect(JSON.stringify(kept)).not.toContain('aHVzaA');
  });

  it('never keeps a value, whatever it is', () => {
    const value = fc
      .string({ minLength: 12 })
      .filter((text) => !JSON.stringify({ ...secret, data: {} }).includes(text));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.dictionary(fc.string(), value), (data, stringData) => {
        const text = JSON.stringify(projectObject({ ...secret, data, stringData }, { keepManagedFields: false }));
        for (const each of [...Object.values(data), ...Object.values(stringData)])
          expect(text).not.toContain(JSON.stringify(each).slice(1, -1));
      }),
    );
  });
});

describe('any other object', () => {
  it('is kept whole, but for the bookkeeping', () => {
    const raw: JsonObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'a', managedFields: [], labels: { a: 'b' } },
      data: { key: 'value' },
    };
    expect(projectObject(raw, { keepManagedFields: true })).toEqual(raw);
    expect(projectObject(raw, { keepManagedFields: false })).toEqual({
      ...raw,
      metadata: { name: 'a', labels: { a: 'b' } },
    });
  });
});
