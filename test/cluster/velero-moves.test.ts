// Data that are moved out of CSI snapshots into the store, ours and by Velero's data mover: either brings back what the other has moved. Needs a StorageClass whose
// driver takes snapshots (NOWWHAT_TEST_SNAPSHOT_STORAGE_CLASS), with a VolumeSnapshotClass for it; without one it is skipped, aloud.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, createObject, deleteObject, getObject } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import {
  filesOf,
  fillingContainer,
  placeIn,
  runProgram,
  runWell,
  type ServedBucket,
  serveBucket,
  snapshotsIn,
  untilPodReady,
  volumeImage,
} from './s3-pod.ts';
import { longestTurn } from './take-turn.ts';
import { openNamespace, type TestNamespace } from './test-cluster.ts';
import { hasVelero, programs } from './velero.ts';
import { runVelero, startVeleroPods, veleroImage, type VeleroPods } from './velero-pods.ts';
import { until } from './until.ts';

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
    containers: [fillingContainer(fill)],
    volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
  },
};

/** For one pod alone, which no helper can join: only what is made from its snapshot can be read. */
function claimOf(lateClass: string): JsonObject {
  const resources = { requests: { storage: '16Mi' } };
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOncePod'], storageClassName: lateClass, resources },
  };
}

const classes = { group: 'storage.k8s.io', version: 'v1', resource: 'storageclasses' } as const;

/** The class that was given, whose volumes are made where their first pod goes. */
async function makeLateClass(client: ApiClient, name: string): Promise<void> {
  const { metadata: _, ...given } = await getObject(client, classes, { name: storageClassName ?? '' });
  await createObject(client, classes, { ...given, metadata: { name }, volumeBindingMode: 'WaitForFirstConsumer' });
}

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
    await makeLateClass(space.client, space.name);
    await space.create('api/v1:persistentvolumeclaims', claimOf(space.name));
    await space.create('api/v1:pods', pod);
    await untilPodReady(space.client, space.name, 'db');
    before = await filesOf(space.client, space.name, 'db');
  }, longestTurn + 400_000);

  afterAll(async () => {
    for (const name of made)
      await space.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    await velero?.close();
    await deleteObject(space.client, classes, { name: space.name });
    await space?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  const ours = (...args: string[]): Promise<string> => runWell(served, folder, args);

  const byVelero = (kind: 'Backup' | 'Restore', name: string, spec: JsonObject): Promise<void> =>
    runVelero(velero, kind, name, spec, 400);

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

  const nameBy = (by: keyof typeof saving): string => `${space.name}-${by}`;

  it.each([
    ['nowwhat', 'velero'],
    ['velero', 'nowwhat'],
  ] as const)(
    '%s moves them and %s brings them back: the same files, owners and modes',
    async (by, back) => {
      const target = `${space.name}-${by.charAt(0)}${back.charAt(0)}`;
      const backup = nameBy(by);
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

  it('are gone from the repository when Velero deletes the backup of nowwhat', async () => {
    const name = nameBy('nowwhat');
    const ofOurs = `nowwhat backup ${name}`;
    expect(await snapshotsIn(served, `kopia/${space.name}/`)).toContain(ofOurs);
    const request = { generateName: 'of-test-', namespace: velero.namespace };
    const body = {
      apiVersion: 'velero.io/v1',
      kind: 'DeleteBackupRequest',
      metadata: request,
      spec: { backupName: name },
    };
    await space.client.request({ method: 'POST', path: velero.path('deletebackuprequests'), body });
    await until(
      'the end of the backup',
      async () => {
        const found = await space.client.request({ path: velero.path('backups', name) }).catch(() => undefined);
        return found === undefined ? true : undefined;
      },
      400,
    );
    expect(await snapshotsIn(served, `kopia/${space.name}/`)).not.toContain(ofOurs);
    expect((await runProgram(folder, ['backup', 'get', '--store', placeIn(served)])).out).not.toContain(name);
  }, 600_000);

  it('of Velero stay in the repository when nowwhat deletes its backup, which says so', async () => {
    const name = nameBy('velero');
    const before = await snapshotsIn(served, `kopia/${space.name}/`);
    const place = ['--store', placeIn(served), '--context', '.', '--yes'];
    const { status, out } = await runProgram(folder, ['backup', 'delete', name, ...place]);
    expect(status, out).toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain(`the data of 1 volume stay in kopia/${space.name}`);
    expect(await snapshotsIn(served, `kopia/${space.name}/`)).toEqual(before);
  }, 240_000);
});
