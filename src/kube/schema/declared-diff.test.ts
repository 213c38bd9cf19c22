import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Json, JsonObject } from '../../model/index.ts';
import { declaredDifferences, loadSchemas } from './index.ts';

const schemas = await loadSchemas();

function deployment(container: JsonObject, spec: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { ...spec, template: { spec: { containers: [{ name: 'web', ...container }] } } },
  };
}

function paths(declared: JsonObject, live: JsonObject): string[] {
  return declaredDifferences(schemas, 34, declared, live).map(({ path }) => path.join('.'));
}

describe('a live object against its manifest', () => {
  it('may have more: defaults, and what others wrote', () => {
    const live = deployment({ image: 'a:1', terminationMessagePath: '/dev/termination-log' }, { replicas: 1 });
    expect(paths(deployment({ image: 'a:1' }), { ...live, status: { replicas: 1 } })).toEqual([]);
  });

  it('differs where a declared field is otherwise or away', () => {
    const declared = deployment({ image: 'a:2', workingDir: '/app' }, { replicas: 3 });
    const differences = declaredDifferences(schemas, 34, declared, deployment({ image: 'a:1' }, { replicas: 5 }));
    expect(differences).toEqual([
      { path: ['spec', 'replicas'], declared: 3, live: 5 },
      { path: ['spec', 'template', 'spec', 'containers', 0, 'image'], declared: 'a:2', live: 'a:1' },
      { path: ['spec', 'template', 'spec', 'containers', 0, 'workingDir'], declared: '/app' },
    ]);
  });

  it('is read as the API server reads it: quantities, empty fields, nulls', () => {
    const declared = deployment({
      resources: { limits: { cpu: '0.5', memory: '1024Mi' } },
      env: [],
      command: null,
      tty: false,
    });
    expect(paths(declared, deployment({ resources: { limits: { cpu: '500m', memory: '1Gi' } } }))).toEqual([]);
  });

  it('matches list items by their keys, wherever they stand', () => {
    const env = (names: readonly string[]): Json => names.map((name) => ({ name, value: name }));
    const declared = deployment({ env: env(['A', 'B']), ports: [{ containerPort: 80 }] });
    const live = deployment({ env: env(['X', 'B', 'A']), ports: [{ containerPort: 80, protocol: 'TCP' }] });
    expect(paths(declared, live)).toEqual([]);
    expect(paths(declared, deployment({ env: env(['B']), ports: [{ containerPort: 80, protocol: 'UDP' }] }))).toEqual([
      'spec.template.spec.containers.0.env.0',
      'spec.template.spec.containers.0.ports.0',
    ]);
  });

  it('never compares values of Secrets', () => {
    const secret = (data: JsonObject): JsonObject => ({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque', data });
    expect(paths(secret({ password: 'eA==' }), secret({ password: '' }))).toEqual([]);
  });
});

it('an object is what it declares, and one with more is too', () => {
  const json = fc.dictionary(fc.string(), fc.jsonValue()) as fc.Arbitrary<JsonObject>;
  fc.assert(
    fc.property(json, json, (spec, more) => {
      const custom = { apiVersion: 'example.com/v1', kind: 'Thing', spec };
      expect(declaredDifferences(schemas, 34, custom, custom)).toEqual([]);
      expect(declaredDifferences(schemas, 34, custom, { ...custom, spec: { ...more, ...spec }, status: more })).toEqual(
        [],
      );
    }),
  );
});
