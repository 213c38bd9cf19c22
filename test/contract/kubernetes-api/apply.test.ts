// Server-side apply: who owns what, what is taken out, and what clashes.

import { beforeAll, expect, it } from 'vitest';
import { contract, type Loose, type Reply } from './api-under-test.ts';

contract('server-side apply', (api) => {
  let configMaps: string;
  let deployments: string;

  beforeAll(async () => {
    const namespace = await api.namespace();
    configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
    deployments = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  });

  const config = (name: string, data?: object, metadata: object = {}) =>
    ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata }, ...(data && { data }) }) as never;
  const apply = (name: string, manager: string, data?: object, more = ''): Promise<Reply> =>
    api.apply(`${configMaps}/${name}`, manager, config(name, data), more);
  const ownersOf = ({ body }: Reply): Record<string, Loose> =>
    Object.fromEntries(
      (body['metadata'].managedFields ?? []).map((each: Loose) => [
        `${each['operation']} ${each['manager']}`,
        each['fieldsV1'],
      ]),
    );

  it('makes what is not there, and owns what it names', async () => {
    const made = await api.apply(`${configMaps}/made`, 'a', config('made', { x: '1' }, { labels: { l: '1' } }));
    expect(made.code).toBe(201);
    expect(ownersOf(made)).toEqual({
      'Apply a': { 'f:data': { 'f:x': {} }, 'f:metadata': { 'f:labels': { 'f:l': {} } } },
    });
    const again = await api.apply(`${configMaps}/made`, 'a', config('made', { x: '1' }, { labels: { l: '1' } }));
    expect(again.code).toBe(200);
    expect(again.body['metadata'].resourceVersion).toBe(made.body['metadata'].resourceVersion);
  });

  it('needs a manager, and an object that fits the path', async () => {
    const nobody = await api.ask(`${configMaps}/x`, {
      method: 'PATCH',
      body: config('x'),
      type: 'application/apply-patch+yaml',
    });
    expect(nobody.code).toBe(422);
    expect(nobody.body['details']).toMatchObject({
      kind: 'PatchOptions',
      causes: [{ reason: 'FieldValueRequired', field: 'fieldManager' }],
    });
    const kind = await api.apply(`${configMaps}/x`, 'a', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'x' } });
    expect(kind.code).toBe(400);
    expect(kind.body['message']).toBe('invalid object type: /v1, Kind=Secret');
    const name = await api.apply(`${configMaps}/x`, 'a', config('y'));
    expect(name.code).toBe(400);
    const unknown = await api.apply(`${configMaps}/x`, 'a', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'x' },
      dat: {},
    });
    expect(unknown.code).toBe(500);
    expect(unknown.body['message']).toContain('.dat: field not declared in schema');
  });

  it('refuses to change what somebody else applied, unless forced', async () => {
    await apply('shared', 'a', { x: '1', y: '1' });
    const one = await apply('shared', 'b', { x: '2' });
    expect(one.code).toBe(409);
    expect(one.body).toMatchObject({
      reason: 'Conflict',
      message: 'Apply failed with 1 conflict: conflict with "a": .data.x',
      details: { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "a"', field: '.data.x' }] },
    });
    const two = await apply('shared', 'b', { x: '2', y: '2' });
    expect(two.body['message']).toBe('Apply failed with 2 conflicts: conflicts with "a":\n- .data.x\n- .data.y');
    const forced = await apply('shared', 'b', { x: '2' }, '&force=true');
    expect(forced.code).toBe(200);
    expect(forced.body['data']).toEqual({ x: '2', y: '1' });
    expect(ownersOf(forced)).toEqual({
      'Apply a': { 'f:data': { 'f:y': {} } },
      'Apply b': { 'f:data': { 'f:x': {} } },
    });
  });

  it('shares a field that two apply with the same value', async () => {
    await apply('agreed', 'a', { x: '1' });
    const both = await apply('agreed', 'b', { x: '1' });
    expect(both.code).toBe(200);
    expect(Object.keys(ownersOf(both)).toSorted()).toEqual(['Apply a', 'Apply b']);
    const left = await apply('agreed', 'a', { other: '1' });
    expect(left.body['data']).toEqual({ x: '1', other: '1' });
  });

  it('takes out what its manager no longer names and nobody else owns', async () => {
    await apply('shrinking', 'a', { x: '1', y: '1' });
    await api.patch(`${configMaps}/shrinking?fieldManager=u`, 'merge', { data: { z: '1' } });
    const less = await apply('shrinking', 'a', { x: '1' });
    expect(less.body['data']).toEqual({ x: '1', z: '1' });
    expect(ownersOf(less)['Update u']).toEqual({ 'f:data': { 'f:z': {} } });
    const none = await apply('shrinking', 'a');
    expect(none.body['data']).toEqual({ z: '1' });
  });

  it('clashes with updates too, and updates take fields over', async () => {
    await apply('updated', 'a', { x: '1' });
    const updated = await api.patch(`${configMaps}/updated?fieldManager=u`, 'merge', { data: { x: '2' } });
    expect(ownersOf(updated)).toEqual({ 'Update u': { 'f:data': { 'f:x': {} } } });
    const clash = await apply('updated', 'a', { x: '1' });
    expect(clash.code).toBe(409);
    expect(clash.body['message']).toBe('Apply failed with 1 conflict: conflict with "u" using v1: .data.x');
  });

  it('tried dry says what would happen', async () => {
    await apply('tried', 'a', { x: '1' });
    const dry = await apply('tried', 'a', { x: '2' }, '&dryRun=All');
    expect(dry.body['data']).toEqual({ x: '2' });
    expect((await api.get(`${configMaps}/tried`)).body['data']).toEqual({ x: '1' });
    expect((await apply('tried', 'b', { x: '3' }, '&dryRun=All')).code).toBe(409);
  });

  it('forgets all owners where a writer asks for that', async () => {
    await apply('reset', 'a', { x: '1' });
    const reset = await api.patch(`${configMaps}/reset`, 'merge', { metadata: { managedFields: [{}] } });
    expect(reset.code).toBe(200);
    expect(reset.body['metadata']).not.toHaveProperty('managedFields');
  });

  const labels = { app: 'web' };
  const deployment = (containers: object[], spec: object = {}) =>
    ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } }, ...spec },
    }) as never;
  const namesOf = (reply: Reply): string[] =>
    reply.body['spec'].template.spec.containers.map((each: Loose) => each['name']);

  it('merges lists by their keys and leaves defaults to nobody', async () => {
    const path = `${deployments}/web`;
    const port = { containerPort: 80 };
    const made = await api.apply(
      path,
      'a',
      deployment([{ name: 'web', image: 'x:1', ports: [port], args: ['a'] }], { replicas: 0 }),
    );
    expect(made.code).toBe(201);
    expect(ownersOf(made)['Apply a']).toEqual({
      'f:spec': {
        'f:replicas': {},
        'f:selector': {},
        'f:template': {
          'f:metadata': { 'f:labels': { 'f:app': {} } },
          'f:spec': {
            'f:containers': {
              'k:{"name":"web"}': {
                '.': {},
                'f:args': {},
                'f:image': {},
                'f:name': {},
                'f:ports': { 'k:{"containerPort":80,"protocol":"TCP"}': { '.': {}, 'f:containerPort': {} } },
              },
            },
          },
        },
      },
    });
    const side = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { template: { spec: { containers: [{ name: 'side', image: 'y:1' }] } } },
    };
    const joined = await api.apply(path, 'b', side);
    expect(namesOf(joined)).toEqual(['web', 'side']);
    const renamed = await api.apply(path, 'a', deployment([{ name: 'new', image: 'x:1' }], { replicas: 0 }));
    expect(namesOf(renamed)).toEqual(['side', 'new']);
    const scaled = await api.apply(path, 'a', deployment([{ name: 'new', image: 'x:1' }]));
    expect(scaled.body['spec'].replicas).toBe(1);
    await api.remove(path);
  });

  it('refuses a list that has a key twice', async () => {
    const twice = await api.apply(`${deployments}/twice`, 'a', {
      ...(deployment([{ name: 'x' }, { name: 'x' }]) as Loose),
      metadata: { name: 'twice' },
    } as never);
    expect(twice.code).toBe(500);
    expect(twice.body['message']).toContain('.spec.template.spec.containers: duplicate entries for key');
  });

  it('owns the status apart from the rest', async () => {
    const path = `${deployments}/web`;
    await api.apply(path, 'a', deployment([{ name: 'web', image: 'x:1' }], { replicas: 0 }));
    const condition = { type: 'Checked', status: 'True' };
    const status = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      status: { conditions: [condition] },
    };
    const applied = await api.apply(`${path}/status`, 's', status, '&force=true');
    expect(applied.code).toBe(200);
    expect(applied.body['status'].conditions).toContainEqual(expect.objectContaining(condition));
    const entry = applied.body['metadata'].managedFields.find((each: Loose) => each['manager'] === 's');
    expect(entry).toMatchObject({ operation: 'Apply', subresource: 'status' });
    expect(entry.fieldsV1['f:status']['f:conditions']).toHaveProperty('k:{"type":"Checked"}');
    await api.remove(path);
  });
});
