import { describe, expect, it } from 'vitest';
import { inferPolicies } from '../index.ts';
import { documents, evidenceOf, type Given, workload } from './evidence-builder.ts';

const given = (name: string, field: string) => ({ name, valueFrom: { [field]: { name: 'shop', key: 'url' } } });
const app = (name: string, field = 'secretKeyRef') =>
  workload({ name: 'web', container: { env: [given(name, field)] } });

function told(yaml: string, more: Given = {}): string[] {
  return inferPolicies(evidenceOf(yaml, more)).decisions.map(({ about, done }) => `${about}: ${done}`);
}

describe('an address that nobody could read', () => {
  it('is told, with what holds it', () => {
    expect(told(app('DATABASE_URL'))).toEqual([
      'default/web, variable "DATABASE_URL" of container "web": the address stands in Secret "shop", whose values are not in the input: nothing is opened for it',
    ]);
    expect(told(app('DB_HOST', 'configMapKeyRef'))[0]).toContain('ConfigMap "shop"');
  });

  it('is not told where the value is there, where its name speaks of no address, or where somebody looked', () => {
    const secret = JSON.stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'shop' },
      stringData: { url: 'postgres://db.example.org/shop' },
    });
    expect(told(documents(app('DATABASE_URL'), secret))).toEqual([]);
    expect(told(documents(app('DATABASE_URL'), secret.replace('"url"', '"other"')))).toHaveLength(1);
    for (const name of ['DB_PASSWORD', 'API_KEY', 'CURL_OPTIONS']) expect(told(app(name))).toEqual([]);
    expect(told(app('DATABASE_URL'), { flows: [{}] })).toEqual([]);
  });
});
