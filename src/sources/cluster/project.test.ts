import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { createAuthority } from '../../../test/kubernetes/certificates.ts';
import { describeValues, projectObject } from './project.ts';

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

describe('a TLS Secret', () => {
  it('keeps its certificate, which is public, and nothing that stands beside it', () => {
    const { certificate, key } = createAuthority('test').issue({ name: 'shop.example.com' });
    const base64 = (text: string): string => Buffer.from(text).toString('base64');
    const data = { 'tls.crt': base64(`hidden note\n${certificate}\n${key}`), 'tls.key': base64(key) };
    const kept = projectObject({ ...secret, type: 'kubernetes.io/tls', data }, { keepManagedFields: false });
    const values = kept['data'] as Record<string, string>;
    expect(values['tls.key']).toBe('');
    const text = Buffer.from(values['tls.crt'] ?? '', 'base64').toString();
    expect(text.replace(/\s/g, '')).toBe(certificate.replace(/\s/g, ''));
    expect(text).not.toMatch(/PRIVATE|hidden/);
  });
});

describe('what is told of the values of a Secret', () => {
  it('is their size, and which are the same', () => {
    const data = { a: 'aHVzaA==', b: 'aHVzaA==', empty: '' };
    const told = describeValues({ ...secret, data }, (value) => `#${value.length}`);
    expect(told).toEqual({
      namespace: '',
      name: 'db',
      keys: {
        a: { bytes: 4, fingerprint: '#8' },
        b: { bytes: 4, fingerprint: '#8' },
        empty: { bytes: 0, fingerprint: '' },
      },
    });
  });

  it('is nothing for any other object', () => {
    expect(describeValues({ ...secret, kind: 'ConfigMap' }, () => '')).toBeUndefined();
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
