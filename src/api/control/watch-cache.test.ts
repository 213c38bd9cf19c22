import type { ServerResponse } from 'node:http';
import fc from 'fast-check';
import { describe, expect, it, onTestFinished } from 'vitest';
import { answerJson, answerStatus, connectionTo, listenOnLoopback } from '../../../test/kubernetes/loopback-server.ts';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { pods } from '../../../test/kubernetes/resources.ts';
import type { JsonObject } from '../../model/index.ts';
import { createClient } from '../http/client.ts';
import { keyOf, ObjectStore, type StoreChange } from './object-store.ts';
import { createWatchCache, type WatchCacheOptions } from './watch-cache.ts';

const pod = (name: string, version: number, node = 'n1'): JsonObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { namespace: 'shop', name, resourceVersion: String(version), managedFields: ['x'] },
  spec: { nodeName: node },
});
const nodeOf = (object: JsonObject) => [String((object['spec'] as { nodeName: string }).nodeName)];
const words = (changes: readonly StoreChange[]) => changes.map(({ type, key }) => `${type} ${key}`);

describe('a store of objects', () => {
  it('finds by key and by index, as objects come, change and go', () => {
    const store = new ObjectStore({ node: nodeOf });
    expect(words(store.replace([pod('a', 1), pod('b', 1, 'n2')]))).toEqual(['added shop/a', 'added shop/b']);
    expect(words(store.apply({ type: 'MODIFIED', object: pod('a', 2, 'n2') }))).toEqual(['changed shop/a']);
    expect(store.find('node', 'n1')).toEqual([]);
    expect(store.find('node', 'n2').map(keyOf).sort()).toEqual(['shop/a', 'shop/b']);
    expect(words(store.apply({ type: 'DELETED', object: pod('a', 3, 'n2') }))).toEqual(['removed shop/a']);
    expect(store.find('node', 'n2').map(keyOf)).toEqual(['shop/b']);
    expect(store.get('shop/a')).toBeUndefined();
    expect(() => store.find('nope', 'x')).toThrow('no index "nope"');
  });

  it('tells only what is new: a version seen twice, a bookmark and a stranger’s end change nothing', () => {
    const store = new ObjectStore();
    store.replace([pod('a', 1)]);
    expect(store.apply({ type: 'ADDED', object: pod('a', 1) })).toEqual([]);
    expect(store.apply({ type: 'BOOKMARK', object: pod('zzz', 9) })).toEqual([]);
    expect(store.apply({ type: 'DELETED', object: pod('b', 1) })).toEqual([]);
    expect(store.size).toBe(1);
  });

  it('comes to the same by events as by a new list', () => {
    const named = fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd'),
      node: fc.constantFrom('n1', 'n2'),
      gone: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(named), (steps) => {
        const byEvents = new ObjectStore({ node: nodeOf });
        const truth = new Map<string, JsonObject>();
        for (const [version, { name, node, gone }] of steps.entries()) {
          const object = pod(name, version, node);
          byEvents.apply({ type: gone ? 'DELETED' : 'MODIFIED', object });
          if (gone) truth.delete(name);
          else truth.set(name, object);
        }
        const byList = new ObjectStore({ node: nodeOf });
        byList.replace([pod('old', 1), pod('a', -1)]);
        byList.replace([...truth.values()]);
        for (const node of ['n1', 'n2']) {
          const sorted = (store: ObjectStore) =>
            store
              .find('node', node)
              .map((each) => JSON.stringify(each))
              .sort();
          expect(sorted(byEvents)).toEqual(sorted(byList));
        }
        expect(byEvents.size).toBe(truth.size);
      }),
    );
  });
});

/** A server whose pods a test changes; watches can be cut, and forget. */
async function start(options: Partial<WatchCacheOptions> = {}) {
  const state = {
    pods: new Map<string, JsonObject>(),
    version: 1,
    watches: new Set<ServerResponse>(),
    lists: 0,
    expired: false,
    fail: 0,
  };
  const server = await listenOnLoopback((asked, response) => {
    if (state.fail > 0 && state.fail--) return answerStatus(response, 403, 'Forbidden');
    if (asked.query.get('watch') === 'true') {
      if (state.expired) {
        state.expired = false;
        return answerStatus(response, 410, 'Expired');
      }
      state.watches.add(response);
      return response.writeHead(200).flushHeaders();
    }
    state.lists += 1;
    answerJson(response, {
      kind: 'PodList',
      apiVersion: 'v1',
      metadata: { resourceVersion: String(state.version) },
      items: [...state.pods.values()],
    });
  });
  const change = (name: string, type: 'ADDED' | 'MODIFIED' | 'DELETED', tell = true) => {
    state.version += 1;
    const object = pod(name, state.version);
    if (type === 'DELETED') state.pods.delete(name);
    else state.pods.set(name, object);
    if (tell) for (const watch of state.watches) watch.write(`${JSON.stringify({ type, object })}\n`);
  };
  const forget = () => {
    state.expired = true;
    for (const watch of state.watches) watch.end();
    state.watches.clear();
  };
  const clock = createManualClock();
  const client = createClient(connectionTo(server.url), { clock });
  const heard: string[] = [];
  const errors: unknown[] = [];
  const onChange = (each: StoreChange) => heard.push(...words([each]));
  const cache = createWatchCache({
    client,
    resource: pods,
    clock,
    onChange,
    onError: (error) => errors.push(error),
    ...options,
  });
  const stop = new AbortController();
  const running = cache.run(stop.signal);
  onTestFinished(async () => {
    stop.abort();
    await running;
    await client.close();
  });
  return { cache, state, change, forget, heard, errors, stop, running };
}

describe('a watch cache', () => {
  it('is filled by a list and follows events, keeping what it is told to', async () => {
    const project = ({ metadata, ...rest }: JsonObject) => ({
      ...rest,
      metadata: { ...(metadata as JsonObject), managedFields: undefined },
    });
    const { cache, state, change, heard } = await start({ project });
    await cache.filled;
    expect(cache.store.size).toBe(0);
    await expect.poll(() => state.watches.size).toBe(1);
    change('a', 'ADDED');
    change('a', 'MODIFIED');
    change('b', 'ADDED');
    change('a', 'DELETED');
    await expect.poll(() => heard).toEqual(['added shop/a', 'changed shop/a', 'added shop/b', 'removed shop/a']);
    expect(cache.store.list().map(keyOf)).toEqual(['shop/b']);
    expect(cache.store.get('shop/b')).toMatchObject({ metadata: { managedFields: undefined } });
    expect(state.lists).toBe(1);
  });

  it('lists again where events were missed, and finds what changed, came and went meanwhile', async () => {
    const { cache, state, change, forget, heard, errors } = await start();
    for (const name of ['same', 'gone', 'changed']) change(name, 'ADDED');
    await cache.filled;
    await expect.poll(() => state.watches.size).toBe(1);
    heard.length = 0;
    change('gone', 'DELETED', false);
    change('changed', 'MODIFIED', false);
    change('came', 'ADDED', false);
    forget();
    await expect.poll(() => heard.toSorted()).toEqual(['added shop/came', 'changed shop/changed', 'removed shop/gone']);
    expect(state.lists).toBe(2);
    expect(errors).toEqual([]);
  });

  it('tells of failures and goes on', async () => {
    const { cache, state, errors, heard, change } = await start();
    state.fail = 2;
    change('a', 'ADDED');
    await cache.filled;
    await expect.poll(() => heard).toEqual(['added shop/a']);
    expect(errors.length).toBeGreaterThanOrEqual(1);
    expect(errors[0]).toMatchObject({ status: 403 });
  });

  it('ends when it is stopped', async () => {
    const { cache, stop, running } = await start();
    await cache.filled;
    stop.abort();
    await expect(running).resolves.toBeUndefined();
  });
});
