// Data that are moved out of CSI snapshots into the store, ours and by Velero's data mover: either brings back what the other has moved. Needs a StorageClass whose
// driver takes snapshots (NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS), with a VolumeSnapshotClass for it; without one it is skipped, aloud.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { filesOf, runBeside, type ServedBucket, serveBucket, untilPodReady, volumeImage } from './s3-pod.ts';
import { longestTurn } from './take-turn.ts';
import { openNamespace, type TestNamespace } from './test-cluster.ts';
import { hasVelero, programs } from './velero.ts';
import { startVeleroPods, veleroImage, type VeleroPods } from './velero-pods.ts';
import { until } from './velero-objects.ts';

const storageClassName = process.env['NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS'];
const isGiven = hasVelero && [storageClassName, volumeImage, veleroImage].every((each) => each !== undefined);
const group = '/apis/snapshot.storage.k8s.io/v1';

/** Files of many owners and modes, links, odd names, and one of some megabytes. */
const fill = `set -e; cd /d; [ -e there ] || { mkdir -p sub/empty; head -c 5000000 /dev/urandom > sub/large; echo x > "sub/Grüße ☃.txt"
ln -s sub/large link; chmod 0600 sub/large; chmod 2775 sub; echo 1 > there; chown -R 33:44 sub; }; touch /tmp/filled; exec sleep 3600`;

const pod: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'db' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [
      {
        name: 'c',
        image: volumeImage ?? '',
        imagePullPolicy: 'IfNotPresent',
        command: ['sh', '-c', fill],
        readinessProbe: { exec: { command: ['test', '-e', '/tmp/filled'] }, periodSeconds: 1 },
        volumeMounts: [{ name: 'data', mountPath: '/d' }],
      },
    ],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
};

const claim: JsonObject = {
  apiVersion: 'v1',
  kind: 'PersistentVolumeClaim',
  metadata: { name: 'data' },
  spec: { accessModes: ['ReadWriteOnce'], storageClassName, resources: { requests: { storage: '16Mi' } } },
};

describe.runIf(isGiven)('data moved out of snapshots, ours and Velero’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-velero-moves-'));
  /** Namespaces that go; Velero makes the one that our `DataUpload` names, where it runs in another. */
  const made: string[] = [];
  let served: ServedBucket;
  let space: TestNamespace;
  let velero: VeleroPods;
  let before: string;

  beforeAll(async () => {
    [space, served] = [await openNamespace(), await serveBucket()];
    const isVeleros = await space.client.request({ path: '/api/v1/namespaces/velero' }).catch(() => undefined);
    if (isVeleros === undefined) made.push('velero');
    velero = await startVeleroPods(space.client, programs.velero ?? '', served.endpoint, ['EnableCSI']);
    await space.create('api/v1:persistentvolumeclaims', claim);
    await space.create('api/v1:pods', pod);
    await untilPodReady(space.client, space.name, 'db');
    before = await filesOf(space.client, space.name, 'db');
  }, longestTurn + 400_000);

  afterAll(async () => {
    for (const name of made)
      await space.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    await velero?.close();
    await space?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  async function ours(...args: string[]): Promise<string> {
    const { status, out } = await runBeside(served, folder, args);
    expect(status, out).toBe(0);
    return out;
  }

  async function byVelero(kind: 'Backup' | 'Restore', name: string, spec: JsonObject): Promise<void> {
    const status = await velero.run(kind, name, spec, 400);
    const isWhole = status['phase'] === 'Completed';
    expect(status, isWhole ? '' : await velero.logs()).toMatchObject({ phase: 'Completed' });
  }

  /** Snapshots of the namespace, and all claims but the app's own. */
  async function leftIn(namespace: string): Promise<string[]> {
    const paths = [
      `${group}/namespaces/${namespace}/volumesnapshots`,
      `/api/v1/namespaces/${namespace}/persistentvolumeclaims`,
    ];
    const lists = await Promise.all(paths.map((path) => space.client.request({ path })));
    const names = lists.flatMap(({ items }) =>
      asArray(items).map((each) => asObject(asObject(each)['metadata'])['name']),
    );
    return names.map((name) => asString(name) ?? '').filter((name) => name !== 'data');
  }

  const saving = {
    nowwhat: async (name: string) => {
      const out = await ours('backup', 'create', name, '-n', space.name, '--snapshot-move-data');
      expect(out).toContain('with the data of 1 volume');
      expect(await leftIn(space.name)).toEqual([]);
    },
    velero: async (name: string) => {
      const spec = { includedNamespaces: [space.name], storageLocation: 'default', snapshotMoveData: true };
      await byVelero('Backup', name, spec);
    },
  };

  const restoring = {
    nowwhat: async (backup: string, target: string) => {
      const mapping = ['--namespace-mappings', `${space.name}:${target}`];
      const out = await ours('restore', 'create', '--from-backup', backup, ...mapping);
      expect(out).toContain('the data of 1 volume');
    },
    velero: async (backupName: string, target: string) => {
      await velero.waitFound(backupName);
      await byVelero('Restore', `${backupName}-back`, { backupName, namespaceMapping: { [space.name]: target } });
    },
  };

  it.each([
    ['nowwhat', 'velero'],
    ['velero', 'nowwhat'],
  ] as const)(
    '%s moves them and %s brings them back: the same files, owners and modes',
    async (by, back) => {
      const target = `${space.name}-${by.charAt(0)}${back.charAt(0)}`;
      const backup = `${space.name}-${by}`;
      made.push(target);
      await saving[by](backup);
      await restoring[back](backup, target);
      await until('the pod that came back', async () => {
        await untilPodReady(space.client, target, 'db');
        return true;
      });
      expect(before.split('\n').length).toBeGreaterThan(5);
      expect(await filesOf(space.client, target, 'db')).toEqual(before);
    },
    900_000,
  );
});
