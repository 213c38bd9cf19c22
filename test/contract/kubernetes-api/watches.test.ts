// Watches: from now, from a version, through a selector, with bookmarks, and from too far back.

import { beforeAll, expect, it } from 'vitest';
import { contract, type Loose } from './api-under-test.ts';

contract('watches', (api) => {
  let configMaps: string;

  const create = (name: string, labels: object = {}) =>
    api.post(configMaps, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, labels } });
  const label = (name: string, labels: object) => api.patch(`${configMaps}/${name}`, 'merge', { metadata: { labels } });
  const version = async (): Promise<string> => (await api.get(configMaps)).body['metadata'].resourceVersion;
  const brief = ({ type, object }: Loose): string => `${type} ${object.metadata.name}`;

  beforeAll(async () => {
    configMaps = `/api/v1/namespaces/${await api.namespace()}/configmaps`;
  });

  it('tell what happens after a version, in order, with rising versions', async () => {
    const watch = await api.watch(`${configMaps}?watch=true&resourceVersion=${await version()}`);
    await create('one');
    await label('one', { a: 'b' });
    await api.remove(`${configMaps}/one`);
    const events = [await watch.next(), await watch.next(), await watch.next()];
    expect(events.map(brief)).toEqual(['ADDED one', 'MODIFIED one', 'DELETED one']);
    expect(events[0]?.['object']).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap' });
    expect(events[2]?.['object'].metadata.labels).toEqual({ a: 'b' });
    const versions = events.map(({ object }) => Number(object.metadata.resourceVersion));
    expect(versions).toEqual(versions.toSorted((a, b) => a - b));
    expect(new Set(versions).size).toBe(3);
    watch.close();
  });

  it('resume from the version of an event', async () => {
    const start = await version();
    await create('two');
    await label('two', { a: 'b' });
    const first = await api.watch(`${configMaps}?watch=1&resourceVersion=${start}`);
    const added = await first.next();
    first.close();
    const second = await api.watch(`${configMaps}?watch=1&resourceVersion=${added['object'].metadata.resourceVersion}`);
    expect(brief(await second.next())).toBe('MODIFIED two');
    second.close();
    await api.remove(`${configMaps}/two`);
  });

  it('without a version begin with what is there', async () => {
    await create('here');
    const watch = await api.watch(`${configMaps}?watch=1`);
    const initial = [await watch.next(), await watch.next()].map(brief).toSorted();
    expect(initial).toEqual(['ADDED here', 'ADDED kube-root-ca.crt']);
    await create('there');
    expect(brief(await watch.next())).toBe('ADDED there');
    watch.close();
    await api.remove(`${configMaps}/here`);
    await api.remove(`${configMaps}/there`);
  });

  it('with a selector see objects come into it and go out of it', async () => {
    const watch = await api.watch(`${configMaps}?watch=1&labelSelector=on%3Dyes&resourceVersion=${await version()}`);
    await create('switch');
    await label('switch', { on: 'yes' });
    await label('switch', { more: 'x' });
    const { body: last } = await label('switch', { on: 'no' });
    await api.remove(`${configMaps}/switch`);
    await create('end', { on: 'yes' });
    const events = [await watch.next(), await watch.next(), await watch.next(), await watch.next()];
    expect(events.map(brief)).toEqual(['ADDED switch', 'MODIFIED switch', 'DELETED switch', 'ADDED end']);
    // What is told last of it is how it was when it still matched, under the version of the change.
    expect(events[2]?.['object'].metadata).toMatchObject({
      labels: { on: 'yes', more: 'x' },
      resourceVersion: last['metadata'].resourceVersion,
    });
    watch.close();
    await api.remove(`${configMaps}/end`);
  });

  it('of one object go by its name', async () => {
    const watch = await api.watch(
      `${configMaps}?watch=1&fieldSelector=metadata.name%3Dmine&resourceVersion=${await version()}`,
    );
    await create('other');
    await create('mine');
    expect(brief(await watch.next())).toBe('ADDED mine');
    watch.close();
    await api.remove(`${configMaps}/other`);
    await api.remove(`${configMaps}/mine`);
  });

  it('end when their time is over', async () => {
    const watch = await api.watch(`${configMaps}?watch=1&resourceVersion=${await version()}&timeoutSeconds=1`);
    expect(await watch.rest()).toEqual([]);
  });

  it('mark the end of what was there with a bookmark', async () => {
    await create('initial');
    const options = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watch = await api.watch(`${configMaps}?watch=1&${options}`);
    const seen: string[] = [];
    const bookmark = await watch.until((event) => {
      seen.push(event['type']);
      return event['type'] === 'BOOKMARK';
    });
    expect(seen).toEqual(['ADDED', 'ADDED', 'BOOKMARK']);
    expect(bookmark['object']).toEqual({
      kind: 'ConfigMap',
      apiVersion: 'v1',
      metadata: {
        resourceVersion: expect.stringMatching(/^\d+$/),
        annotations: { 'k8s.io/initial-events-end': 'true' },
      },
    });
    const after = await api.watch(
      `${configMaps}?watch=1&resourceVersion=${bookmark['object'].metadata.resourceVersion}`,
    );
    await create('later');
    expect(brief(await after.next())).toBe('ADDED later');
    watch.close();
    after.close();
    await api.remove(`${configMaps}/initial`);
    await api.remove(`${configMaps}/later`);
    const refused = await api.get(`${configMaps}?watch=1&sendInitialEvents=true`);
    expect(refused.code).toBe(422);
  });

  it('from a version that is too old end with 410', async () => {
    const leases = api.isReal ? '/apis/coordination.k8s.io/v1/leases' : '/api/v1/configmaps';
    const watch = await api.watch(`${leases}?watch=1&resourceVersion=1&timeoutSeconds=5`);
    const events = await watch.rest();
    const error = events.find(({ type }) => type === 'ERROR');
    // A real server that has just started remembers everything.
    if (api.isReal && error === undefined) return;
    expect(error).toMatchObject({
      type: 'ERROR',
      object: {
        kind: 'Status',
        code: 410,
        reason: 'Expired',
        message: expect.stringContaining('too old resource version'),
      },
    });
  });

  it('from a version that is still to come are refused', async () => {
    const watch = await api.get(`${configMaps}?watch=1&resourceVersion=99999999&timeoutSeconds=1`);
    expect([200, 504]).toContain(watch.code);
  });
});
