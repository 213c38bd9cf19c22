import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  type ApiClient,
  createClient,
  createObject,
  deleteObject,
  discover,
  listAll,
  readConnection,
} from '../../api/index.ts';
import { startPlayground } from '../../playground/index.ts';
import { withChanges } from './changes.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

const configMaps = { group: '', version: 'v1', resource: 'configmaps' };

async function start(): Promise<ApiClient> {
  const playground = await startPlayground({ seed: [], controllers: false });
  closing.push(() => playground.close());
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-changes-'));
  writeFileSync(join(folder, 'config'), playground.kubeconfig());
  const client = createClient(await readConnection({ environment: { KUBECONFIG: join(folder, 'config') } }));
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => client.close(),
  );
  return client;
}

async function create(client: ApiClient, name: string): Promise<void> {
  await createObject(client, configMaps, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: 'default' },
  });
}

describe('what changed while a backup looked', () => {
  it('is told of each list, objects that came and went once', async () => {
    const client = await start();
    const { resources } = await discover(client);
    await create(client, 'before');
    const resource = resources.find(({ resource }) => resource === 'configmaps')!;
    const { resourceVersion } = await listAll(client, resource, { namespace: 'default' });
    await create(client, 'new');
    await create(client, 'short-lived');
    await deleteObject(client, configMaps, { name: 'short-lived', namespace: 'default' });
    await deleteObject(client, configMaps, { name: 'before', namespace: 'default' });
    const list = {
      groupResource: 'configmaps',
      namespace: 'default',
      resourceVersion,
      from: '',
      to: '',
      objects: 1,
      inconsistent: false,
    };
    const [now, other] = await withChanges(client, resources, [list, { ...list, namespace: 'kube-system' }]);
    expect(now?.changes).toEqual({
      added: 1,
      modified: 0,
      deleted: 2,
      names: ['default/new', 'default/short-lived', 'default/before'],
      more: false,
    });
    expect(other?.changes).toMatchObject({ added: 0, modified: 0, deleted: 0 });
  });

  it('is left out where the API server has forgotten that moment', async () => {
    const client = await start();
    const { resources } = await discover(client);
    const list = {
      groupResource: 'gone.example.com',
      namespace: '',
      resourceVersion: '1',
      from: '',
      to: '',
      objects: 0,
      inconsistent: false,
    };
    expect(
      await withChanges(client, resources, [list, { ...list, groupResource: 'pods', resourceVersion: '' }]),
    ).toEqual([list, { ...list, groupResource: 'pods', resourceVersion: '' }]);
  });
});
