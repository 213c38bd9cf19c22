// Deletion: preconditions, finalizers, grace, dependents, collections and namespaces.

import { beforeAll, expect, it } from 'vitest';
import { contract, type Loose } from './api-under-test.ts';

contract('deletion', (api) => {
  let namespace: string;
  let configMaps: string;

  beforeAll(async () => {
    namespace = await api.namespace();
    configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
  });

  const create = async (name: string, metadata: object = {}): Promise<Loose> =>
    (await api.post(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...metadata } })).body;
  const isGone = (path: string) => api.eventually(path, ({ code }) => code === 404);
  const ownedBy = (owner: Loose, more: object = {}) => ({
    ownerReferences: [
      { apiVersion: 'v1', kind: 'ConfigMap', name: owner['metadata'].name, uid: owner['metadata'].uid, ...more },
    ],
  });

  it('says what is gone', async () => {
    const made = await create('plain');
    const { code, body } = await api.remove(`${configMaps}/plain`);
    expect(code).toBe(200);
    expect(body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Success',
      details: { name: 'plain', kind: 'configmaps', uid: made['metadata'].uid },
    });
    expect((await api.get(`${configMaps}/plain`)).code).toBe(404);
  });

  it('holds to its preconditions', async () => {
    const made = await create('guarded');
    const other = await api.remove(`${configMaps}/guarded`, { preconditions: { uid: 'another' } });
    expect(other.code).toBe(409);
    expect(other.body).toMatchObject({
      reason: 'Conflict',
      message: `Operation cannot be fulfilled on ConfigMap "guarded": the UID in the precondition (another) does not match the UID in record (${made['metadata'].uid}). The object might have been deleted and then recreated`,
    });
    const stale = await api.remove(`${configMaps}/guarded`, { preconditions: { resourceVersion: '1' } });
    expect(stale.code).toBe(409);
    const { uid, resourceVersion } = made['metadata'];
    expect((await api.remove(`${configMaps}/guarded`, { preconditions: { uid, resourceVersion } })).code).toBe(200);
    const odd = await api.remove(`${configMaps}/guarded`, { propagationPolicy: 'Sideways' });
    expect([404, 422]).toContain(odd.code);
  });

  it('waits for finalizers', async () => {
    await create('held', { finalizers: ['contract.test/hold'] });
    const { code, body } = await api.remove(`${configMaps}/held`);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      kind: 'ConfigMap',
      metadata: {
        deletionTimestamp: expect.any(String),
        deletionGracePeriodSeconds: 0,
        finalizers: ['contract.test/hold'],
      },
    });
    const again = await api.remove(`${configMaps}/held`);
    expect(again.body['metadata'].deletionTimestamp).toBe(body['metadata'].deletionTimestamp);
    const more = await api.patch(`${configMaps}/held`, 'merge', {
      metadata: { finalizers: ['contract.test/hold', 'contract.test/more'] },
    });
    expect(more.code).toBe(422);
    expect(more.body['message']).toContain('no new finalizers can be added if the object is being deleted');
    const labelled = await api.patch(`${configMaps}/held`, 'merge', { metadata: { labels: { a: 'b' } } });
    expect(labelled.code).toBe(200);
    const watch = await api.watch(`${configMaps}?watch=1&resourceVersion=${labelled.body['metadata'].resourceVersion}`);
    const last = await api.patch(`${configMaps}/held`, 'merge', { metadata: { finalizers: null } });
    expect(last.code).toBe(200);
    expect((await watch.next())['type']).toBe('DELETED');
    watch.close();
    expect((await api.get(`${configMaps}/held`)).code).toBe(404);
  });

  it('of an owner takes its dependents along', async () => {
    const owner = await create('owner');
    await create('dependent', ownedBy(owner));
    const other = await create('other-owner');
    const both = [...ownedBy(owner).ownerReferences, ...ownedBy(other).ownerReferences];
    await create('of-two', { ownerReferences: both });
    expect((await api.remove(`${configMaps}/owner`, { propagationPolicy: 'Background' })).code).toBe(200);
    await isGone(`${configMaps}/dependent`);
    const left = await api.eventually(
      `${configMaps}/of-two`,
      ({ body }) => body['metadata'].ownerReferences.length === 1,
    );
    expect(left.body['metadata'].ownerReferences[0].name).toBe('other-owner');
  });

  it('of an owner may leave its dependents behind', async () => {
    const owner = await create('leaving');
    await create('orphan', ownedBy(owner));
    const { body } = await api.remove(`${configMaps}/leaving`, { propagationPolicy: 'Orphan' });
    expect(body['metadata'].finalizers).toEqual(['orphan']);
    await isGone(`${configMaps}/leaving`);
    const left = await api.get(`${configMaps}/orphan`);
    expect(left.code).toBe(200);
    expect(left.body['metadata']).not.toHaveProperty('ownerReferences');
  });

  it('of an owner may wait until its dependents are gone', async () => {
    const owner = await create('patient');
    await create('blocking', { ...ownedBy(owner, { blockOwnerDeletion: true }), finalizers: ['contract.test/hold'] });
    const { body } = await api.remove(`${configMaps}/patient`, { propagationPolicy: 'Foreground' });
    expect(body['metadata']).toMatchObject({
      finalizers: ['foregroundDeletion'],
      deletionTimestamp: expect.any(String),
    });
    await api.eventually(`${configMaps}/blocking`, (reply) => reply.body['metadata'].deletionTimestamp !== undefined);
    expect((await api.get(`${configMaps}/patient`)).code).toBe(200);
    await api.patch(`${configMaps}/blocking`, 'merge', { metadata: { finalizers: null } });
    await isGone(`${configMaps}/patient`);
  });

  it('comes to a dependent whose owner never was', async () => {
    await create('stray', ownedBy({ metadata: { name: 'never', uid: '00000000-0000-0000-0000-000000000000' } }));
    await isGone(`${configMaps}/stray`);
  });

  it('takes options as parameters, and refuses policies that there are not', async () => {
    const owner = await create('by-query');
    await create('kept', ownedBy(owner));
    const { body } = await api.remove(`${configMaps}/by-query?propagationPolicy=Orphan`);
    expect(body['metadata'].finalizers).toEqual(['orphan']);
    await create('odd');
    const odd = await api.remove(`${configMaps}/odd`, { propagationPolicy: 'Sideways' });
    expect(odd.code).toBe(422);
    expect(odd.body['details'].causes[0]).toMatchObject({
      reason: 'FieldValueNotSupported',
      field: 'propagationPolicy',
    });
  });

  it('of a collection goes by selectors', async () => {
    for (const name of ['x1', 'x2']) await create(name, { labels: { batch: 'x' } });
    await create('y1', { labels: { batch: 'y' } });
    const { code, body } = await api.remove(`${configMaps}?labelSelector=batch%3Dx`);
    expect(code).toBe(200);
    expect(body['kind']).toBe('ConfigMapList');
    expect(body['items'].map((each: Loose) => each['metadata'].name)).toEqual(['x1', 'x2']);
    const left = (await api.get(`${configMaps}?labelSelector=batch`)).body['items'];
    expect(left.map((each: Loose) => each['metadata'].name)).toEqual(['y1']);
  });

  it('of some kinds answers with the object', async () => {
    const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
    await api.post(accounts, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'gone' } });
    expect((await api.remove(`${accounts}/gone`)).body).toMatchObject({
      kind: 'ServiceAccount',
      metadata: { name: 'gone' },
    });
  });

  it('of a pod gives it time, and none where none is wanted', async () => {
    const pods = `/api/v1/namespaces/${namespace}/pods`;
    const pod = (name: string) => ({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, finalizers: ['contract.test/hold'] },
      spec: {
        terminationGracePeriodSeconds: 60,
        containers: [{ name: 'c', image: api.image, command: ['sleep', '1000'] }],
      },
    });
    await api.post(pods, pod('slow'));
    await api.eventually(`${pods}/slow`, ({ body }) => body['status'].phase === 'Running');
    const { code, body } = await api.remove(`${pods}/slow`);
    expect(code).toBe(200);
    expect(body).toMatchObject({ kind: 'Pod', metadata: { deletionGracePeriodSeconds: 60, generation: 2 } });
    const ahead = Date.parse(body['metadata'].deletionTimestamp) - Date.now();
    expect(ahead).toBeGreaterThan(0);
    expect(ahead).toBeLessThanOrEqual(61_000);
    const now = await api.remove(`${pods}/slow`, { gracePeriodSeconds: 0 });
    expect(now.body['metadata'].deletionGracePeriodSeconds).toBe(0);
    await api.patch(`${pods}/slow`, 'merge', { metadata: { finalizers: null } });
    await isGone(`${pods}/slow`);
  });

  it('of a namespace takes all that is in it, and nothing new comes in', async () => {
    const doomed = await api.namespace();
    const inside = `/api/v1/namespaces/${doomed}/configmaps`;
    await api.post(inside, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'free' } });
    await api.post(inside, {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'held', finalizers: ['contract.test/hold'] },
    });
    const { code, body } = await api.remove(`/api/v1/namespaces/${doomed}`);
    expect(code).toBe(200);
    expect(body).toMatchObject({
      kind: 'Namespace',
      status: { phase: 'Terminating' },
      spec: { finalizers: ['kubernetes'] },
    });
    const late = await api.post(inside, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'late' } });
    expect(late.code).toBe(403);
    expect(late.body).toMatchObject({
      message: `configmaps "late" is forbidden: unable to create new content in namespace ${doomed} because it is being terminated`,
      details: {
        causes: [
          {
            reason: 'NamespaceTerminating',
            field: 'metadata.namespace',
            message: `namespace ${doomed} is being terminated`,
          },
        ],
      },
    });
    await api.eventually(`${inside}/held`, (reply) => reply.body['metadata']?.deletionTimestamp !== undefined);
    await isGone(`${inside}/free`);
    expect((await api.get(`/api/v1/namespaces/${doomed}`)).code).toBe(200);
    await api.patch(`${inside}/held`, 'merge', { metadata: { finalizers: null } });
    await isGone(`/api/v1/namespaces/${doomed}`);
  });

  it('never comes to the first namespaces', async () => {
    const { code, body } = await api.remove('/api/v1/namespaces/default');
    expect(code).toBe(403);
    expect(body['message']).toBe('namespaces "default" is forbidden: this namespace may not be deleted');
  });
});
