import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../model/index.ts';
import { writersOf } from './managed-fields.ts';

const containers = [
  { name: 'proxy', image: 'proxy:1' },
  { name: 'web', image: 'web:2', args: ['a', 'b'] },
];

function entry(manager: string, time: string, fieldsV1: JsonObject, rest: JsonObject = {}): JsonObject {
  return { manager, operation: 'Update', time, fieldsType: 'FieldsV1', fieldsV1, ...rest };
}

const raw: JsonObject = {
  metadata: {
    finalizers: ['a.example/one'],
    managedFields: [
      entry('kubectl-client-side-apply', '2026-01-01T00:00:00Z', {
        'f:metadata': { 'f:finalizers': { '.': {}, 'v:"a.example/one"': {} } },
        'f:spec': {
          'f:replicas': {},
          'f:selector': {},
          'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:image': {}, 'f:name': {}, 'f:args': {} } },
        },
      }),
      entry('kubectl-edit', '2026-02-01T00:00:00Z', {
        'f:spec': { 'f:containers': { 'k:{"name":"web"}': { 'f:image': {} } } },
      }),
      entry('kubectl', '2026-03-01T00:00:00Z', { 'f:spec': { 'f:replicas': {} } }, { subresource: 'scale' }),
    ],
  },
  spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, containers },
};

const managers = (...path: (string | number)[]): string[] => writersOf(raw, path).map(({ manager }) => manager);

describe('who wrote a field', () => {
  it('is everybody who holds it, the last one first', () => {
    expect(managers('spec', 'containers', 1, 'image')).toEqual(['kubectl-edit', 'kubectl-client-side-apply']);
    expect(writersOf(raw, ['spec', 'replicas'])[0]).toEqual({
      manager: 'kubectl',
      operation: 'Update',
      time: '2026-03-01T00:00:00Z',
      subresource: 'scale',
    });
  });

  it('goes by the keys and values of list elements, not by their place', () => {
    expect(managers('spec', 'containers', 0, 'image')).toEqual([]);
    expect(managers('metadata', 'finalizers', 0)).toEqual(['kubectl-client-side-apply']);
  });

  it('is who holds the whole of an atomic map or list, for what is in it', () => {
    expect(managers('spec', 'selector', 'matchLabels', 'app')).toEqual(['kubectl-client-side-apply']);
    expect(managers('spec', 'containers', 1, 'args', 0)).toEqual(['kubectl-client-side-apply']);
  });

  it('is nobody for a field that no one holds, or without the bookkeeping', () => {
    expect(managers('spec', 'paused')).toEqual([]);
    expect(managers('spec', 'containers', 7)).toEqual([]);
    expect(writersOf({ metadata: { name: 'web' } }, ['spec'])).toEqual([]);
  });

  it('takes no harm from names that are no JSON', () => {
    const odd = { metadata: { managedFields: [entry('x', '', { 'f:a': { 'k:{': {}, 'v:': {} } })] }, a: [1] };
    expect(writersOf(odd, ['a', 0])).toEqual([]);
  });
});
