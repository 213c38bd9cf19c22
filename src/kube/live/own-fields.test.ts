import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { stripDefaults } from '../defaults/strip-defaults.ts';
import { loadSchemas, nodeOfKind } from '../schema/index.ts';
import type { ApplyTypes } from './apply-config.ts';
import { withoutOwn } from './own-fields.ts';

const schemas = await loadSchemas();

type Entry = readonly [manager: string, operation: 'Apply' | 'Update', fields: JsonObject];

function pod(container: JsonObject, metadata: JsonObject = {}, managed: readonly Entry[] = []): JsonObject {
  const managedFields = managed.map(([manager, operation, fieldsV1]) => ({ manager, operation, fieldsV1 }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'web', ...metadata, ...(managed.length === 0 ? {} : { managedFields }) },
    spec: { containers: [{ name: 'web', image: 'a:1', ...container }] },
  };
}

const types: ApplyTypes = { types: schemas.typesAt(34), node: nodeOfKind(schemas, 34, pod({})) };

function left(live: JsonObject, wanted: JsonObject): JsonObject {
  const explicit = stripDefaults(schemas, 34, live);
  const { metadata, ...rest } = withoutOwn(types, { live, wanted, explicit }, 'nowwhat');
  const { managedFields: _, ...named } = metadata as JsonObject;
  return { metadata: named, ...rest };
}

const inContainer = (fields: JsonObject): JsonObject => ({
  'f:spec': { 'f:containers': { 'k:{"name":"web"}': { '.': {}, 'f:name': {}, 'f:image': {}, ...fields } } },
});

describe('what we put there before', () => {
  const env = [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ];
  const ours = {
    ...inContainer({
      'f:tty': {},
      'f:imagePullPolicy': {},
      'f:env': { '.': {}, 'k:{"name":"A"}': { '.': {}, 'f:name': {}, 'f:value': {} } },
    }),
    'f:metadata': { 'f:labels': { '.': {}, 'f:team': {} } },
  };
  const live = (managed: readonly Entry[]): JsonObject =>
    pod({ tty: true, imagePullPolicy: 'IfNotPresent', env }, { labels: { team: 'a', theirs: 'b' } }, managed);

  it.each(['Apply', 'Update'] as const)(
    'goes where it is wanted no more, by %s; what others added stays',
    (operation) => {
      const added = inContainer({ 'f:env': { 'k:{"name":"B"}': { '.': {}, 'f:name': {}, 'f:value': {} } } });
      const { metadata, spec } = left(
        live([
          ['nowwhat', operation, ours],
          ['kubectl-edit', 'Update', added],
        ]),
        pod({}),
      );
      expect(metadata).toEqual({ name: 'web', labels: { theirs: 'b' } });
      // A default is nobody's wish.
      expect(spec).toEqual({
        containers: [{ name: 'web', image: 'a:1', imagePullPolicy: 'IfNotPresent', env: [{ name: 'B', value: '2' }] }],
      });
    },
  );

  it('stays where it is still wanted, with whatever value', () => {
    const wanted = pod({ tty: false, env: [{ name: 'A', value: '9' }] }, { labels: { team: 'c' } });
    expect(left(live([['nowwhat', 'Apply', ours]]), wanted)).toEqual(left(live([]), wanted));
  });

  it('stays where somebody else holds it too', () => {
    const theirs = inContainer({ 'f:tty': {} });
    const { spec } = left(
      live([
        ['nowwhat', 'Apply', ours],
        ['helm', 'Update', theirs],
      ]),
      pod({}),
    );
    expect(spec).toMatchObject({ containers: [{ name: 'web', image: 'a:1', tty: true }] });
  });

  it('is nothing where it is noted for others, or for a part of the object of its own', () => {
    const now = live([['kubectl', 'Apply', ours]]);
    expect(left(now, pod({}))).toEqual(left(live([]), pod({})));
    expect(left(live([]), pod({}))['spec']).toEqual(live([])['spec']);
  });

  it('goes whole with an item of a list that is wanted no more', () => {
    const second = { 'f:spec': { 'f:containers': { 'k:{"name":"log"}': { '.': {}, 'f:name': {}, 'f:image': {} } } } };
    const both = pod({}, {}, [['nowwhat', 'Update', second]]);
    const spec = {
      containers: [
        { name: 'web', image: 'a:1' },
        { name: 'log', image: 'l:1', terminationMessagePolicy: 'File' },
      ],
    };
    expect(left({ ...both, spec }, pod({}))['spec']).toEqual({ containers: [{ name: 'web', image: 'a:1' }] });
  });
});
