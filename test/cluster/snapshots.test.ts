// CSI snapshots by a real driver, ours and Velero's: what was saved comes back byte for byte, and goes with its backup. Needs a StorageClass whose driver takes
// snapshots (NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS), with a VolumeSnapshotClass for it; without one it is skipped, aloud.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, isApiError } from '../../src/api/index.ts';
import { readArchive } from '../../src/backup/archive/read-archive.ts';
import { openBackup } from '../../src/backup/inspect/read-backup.ts';
import { openStore } from '../../src/backup/store/open-store.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { longestTurn } from './take-turn.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { hasVelero, startVelero, type Velero } from './velero.ts';
import { until } from './until.ts';

const storageClassName = process.env['NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS'];
const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'nowwhat.test/busybox:1';
const contents = '/apis/snapshot.storage.k8s.io/v1/volumesnapshotcontents';

/** A pod that only holds its volume: what it finds there, nobody but a test has written. */
function objects(): readonly [where: string, object: JsonObject][] {
  const claim = (name: string): JsonObject => ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '16Mi' } } },
  });
  const container = {
    name: 'c',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', '3600'],
    volumeMounts: [{ name: 'data', mountPath: '/data' }],
  };
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }];
  const spec = { terminationGracePeriodSeconds: 0, containers: [container], volumes };
  return [
    ['api/v1:persistentvolumeclaims', claim('data')],
    ['api/v1:persistentvolumeclaims', claim('idle')],
    ['api/v1:pods', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'db' }, spec }],
  ];
}

describe.runIf(kubeconfig !== undefined && storageClassName !== undefined)('snapshots by a real driver', () => {
  let space: TestNamespace;
  let velero: Velero | undefined;
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-snapshots-'));
  const made: string[] = [];
  let place: string;
  /** Contents that are nothing of ours. */
  let others: ReadonlySet<string>;
  /** The storage system's name of a snapshot that we took. */
  let handle = '';

  beforeAll(async () => {
    space = await openNamespace();
    others = new Set(await contentNames());
    for (const [where, object] of objects()) await space.create(where, object);
    if (hasVelero) velero = await startVelero({ features: ['EnableCSI'] });
    place = velero?.store ?? join(folder, 'kept');
    await untilRunning(space.name);
  }, longestTurn + 240_000);

  afterAll(async () => {
    for (const name of made)
      await space.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    // Velero leaves what it restored from.
    const query = { labelSelector: 'velero.io/restore-name' };
    for (const each of asArray((await space.client.request({ path: contents, query }))['items'])) {
      const name = asString(asObject(asObject(each)['metadata'])['name']) ?? '';
      await space.client.request({ method: 'DELETE', path: `${contents}/${name}` }).catch(() => undefined);
    }
    await velero?.close();
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  function ours(...args: string[]): string {
    const { status, out, err } = nowwhat([...args, '--store', place], {
      env: { ...velero?.environment, KUBECONFIG: kubeconfig ?? '' },
    });
    expect(status, out + err).toBe(0);
    return out;
  }

  async function untilRunning(namespace: string): Promise<void> {
    await until(
      `the pod in ${namespace}`,
      async () => {
        const path = `/api/v1/namespaces/${namespace}/pods/db`;
        const { status } = await space.client.request({ path }).catch(() => ({}) as JsonObject);
        return asObject(status)['phase'] === 'Running' ? true : undefined;
      },
      200,
    );
  }

  async function inPod(namespace: string, script: string): Promise<string> {
    const target = { namespace, pod: 'db', container: 'c', command: ['sh', '-c', script] };
    const { stdout } = await captureInPod(space.client, target);
    return stdout.toString().trim();
  }

  async function contentNames(): Promise<string[]> {
    const { items } = await space.client.request({ path: contents });
    return asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
  }

  async function untilNoContent(): Promise<void> {
    await until('the end of all contents of snapshots', async () =>
      (await contentNames()).every((name) => others.has(name)) ? true : undefined,
    );
  }

  /** Into another namespace, whose pod is then read. */
  async function broughtBack(kind: string, restore: (target: string) => Promise<void> | void): Promise<string> {
    const target = `${space.name}-${kind}`;
    made.push(target);
    await restore(target);
    await untilRunning(target);
    return await inPod(target, 'cat /data/word && stat -c "%a %u" /data/word');
  }

  const restoreOurs = (backup: string) => (target: string) =>
    void ours(
      'restore',
      'create',
      '--from-backup',
      backup,
      '--context',
      '.',
      '--namespace-mappings',
      `${space.name}:${target}`,
      '--yes',
    );

  it('brings back what the volume held at the moment of the backup, and leaves no object behind', async () => {
    await inPod(space.name, 'echo first > /data/word && chmod 640 /data/word && chown 1000 /data/word');
    const out = ours('backup', 'create', 'ours', '--context', '.', '-n', space.name, '--yes', '-o', 'json');
    const { snapshots } = JSON.parse(out) as { readonly snapshots: readonly { readonly handle: string }[] };
    expect(snapshots).toHaveLength(2);
    handle = snapshots[0]?.handle ?? '';
    await inPod(space.name, 'echo second > /data/word');
    await untilNoContent();
    expect(await broughtBack('ours', restoreOurs('ours'))).toBe('first\n640 1000');
    await untilNoContent();
  }, 240_000);

  it('keeps the nanoseconds of their moment, which are more than JavaScript counts', async () => {
    const copies = join(folder, 'copies');
    ours('backup', 'copy', 'ours', '--to', copies);
    const store = await openStore(copies);
    const { keys } = await openBackup(store, 'ours');
    const times: bigint[] = [];
    for await (const { place: at, content } of readArchive(await store.read(keys.contents), keys.contents))
      if (at.groupResource.startsWith('volumesnapshotcontents') && at.version === undefined)
        times.push(BigInt(/"creationTime":(\d+)/.exec(content.toString())?.[1] ?? '0'));
    store.close();
    expect(times).toHaveLength(2);
    expect(times.every((each) => each > 2n ** 53n)).toBe(true);
    // What JavaScript holds of such a number is a multiple of 256.
    expect(times.some((each) => each % 256n !== 0n)).toBe(true);
  });

  it.runIf(hasVelero)(
    'is brought back by Velero too',
    async () => {
      await velero?.waitFound('ours');
      const word = await broughtBack('velero', async (target) => {
        const spec = { backupName: 'ours', namespaceMapping: { [space.name]: target } };
        expect(await velero?.run('Restore', 'by-velero', spec, 200)).toMatchObject({ phase: 'Completed' });
      });
      expect(word).toBe('first\n640 1000');
    },
    300_000,
  );

  it.runIf(hasVelero)(
    "brings Velero's own back",
    async () => {
      const spec = { includedNamespaces: [space.name], storageLocation: 'default' };
      expect(await velero?.run('Backup', 'theirs', spec, 200)).toMatchObject({ phase: 'Completed' });
      await inPod(space.name, 'echo third > /data/word');
      expect(await broughtBack('theirs', restoreOurs('theirs'))).toBe('second\n640 1000');
    },
    300_000,
  );

  it('deletes them with their backup: then nobody can bring them back', async () => {
    for (const name of hasVelero ? ['ours', 'theirs'] : ['ours'])
      expect(ours('backup', 'delete', name, '--context', '.', '--yes')).toContain('and 2 snapshots');
    expect(await findHandle()).not.toBe('');
  }, 240_000);

  /** What the driver says where it is asked for one of them by name. */
  async function findHandle(): Promise<string> {
    const name = `nowwhat-test-${space.name.slice(-8)}`;
    const { driver } = await driverOf();
    const reference = { apiVersion: 'snapshot.storage.k8s.io/v1', kind: 'VolumeSnapshot', namespace: space.name, name };
    const body = {
      apiVersion: 'snapshot.storage.k8s.io/v1',
      kind: 'VolumeSnapshotContent',
      metadata: { name },
      spec: { driver, deletionPolicy: 'Retain', source: { snapshotHandle: handle }, volumeSnapshotRef: reference },
    };
    await space.client.request({ method: 'POST', path: contents, body });
    const complaint = await until('what the driver says', async () => {
      const { status } = await space.client.request({ path: `${contents}/${name}` });
      return asString(asObject(asObject(status)['error'])['message']);
    });
    await space.client.request({ method: 'DELETE', path: `${contents}/${name}` }).catch((error: unknown) => {
      if (!isApiError(error, 404)) throw error;
    });
    return complaint;
  }

  async function driverOf(): Promise<{ readonly driver: string }> {
    const path = `/apis/storage.k8s.io/v1/storageclasses/${storageClassName ?? ''}`;
    return { driver: asString((await space.client.request({ path }))['provisioner']) ?? '' };
  }
});
