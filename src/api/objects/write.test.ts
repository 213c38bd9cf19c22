import { describe, expect, it, onTestFinished } from 'vitest';
import {
  answerJson,
  answerStatus,
  connectionTo,
  listenOnLoopback,
  type Respond,
} from '../../../test/kubernetes/loopback-server.ts';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { pods } from '../../../test/kubernetes/resources.ts';
import { reviewAccess, reviewRules } from '../access/review-access.ts';
import { type ApiClient, createClient } from '../http/client.ts';
import {
  applyObject,
  createObject,
  deleteObject,
  deleteObjects,
  evictPod,
  getObject,
  patchObject,
  replaceObject,
} from './write.ts';

async function start(respond: Respond = (_asked, response) => answerJson(response, {})) {
  const server = await listenOnLoopback(respond);
  const client = createClient(connectionTo(server.url), { clock: createManualClock() });
  onTestFinished(() => client.close());
  return { server, client };
}

const pod = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name: 'web', resourceVersion: '5' },
  'x-unknown': null,
};
const web = { namespace: 'shop', name: 'web' };

/** The one request that a call makes: method, target, content type and body. */
async function sent(call: (client: ApiClient) => Promise<unknown>) {
  const { server, client } = await start();
  await call(client);
  const { method, path, query, headers, body } = server.asked[0]!;
  const target = query.size === 0 ? path : `${path}?${query.toString()}`;
  return [`${method} ${target}`, headers['content-type'], body === '' ? undefined : JSON.parse(body)];
}

const at = '/api/v1/namespaces/shop/pods';

describe('a write', () => {
  it('is the request that the API wants', async () => {
    expect(await sent((client) => getObject(client, pods, web))).toEqual([`GET ${at}/web`, undefined, undefined]);
    expect(
      await sent((client) =>
        createObject(client, pods, pod, { dryRun: true, fieldManager: 'me', fieldValidation: 'Strict' }),
      ),
    ).toEqual([`POST ${at}?dryRun=All&fieldManager=me&fieldValidation=Strict`, 'application/json', pod]);
    expect(await sent((client) => replaceObject(client, pods, pod, { subresource: 'status' }))).toEqual([
      `PUT ${at}/web/status`,
      'application/json',
      pod,
    ]);
    const operations = [{ op: 'remove', path: '/spec/x' }];
    expect(await sent((client) => patchObject(client, pods, web, { type: 'json', body: operations }))).toEqual([
      `PATCH ${at}/web`,
      'application/json-patch+json',
      operations,
    ]);
    expect(await sent((client) => patchObject(client, pods, web, { type: 'merge', body: { a: null } }))).toEqual([
      `PATCH ${at}/web`,
      'application/merge-patch+json',
      { a: null },
    ]);
    expect((await sent((client) => patchObject(client, pods, web, { type: 'strategic', body: {} })))[1]).toBe(
      'application/strategic-merge-patch+json',
    );
    expect(await sent((client) => applyObject(client, pods, pod, { fieldManager: 'me', force: true }))).toEqual([
      `PATCH ${at}/web?fieldManager=me&force=true`,
      'application/apply-patch+yaml',
      pod,
    ]);
  });

  it('of a cluster-scoped object has no namespace', async () => {
    const node = { metadata: { name: 'n' } };
    expect((await sent((client) => createObject(client, { ...pods, resource: 'nodes' }, node)))[0]).toBe(
      'POST /api/v1/nodes',
    );
  });

  it('may be a deletion with conditions', async () => {
    expect(await sent((client) => deleteObject(client, pods, web))).toEqual([
      `DELETE ${at}/web`,
      'application/json',
      { apiVersion: 'v1', kind: 'DeleteOptions' },
    ]);
    const options = {
      propagation: 'Foreground',
      uid: 'u',
      resourceVersion: '5',
      gracePeriodSeconds: 0,
      dryRun: true,
    } as const;
    expect((await sent((client) => deleteObject(client, pods, web, options)))[2]).toEqual({
      apiVersion: 'v1',
      kind: 'DeleteOptions',
      propagationPolicy: 'Foreground',
      gracePeriodSeconds: 0,
      preconditions: { uid: 'u', resourceVersion: '5' },
      dryRun: ['All'],
    });
    expect((await sent((client) => deleteObjects(client, pods, { namespace: 'shop', labelSelector: 'a=b' })))[0]).toBe(
      `DELETE ${at}?labelSelector=a%3Db`,
    );
  });

  it('is not repeated after a broken connection, but an apply is, unless it is for one version', async () => {
    const flaky: Respond = (asked, response, count) =>
      count === 0 ? void asked.socket.destroy() : answerJson(response, {});
    const applied = await start(flaky);
    const { resourceVersion: _, ...metadata } = pod.metadata;
    await applyObject(applied.client, pods, { ...pod, metadata }, { fieldManager: 'me' });
    expect(applied.server.asked).toHaveLength(2);
    const forVersion = await start(flaky);
    const applying = applyObject(forVersion.client, pods, pod, { fieldManager: 'me' });
    await expect(applying).rejects.toMatchObject({ code: 'cluster-unreachable' });
    expect(forVersion.server.asked).toHaveLength(1);
    const created = await start(flaky);
    await expect(createObject(created.client, pods, pod)).rejects.toMatchObject({ code: 'cluster-unreachable' });
    expect(created.server.asked).toHaveLength(1);
  });

  it('that evicts a pod meets a disruption budget at once', async () => {
    const { client, server } = await start((_asked, response) =>
      answerStatus(response, 429, 'TooManyRequests', { message: 'Cannot evict pod', retryAfter: 10 }),
    );
    await expect(evictPod(client, web)).rejects.toMatchObject({ status: 429, message: 'Cannot evict pod' });
    expect(server.asked).toHaveLength(1);
    expect(server.asked[0]?.path).toBe(`${at}/web/eviction`);
    expect(JSON.parse(server.asked[0]!.body)).toMatchObject({
      apiVersion: 'policy/v1',
      kind: 'Eviction',
      metadata: web,
    });
  });
});

describe('a review of our own access', () => {
  it('asks for one thing', async () => {
    const { client, server } = await start((_asked, response) =>
      answerJson(response, { status: { allowed: true, reason: 'RBAC: allowed' } }),
    );
    const question = { verb: 'create', group: '', resource: 'pods', subresource: 'exec', namespace: 'shop' };
    expect(await reviewAccess(client, question)).toEqual({ allowed: true, reason: 'RBAC: allowed' });
    await reviewAccess(client, { verb: 'get', path: '/metrics' });
    expect(server.asked.map(({ body }) => JSON.parse(body).spec)).toEqual([
      { resourceAttributes: question },
      { nonResourceAttributes: { verb: 'get', path: '/metrics' } },
    ]);
  });

  it('is no where the server does not say yes', async () => {
    const { client } = await start((_asked, response) => answerJson(response, { status: { allowed: 'true' } }));
    expect((await reviewAccess(client, { verb: 'get', path: '/' })).allowed).toBe(false);
  });

  it('lists the rules of a namespace', async () => {
    const { client } = await start((_asked, response) =>
      answerJson(response, {
        status: {
          resourceRules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }],
          nonResourceRules: [{ verbs: ['get'], nonResourceURLs: ['/api'] }],
          incomplete: true,
        },
      }),
    );
    const { rules, incomplete } = await reviewRules(client, 'shop');
    expect(incomplete).toBe(true);
    expect(rules.map(({ resources, nonResourceURLs }) => [resources, nonResourceURLs])).toEqual([
      [['pods'], []],
      [[], ['/api']],
    ]);
  });
});
