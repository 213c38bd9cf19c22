// Custom resources: served as soon as they are defined, held to their schema, gone with their definition.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { kindsPort, longestTurn, takeTurn } from '../../cluster/take-turn.ts';
import { contract, type Loose } from './api-under-test.ts';

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';

contract('custom resources', (api) => {
  const group = `g${randomBytes(3).toString('hex')}.contract.test`;
  let things: string;
  let namespace: string;
  let giveBack: (() => void) | undefined;

  const schema = {
    type: 'object',
    required: ['spec'],
    properties: {
      spec: {
        type: 'object',
        required: ['size'],
        properties: {
          size: { type: 'integer', minimum: 1, maximum: 9 },
          mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast' },
          replicas: { type: 'integer', default: 1 },
          name: { type: 'string', pattern: '^[a-z]+$', maxLength: 5 },
          nested: { type: 'object', default: {}, properties: { flag: { type: 'boolean', default: true } } },
          free: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
          maybe: { type: 'string', nullable: true },
          items: {
            type: 'array',
            'x-kubernetes-list-type': 'map',
            'x-kubernetes-list-map-keys': ['key'],
            items: {
              type: 'object',
              required: ['key'],
              properties: { key: { type: 'string' }, value: { type: 'string' } },
            },
          },
          either: { 'x-kubernetes-int-or-string': true },
        },
      },
      status: {
        type: 'object',
        properties: { replicas: { type: 'integer' }, selector: { type: 'string' }, note: { type: 'string' } },
      },
    },
  };
  const definition = (more: object = {}, metadata: object = {}) => ({
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `things.${group}`, ...metadata },
    spec: {
      group,
      scope: 'Namespaced',
      names: { plural: 'things', kind: 'Thing', shortNames: ['th'], categories: ['contract'] },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: { openAPIV3Schema: schema },
          subresources: {
            status: {},
            scale: {
              specReplicasPath: '.spec.replicas',
              statusReplicasPath: '.status.replicas',
              labelSelectorPath: '.status.selector',
            },
          },
        },
        {
          name: 'v1beta1',
          served: true,
          storage: false,
          schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
        },
      ],
      ...more,
    },
  });
  const thing = (name: string, spec: object, more: object = {}) => ({
    apiVersion: `${group}/v1`,
    kind: 'Thing',
    metadata: { name },
    spec,
    ...more,
  });

  beforeAll(async () => {
    if (api.isReal) giveBack = await takeTurn(kindsPort);
    namespace = await api.namespace();
    things = `/apis/${group}/v1/namespaces/${namespace}/things`;
    const { code, text } = await api.post(definitions, definition());
    expect(code, text).toBe(201);
    await api.eventually(`${definitions}/things.${group}`, ({ body }) =>
      (body['status']?.conditions ?? []).some(
        (each: Loose) => each['type'] === 'Established' && each['status'] === 'True',
      ),
    );
    await api.eventually(things, ({ code: served }) => served === 200);
  }, longestTurn + 120_000);

  afterAll(async () => {
    await api.remove(`${definitions}/things.${group}`);
    await api.eventually(`${definitions}/things.${group}`, ({ code }) => code === 404);
    giveBack?.();
  });

  it('are told by discovery and by their definition', async () => {
    const { body } = await api.get(`${definitions}/things.${group}`);
    expect(body['spec'].names).toMatchObject({ singular: 'thing', listKind: 'ThingList' });
    expect(body['spec'].conversion).toEqual({ strategy: 'None' });
    expect(body['status']).toMatchObject({
      acceptedNames: { plural: 'things', kind: 'Thing' },
      storedVersions: ['v1'],
    });
    const list = await api.eventually(`/apis/${group}/v1`, ({ code }) => code === 200);
    expect(list.body['resources']).toContainEqual(
      expect.objectContaining({
        name: 'things',
        singularName: 'thing',
        namespaced: true,
        kind: 'Thing',
        shortNames: ['th'],
        categories: ['contract'],
      }),
    );
    const found = await api.eventually('/apis', ({ body: groups }) =>
      groups['groups'].some((each: Loose) => each['name'] === group),
    );
    const own = found.body['groups'].find((each: Loose) => each['name'] === group);
    expect(own.preferredVersion.version).toBe('v1');
    expect(own.versions.map((each: Loose) => each['version'])).toEqual(['v1', 'v1beta1']);
  });

  it('are filled with defaults and pruned', async () => {
    const { code, body, headers } = await api.post(
      things,
      thing(
        'full',
        { size: 3, unknown: 1, nested: null, maybe: null, free: { any: [1, null] }, either: '50%' },
        { extra: true, status: { note: 'x' } },
      ),
    );
    expect(code).toBe(201);
    expect(body['spec']).toEqual({
      size: 3,
      mode: 'fast',
      replicas: 1,
      nested: { flag: true },
      free: { any: [1, null] },
      maybe: null,
      either: '50%',
    });
    expect(body).not.toHaveProperty('extra');
    expect(body).not.toHaveProperty('status');
    expect(body['metadata']).toMatchObject({ generation: 1, name: 'full' });
    expect([headers['warning']].flat().join()).toContain('unknown field \\"spec.unknown\\"');
    const strict = await api.post(`${things}?fieldValidation=Strict`, thing('strict', { size: 1, unknown: 1 }));
    expect(strict.code).toBe(400);
    expect(strict.body['message']).toContain('strict decoding error: unknown field "spec.unknown"');
  });

  it('are refused where they do not fit their schema, field by field', async () => {
    const causesOf = async (spec: object): Promise<Loose[]> => {
      const { code, body } = await api.post(things, thing('bad', spec));
      expect(code).toBe(422);
      expect(body).toMatchObject({ reason: 'Invalid', details: { group, kind: 'Thing', name: 'bad' } });
      return body['details'].causes;
    };
    expect(await causesOf({ size: 'x' })).toContainEqual(
      expect.objectContaining({ field: 'spec.size', reason: 'FieldValueTypeInvalid' }),
    );
    expect(await causesOf({ size: 10 })).toContainEqual(
      expect.objectContaining({ field: 'spec.size', reason: 'FieldValueInvalid' }),
    );
    expect(await causesOf({})).toContainEqual(
      expect.objectContaining({ field: 'spec.size', reason: 'FieldValueRequired' }),
    );
    expect(await causesOf({ size: 1, mode: 'idle' })).toContainEqual(
      expect.objectContaining({ field: 'spec.mode', reason: 'FieldValueNotSupported' }),
    );
    expect(await causesOf({ size: 1, name: 'A' })).toContainEqual(
      expect.objectContaining({ field: 'spec.name', reason: 'FieldValueInvalid' }),
    );
    expect((await causesOf({ size: 1, name: 'abcdefg' })).map((each) => each['field'])).toContain('spec.name');
    const twice = await causesOf({ size: 1, items: [{ key: 'a' }, { key: 'a' }] });
    expect(twice).toContainEqual(expect.objectContaining({ field: 'spec.items[1]', reason: 'FieldValueDuplicate' }));
    expect((await api.post(things, { apiVersion: `${group}/v1`, kind: 'Thing', metadata: { name: 'bad' } })).code).toBe(
      422,
    );
  });

  it('have a status of their own, and count generations of the rest', async () => {
    const { body: made } = await api.post(things, thing('counted', { size: 1 }));
    const spec = await api.patch(`${things}/counted`, 'merge', { spec: { size: 2 }, status: { note: 'ignored' } });
    expect(spec.body['metadata'].generation).toBe(2);
    expect(spec.body).not.toHaveProperty('status');
    const status = await api.patch(`${things}/counted/status`, 'merge', {
      status: { note: 'seen', other: 1 },
      spec: { size: 5 },
    });
    expect(status.body).toMatchObject({
      status: { note: 'seen' },
      spec: { size: 2 },
      metadata: { generation: 2, uid: made['metadata'].uid },
    });
    expect(status.body['status']).not.toHaveProperty('other');
    const wrong = await api.patch(`${things}/counted/status`, 'merge', { status: { replicas: 'many' } });
    expect(wrong.code).toBe(422);
    const labelled = await api.patch(`${things}/counted`, 'merge', { metadata: { labels: { a: 'b' } } });
    expect(labelled.body['metadata'].generation).toBe(2);
  });

  it('can be scaled', async () => {
    await api.post(things, thing('scaled', { size: 1, replicas: 2 }));
    await api.patch(`${things}/scaled/status`, 'merge', { status: { replicas: 2, selector: 'a=b' } });
    const { body } = await api.get(`${things}/scaled/scale`);
    expect(body).toMatchObject({
      kind: 'Scale',
      apiVersion: 'autoscaling/v1',
      spec: { replicas: 2 },
      status: { replicas: 2, selector: 'a=b' },
    });
    const scaled = await api.patch(`${things}/scaled/scale`, 'merge', { spec: { replicas: 5 } });
    expect(scaled.body['spec'].replicas).toBe(5);
    expect((await api.get(`${things}/scaled`)).body['spec'].replicas).toBe(5);
  });

  it('are replaced only by a version that names what it replaces', async () => {
    await api.post(things, thing('replaced', { size: 1 }));
    const blind = await api.put(`${things}/replaced`, thing('replaced', { size: 2 }));
    expect(blind.code).toBe(422);
    expect(blind.body['details'].causes[0]).toMatchObject({ field: 'metadata.resourceVersion' });
  });

  it('are the same at all versions', async () => {
    await api.post(things, thing('versions', { size: 1 }));
    const older = await api.get(`/apis/${group}/v1beta1/namespaces/${namespace}/things/versions`);
    expect(older.body).toMatchObject({ apiVersion: `${group}/v1beta1`, kind: 'Thing', spec: { size: 1 } });
    const watch = await api.watch(
      `/apis/${group}/v1beta1/namespaces/${namespace}/things?watch=1&fieldSelector=metadata.name%3Dversions`,
    );
    expect((await watch.next())['object'].apiVersion).toBe(`${group}/v1beta1`);
    watch.close();
    const list = (await api.get(things)).body;
    expect(list).toMatchObject({ kind: 'ThingList', apiVersion: `${group}/v1` });
    expect(list['items'][0]).toMatchObject({ apiVersion: `${group}/v1`, kind: 'Thing' });
    expect((await api.get(`/apis/${group}/v2/namespaces/${namespace}/things`)).code).toBe(404);
  });

  it('take merge patches and applies, no strategic ones', async () => {
    const strategic = await api.patch(`${things}/full`, 'strategic-merge', { spec: { size: 2 } });
    expect(strategic.code).toBe(415);
    const body = thing('applied', { size: 1, items: [{ key: 'a', value: '1' }] }) as never;
    const first = await api.apply(`${things}/applied`, 'a', body);
    expect(first.code).toBe(201);
    const second = await api.apply(
      `${things}/applied`,
      'b',
      thing('applied', { size: 1, items: [{ key: 'b', value: '2' }] }) as never,
    );
    expect(second.body['spec'].items).toEqual([
      { key: 'a', value: '1' },
      { key: 'b', value: '2' },
    ]);
    const clash = await api.apply(`${things}/applied`, 'b', thing('applied', { size: 2 }) as never);
    expect(clash.code).toBe(409);
    const less = await api.apply(`${things}/applied`, 'a', thing('applied', { size: 1 }) as never);
    expect(less.body['spec'].items).toEqual([{ key: 'b', value: '2' }]);
  });

  it('need a definition that makes sense', async () => {
    const misnamed = await api.post(definitions, definition({}, { name: `wrong.${group}` }));
    expect(misnamed.code).toBe(422);
    expect(misnamed.body['details'].causes.map((each: Loose) => each['field'])).toContain('metadata.name');
    const names = { plural: 'others', kind: 'Other' };
    const bare = { name: `others.${group}` };
    const schemaless = await api.post(
      definitions,
      definition({ names, versions: [{ name: 'v1', served: true, storage: true }] }, bare),
    );
    expect(schemaless.code).toBe(422);
    const untyped = {
      openAPIV3Schema: { type: 'object', properties: { spec: { properties: { a: { type: 'string' } } } } },
    };
    const unstructured = await api.post(
      definitions,
      definition({ names, versions: [{ name: 'v1', served: true, storage: true, schema: untyped }] }, bare),
    );
    expect(unstructured.code).toBe(422);
    const unstored = await api.post(
      definitions,
      definition(
        { names, versions: [{ name: 'v1', served: true, storage: false, schema: { openAPIV3Schema: schema } }] },
        bare,
      ),
    );
    expect(unstored.code).toBe(422);
  });

  it('go with their definition', async () => {
    const { code } = await api.remove(`${definitions}/things.${group}`);
    expect(code).toBe(200);
    await api.eventually(`${definitions}/things.${group}`, (reply) => reply.code === 404);
    await api.eventually(things, (reply) => reply.code === 404);
  });
});
