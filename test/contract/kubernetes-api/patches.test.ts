// Patches: JSON patch, JSON merge patch and strategic merge patch.

import { beforeAll, expect, it } from 'vitest';
import { contract, type Loose } from './api-under-test.ts';

contract('patches', (api) => {
  let namespace: string;
  let configMap: string;
  let deployment: string;

  beforeAll(async () => {
    namespace = await api.namespace();
    const configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
    configMap = `${configMaps}/patched`;
    await api.post(configMaps, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'patched', labels: { a: '1', 'x.y/z': '2' } },
      data: { one: '1', two: '2' },
    });
    const deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
    deployment = `${deployments}/web`;
    const containers = [
      {
        name: 'web',
        image: api.image,
        command: ['sleep', '1000'],
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ports: [{ containerPort: 80 }],
      },
      { name: 'side', image: api.image, command: ['sleep', '1000'] },
    ];
    const labels = { app: 'web' };
    await api.post(deployments, {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers } },
      },
    });
  });

  it('of JSON add, replace, move, copy, test and remove', async () => {
    const { code, body } = await api.patch(configMap, 'json', [
      { op: 'test', path: '/data/one', value: '1' },
      { op: 'replace', path: '/data/one', value: '11' },
      { op: 'add', path: '/data/three', value: '3' },
      { op: 'copy', from: '/data/three', path: '/data/four' },
      { op: 'move', from: '/data/two', path: '/data/five' },
      { op: 'remove', path: '/metadata/labels/x.y~1z' },
    ]);
    expect(code).toBe(200);
    expect(body['data']).toEqual({ one: '11', three: '3', four: '3', five: '2' });
    expect(body['metadata'].labels).toEqual({ a: '1' });
  });

  it('of JSON that do not fit change nothing', async () => {
    const test = await api.patch(configMap, 'json', [
      { op: 'add', path: '/data/six', value: '6' },
      { op: 'test', path: '/data/one', value: 'other' },
    ]);
    expect(test.code).toBe(422);
    expect(test.body).toMatchObject({
      reason: 'Invalid',
      message: 'the server rejected our request due to an error in our request',
    });
    expect((await api.patch(configMap, 'json', [{ op: 'remove', path: '/data/nope' }])).code).toBe(422);
    expect((await api.patch(configMap, 'json', { op: 'remove' })).code).toBe(400);
    expect((await api.get(configMap)).body['data']).not.toHaveProperty('six');
  });

  it('of JSON reach into lists', async () => {
    const path = '/spec/template/spec/containers/0/env';
    const { body } = await api.patch(`${deployment}?dryRun=All`, 'json', [
      { op: 'add', path: `${path}/-`, value: { name: 'C', value: '3' } },
      { op: 'add', path: `${path}/0`, value: { name: 'Z', value: '0' } },
      { op: 'remove', path: `${path}/1` },
    ]);
    expect(body['spec'].template.spec.containers[0].env.map((each: Loose) => each['name'])).toEqual(['Z', 'B', 'C']);
  });

  it('by merging replace values and lists, and remove by null', async () => {
    const { body } = await api.patch(configMap, 'merge', { data: { one: '1', three: null, seven: '7' } });
    expect(body['data']).toEqual({ one: '1', four: '3', five: '2', seven: '7' });
    const merged = await api.patch(`${deployment}?dryRun=All`, 'merge', {
      spec: { template: { spec: { containers: [{ name: 'only', image: 'x:1' }] } } },
    });
    expect(merged.body['spec'].template.spec.containers.map((each: Loose) => each['name'])).toEqual(['only']);
  });

  it('hold a version where they name one', async () => {
    const { code, body } = await api.patch(configMap, 'merge', {
      metadata: { resourceVersion: '1' },
      data: { eight: '8' },
    });
    expect(code).toBe(409);
    expect(body['reason']).toBe('Conflict');
  });

  it('cannot rename', async () => {
    const { code, body } = await api.patch(configMap, 'merge', { metadata: { name: 'other' } });
    expect(code).toBe(400);
    expect(body['message']).toBe('the name of the object (other) does not match the name on the URL (patched)');
  });

  it('that lead to something that cannot be read are invalid', async () => {
    const typed = await api.patch(configMap, 'merge', { data: { one: 1 } });
    expect(typed.code).toBe(422);
    expect(typed.body).toMatchObject({
      reason: 'Invalid',
      details: { causes: [{ reason: 'FieldValueInvalid', field: 'patch' }] },
    });
    const strict = await api.patch(`${configMap}?fieldValidation=Strict`, 'merge', { foo: 1 });
    expect(strict.code).toBe(422);
    expect(strict.body['message']).toContain('strict decoding error: unknown field "foo"');
    const warned = await api.patch(configMap, 'merge', { foo: 1 });
    expect(warned.code).toBe(200);
    expect([warned.headers['warning']].flat().join()).toContain('unknown field \\"foo\\"');
  });

  it('of another content type are refused', async () => {
    const { code, body } = await api.ask(configMap, { method: 'PATCH', body: {}, type: 'application/json' });
    expect(code).toBe(415);
    expect(body['reason']).toBe('UnsupportedMediaType');
  });

  const strategic = async (spec: object): Promise<Loose> =>
    (await api.patch(`${deployment}?dryRun=All`, 'strategic-merge', { spec: { template: { spec } } })).body['spec']
      .template.spec;

  it('that are strategic merge lists by their keys', async () => {
    const { containers } = await strategic({
      containers: [
        {
          name: 'web',
          env: [
            { name: 'B', value: '22' },
            { name: 'C', value: '3' },
          ],
        },
      ],
    });
    expect(containers.map((each: Loose) => each['name'])).toEqual(['web', 'side']);
    expect(containers[0]).toMatchObject({ image: api.image, command: ['sleep', '1000'] });
    expect(Object.fromEntries(containers[0].env.map((each: Loose) => [each['name'], each['value']]))).toEqual({
      A: '1',
      B: '22',
      C: '3',
    });
  });

  it('that are strategic put new items before those that they do not name', async () => {
    const { containers } = await strategic({ containers: [{ name: 'new', image: 'x:1' }] });
    expect(containers.map((each: Loose) => each['name'])).toEqual(['new', 'web', 'side']);
  });

  it('that are strategic replace lists that are one value', async () => {
    const { containers } = await strategic({ containers: [{ name: 'web', command: ['echo'] }] });
    expect(containers[0].command).toEqual(['echo']);
  });

  it('that are strategic follow directives', async () => {
    const gone = await strategic({ containers: [{ name: 'side', $patch: 'delete' }] });
    expect(gone['containers'].map((each: Loose) => each['name'])).toEqual(['web']);
    const replaced = await strategic({
      containers: [{ name: 'web', env: [{ $patch: 'replace' }, { name: 'Z', value: '0' }] }],
    });
    expect(replaced['containers'][0].env).toEqual([{ name: 'Z', value: '0' }]);
    const ordered = await strategic({
      $setElementOrder: undefined,
      '$setElementOrder/containers': [{ name: 'side' }, { name: 'web' }],
    });
    expect(ordered['containers'].map((each: Loose) => each['name'])).toEqual(['side', 'web']);
    const recreated = await api.patch(`${deployment}?dryRun=All`, 'strategic-merge', {
      spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } },
    });
    expect(recreated.body['spec'].strategy).toEqual({ type: 'Recreate' });
    const keyless = await api.patch(`${deployment}?dryRun=All`, 'strategic-merge', {
      spec: { template: { spec: { containers: [{ image: 'x' }] } } },
    });
    expect(keyless.code).toBeGreaterThanOrEqual(400);
  });

  it('that are strategic merge plain sets', async () => {
    await api.patch(configMap, 'merge', { metadata: { finalizers: ['a.b/one', 'a.b/two'] } });
    const added = await api.patch(configMap, 'strategic-merge', { metadata: { finalizers: ['a.b/three'] } });
    expect(added.body['metadata'].finalizers.toSorted()).toEqual(['a.b/one', 'a.b/three', 'a.b/two']);
    const cut = await api.patch(configMap, 'strategic-merge', {
      metadata: { '$deleteFromPrimitiveList/finalizers': ['a.b/one', 'a.b/three'] },
    });
    expect(cut.body['metadata'].finalizers).toEqual(['a.b/two']);
    const none = await api.patch(configMap, 'json', [{ op: 'remove', path: '/metadata/finalizers' }]);
    expect(none.body['metadata']).not.toHaveProperty('finalizers');
  });

  it('of what is not there are refused', async () => {
    const { code } = await api.patch(`/api/v1/namespaces/${namespace}/configmaps/nothing`, 'merge', { data: {} });
    expect(code).toBe(404);
  });
});
