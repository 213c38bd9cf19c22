// Lists: pages that belong together, selectors, and versions that are too old or too new.

import { beforeAll, expect, it } from 'vitest';
import { contract, type Loose, type Reply } from './api-under-test.ts';

contract('lists', (api) => {
  let namespace: string;
  let configMaps: string;

  const names = (reply: Reply): string[] => reply.body['items'].map((each: Loose) => each['metadata'].name);
  const create = (name: string, labels: object = {}) =>
    api.post(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });

  beforeAll(async () => {
    namespace = await api.namespace();
    configMaps = `/api/v1/namespaces/${namespace}/configmaps`;
    for (const name of ['a', 'b', 'c', 'd', 'e'])
      await create(name, { letter: name, kind: name < 'c' ? 'early' : 'late', paged: 'yes' });
  });

  it('are sorted by name, and their items do not repeat their kind', async () => {
    const list = await api.get(configMaps);
    expect(list.body).toMatchObject({ kind: 'ConfigMapList', apiVersion: 'v1' });
    expect(names(list)).toEqual(['a', 'b', 'c', 'd', 'e', 'kube-root-ca.crt']);
    expect(list.body['items'][0]).not.toHaveProperty('kind');
    expect(Number(list.body['metadata'].resourceVersion)).toBeGreaterThan(0);
  });

  it('come in pages of one and the same version', async () => {
    const first = await api.get(`${configMaps}?limit=2`);
    expect(names(first)).toEqual(['a', 'b']);
    expect(first.body['metadata']).toMatchObject({ continue: expect.any(String), remainingItemCount: 4 });
    await create('aa');
    await api.remove(`${configMaps}/e`);
    const token = encodeURIComponent(first.body['metadata'].continue);
    const second = await api.get(`${configMaps}?limit=3&continue=${token}`);
    expect(names(second)).toEqual(['c', 'd', 'e']);
    expect(second.body['metadata'].resourceVersion).toBe(first.body['metadata'].resourceVersion);
    const last = await api.get(
      `${configMaps}?limit=3&continue=${encodeURIComponent(second.body['metadata'].continue)}`,
    );
    expect(names(last)).toEqual(['kube-root-ca.crt']);
    expect(last.body['metadata']).not.toHaveProperty('continue');
    expect(last.body['metadata']).not.toHaveProperty('remainingItemCount');
    await create('e', { letter: 'e', kind: 'late', paged: 'yes' });
    await api.remove(`${configMaps}/aa`);
  });

  it('say nothing of what remains where they are selective', async () => {
    const page = await api.get(`${configMaps}?limit=2&labelSelector=paged`);
    expect(names(page)).toEqual(['a', 'b']);
    expect(page.body['metadata']).toHaveProperty('continue');
    expect(page.body['metadata']).not.toHaveProperty('remainingItemCount');
  });

  it('refuse a token that is none, and one together with a version', async () => {
    const broken = await api.get(`${configMaps}?limit=1&continue=zz`);
    expect(broken.code).toBe(400);
    expect(broken.body).toMatchObject({
      reason: 'BadRequest',
      message: expect.stringContaining('continue key is not valid'),
    });
    const first = await api.get(`${configMaps}?limit=1`);
    const token = encodeURIComponent(first.body['metadata'].continue);
    const both = await api.get(`${configMaps}?limit=1&continue=${token}&resourceVersion=5`);
    expect(both.code).toBe(400);
    expect(both.body['message']).toBe('specifying resource version is not allowed when using continue');
  });

  it('expire: 410, with a token for the rest as it is now', async (context) => {
    const old = await api.get(`${configMaps}?resourceVersion=1&resourceVersionMatch=Exact`);
    // A real server compacts its history every five minutes: a younger one still knows its first version.
    if (old.code === 200) context.skip('the history has not been compacted yet');
    expect(old.code).toBe(410);
    expect(old.body).toMatchObject({ reason: 'Expired', status: 'Failure' });
    const { body } = await api.get(`${configMaps}?limit=2`);
    const token = JSON.parse(Buffer.from(body['metadata'].continue, 'base64url').toString());
    const aged = Buffer.from(JSON.stringify({ ...token, rv: 1 })).toString('base64url');
    const gone = await api.get(`${configMaps}?limit=2&continue=${aged}`);
    expect(gone.code).toBe(410);
    expect(gone.body).toMatchObject({ reason: 'Expired', code: 410, metadata: { continue: expect.any(String) } });
    const rest = await api.get(`${configMaps}?limit=2&continue=${encodeURIComponent(gone.body['metadata'].continue)}`);
    expect(names(rest)).toEqual(['c', 'd']);
  });

  it('select by labels', async () => {
    const select = async (selector: string): Promise<string[]> =>
      names(await api.get(`${configMaps}?labelSelector=${encodeURIComponent(selector)}`));
    expect(await select('kind=early')).toEqual(['a', 'b']);
    expect(await select('kind==late,letter!=d')).toEqual(['c', 'e']);
    expect(await select('letter in (a,e),paged')).toEqual(['a', 'e']);
    expect(await select('letter notin (a,e),paged')).toEqual(['b', 'c', 'd']);
    expect(await select('!paged')).toEqual(['kube-root-ca.crt']);
    const broken = await api.get(`${configMaps}?labelSelector=a%20b%20c`);
    expect(broken.code).toBe(400);
    expect(broken.body).toMatchObject({
      reason: 'BadRequest',
      message: expect.stringContaining('unable to parse requirement'),
    });
  });

  it('select by fields', async () => {
    expect(names(await api.get(`${configMaps}?fieldSelector=metadata.name=b`))).toEqual(['b']);
    expect(names(await api.get(`${configMaps}?fieldSelector=metadata.name!=b&labelSelector=kind=early`))).toEqual([
      'a',
    ]);
    const all = await api.get(`/api/v1/configmaps?fieldSelector=metadata.namespace=${namespace}&labelSelector=paged`);
    expect(names(all)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const unknown = await api.get(`${configMaps}?fieldSelector=data.a=1`);
    expect(unknown.code).toBe(400);
    expect(unknown.body['message']).toBe(
      '"data.a" is not a known field selector: only "metadata.name", "metadata.namespace"',
    );
    const pods = await api.get('/api/v1/pods?fieldSelector=spec.foo=1');
    expect(pods.body['message']).toBe('field label not supported: spec.foo');
    expect(
      (await api.get(`/api/v1/namespaces/${namespace}/pods?fieldSelector=spec.nodeName=none,status.phase=Running`))
        .body['items'],
    ).toEqual([]);
    expect((await api.get('/api/v1/pods?fieldSelector=foo')).code).toBe(400);
  });

  it('go back to a version that history still has', async () => {
    const before = (await api.get(configMaps)).body['metadata'].resourceVersion;
    await create('later');
    const exact = await api.get(`${configMaps}?resourceVersion=${before}&resourceVersionMatch=Exact`);
    expect(names(exact)).not.toContain('later');
    expect(exact.body['metadata'].resourceVersion).toBe(before);
    const newer = await api.get(`${configMaps}?resourceVersion=${before}&resourceVersionMatch=NotOlderThan`);
    expect(names(newer)).toContain('later');
    await api.remove(`${configMaps}/later`);
  });

  it('refuse versions that are no numbers, do not exist yet, or do not match', async () => {
    const text = await api.get(`${configMaps}?resourceVersion=zz`);
    expect(text.code).toBe(400);
    expect(text.body['message']).toContain('invalid resource version');
    const future = await api.get(`${configMaps}?resourceVersion=99999999`);
    expect(future.code).toBe(504);
    expect(future.body).toMatchObject({
      reason: 'Timeout',
      details: { retryAfterSeconds: 1, causes: [{ reason: 'ResourceVersionTooLarge' }] },
    });
    const alone = await api.get(`${configMaps}?resourceVersionMatch=Exact`);
    expect(alone.code).toBe(422);
    expect(alone.body['details'].causes[0]).toMatchObject({
      reason: 'FieldValueForbidden',
      field: 'resourceVersionMatch',
    });
    const other = await api.get(`${configMaps}?resourceVersion=1&resourceVersionMatch=Nearly`);
    expect(other.body['details'].causes[0]).toMatchObject({ reason: 'FieldValueNotSupported' });
  });

  it('of a namespace that is not there are empty', async () => {
    const list = await api.get('/api/v1/namespaces/not-there/configmaps');
    expect(list.code).toBe(200);
    expect(list.body['items']).toEqual([]);
  });

  it('are compressed where they are long and the client takes it', async () => {
    const long = 'x'.repeat(200_000);
    await api.post(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'long' }, data: { long } });
    const packed = await api.ask(`${configMaps}/long`, { headers: { 'accept-encoding': 'gzip' } });
    expect(packed.headers['content-encoding']).toBe('gzip');
    const short = await api.ask(`${configMaps}/a`, { headers: { 'accept-encoding': 'gzip' } });
    expect(short.headers).not.toHaveProperty('content-encoding');
    await api.remove(`${configMaps}/long`);
  });
});
