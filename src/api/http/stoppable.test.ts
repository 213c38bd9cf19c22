import { afterEach, beforeEach, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../test/kubernetes/playground-folder.ts';
import { type ApiClient, createClient, createObject, makeStoppable, readConnection } from '../index.ts';

const namespaces = { group: '', version: 'v1', resource: 'namespaces', namespaced: false };
const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

let cluster: PlaygroundFolder;
let client: ApiClient;
beforeEach(async () => {
  const slow = { when: { verb: 'create' }, effect: { kind: 'delay', ms: 150 } } as const;
  cluster = await openPlaygroundFolder([], { faults: [slow] });
  client = createClient(await readConnection({ environment: { KUBECONFIG: cluster.kubeconfig } }));
});
afterEach(async () => {
  await client.close();
  await cluster.close();
});

it('a stopped client has answered what was under way, and sends nothing more', async () => {
  const { client: working, stop } = makeStoppable(client);
  let answered = 0;
  const ask = async (name: string): Promise<void> => {
    await createObject(working, namespaces, namespace(name));
    answered += 1;
  };
  const first = ask('first');
  const second = first.then(() => ask('second'));
  await stop();
  await first;
  const later = await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 300, 'waits'))]);
  expect([answered, later]).toEqual([1, 'waits']);
  const made = ['first', 'second'].map((name) => cluster.playground.store.get('/namespaces', '', name) !== undefined);
  expect(made).toEqual([true, false]);
});

it('one that fails does not keep it from stopping', async () => {
  const { client: working, stop } = makeStoppable(client);
  const failing = createObject(working, namespaces, { apiVersion: 'v1', kind: 'Namespace', metadata: {} });
  const failed = failing.then(
    () => false,
    () => true,
  );
  await stop();
  expect(await failed).toBe(true);
});
