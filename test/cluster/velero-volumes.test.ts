// The cross matrix for the data of volumes: what nowwhat and Velero's node agent save, nowwhat and Velero bring back, and every file is the same each way.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { type LocalVolumes, makeLocalVolumes } from './local-volumes.ts';
import {
  filesOf,
  fillingContainer,
  runWell,
  type ServedBucket,
  serveBucket,
  untilPodReady,
  volumeImage,
} from './s3-pod.ts';
import { applyAll } from './stand-in/deploy.ts';
import { longestTurn } from './take-turn.ts';
import { openNamespace, type TestNamespace } from './test-cluster.ts';
import { hasVelero, programs } from './velero.ts';
import { runVelero, startVeleroPods, veleroImage, type VeleroPods } from './velero-pods.ts';
import { until } from './until.ts';

/** Files as a database and a site have them: many owners, modes, links, odd names, empty folders, a large and a sparse one. */
const fill = {
  mysql: `mkdir -p /d/mysql/empty
for n in 1 2 3; do head -c 300000 /dev/urandom > /d/mysql/t$n.ibd; done
head -c 30000000 /dev/urandom > /d/mysql/ibdata1
echo 1 | dd of=/d/mysql/sparse bs=1 seek=20000000 2>/dev/null
chown -R 999:998 /d/mysql; chmod 0750 /d/mysql; chmod 0600 /d/mysql/ibdata1; chmod 4711 /d/mysql/t1.ibd; chmod 0000 /d/mysql/t2.ibd`,
  wordpress: `mkdir -p "/d/html/up loads/2026" /d/html/cache; chmod 2775 /d/html/cache; chmod 1777 "/d/html/up loads"
for n in 1 2 3 4 5; do echo "<p>$n" > "/d/html/up loads/page $n.html"; done
echo x > "/d/html/Grüße ☃.txt"; echo y > "/d/html/ leading and trailing "; echo z > /d/html/-dash; echo q > '/d/html/quo"te'"'"'s'; : > /d/html/nothing
ln -s "up loads/2026" /d/html/latest; ln -s /nowhere /d/html/broken; ln /d/html/nothing /d/html/second-name
touch -d "2020-02-02 02:02:02" /d/html/-dash; chown -R 33:33 /d/html; chown -h 1000:1000 /d/html/latest`,
};

function podOf(app: keyof typeof fill): JsonObject {
  const command = `[ -e /d/there ] || { set -e; ${fill[app]}\necho 1 > /d/there; }; touch /tmp/filled; exec sleep 3600`;
  return {
    metadata: { labels: { app } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [fillingContainer(command)],
    },
  };
}

function claimSpec(storageClassName: string): JsonObject {
  return { storageClassName, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '100Mi' } } };
}

function appOn(storageClass: string): readonly JsonObject[] {
  const mysql = {
    serviceName: 'mysql',
    selector: { matchLabels: { app: 'mysql' } },
    template: podOf('mysql'),
    volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: claimSpec(storageClass) }],
  };
  const template = podOf('wordpress');
  const volumes = [{ name: 'data', persistentVolumeClaim: { claimName: 'html' } }];
  const wordpress = {
    selector: { matchLabels: { app: 'wordpress' } },
    strategy: { type: 'Recreate' },
    template: { ...template, spec: { ...asObject(template['spec']), volumes } },
  };
  return [
    { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: 'html' }, spec: claimSpec(storageClass) },
    { apiVersion: 'apps/v1', kind: 'StatefulSet', metadata: { name: 'mysql' }, spec: mysql },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'wordpress' }, spec: wordpress },
  ];
}

const isGiven = hasVelero && volumeImage !== undefined && veleroImage !== undefined;

describe.runIf(isGiven)('data of volumes, ours and Velero’s', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-velero-volumes-'));
  const made: string[] = [];
  const saved = new Map<string, Promise<string>>();
  let local: LocalVolumes;
  let served: ServedBucket;
  let space: TestNamespace;
  let velero: VeleroPods;
  let before: Readonly<Record<string, string>>;

  async function podNamed(namespace: string, app: string): Promise<string> {
    return await until(`a pod of ${app}`, async () => {
      const query = { labelSelector: `app=${app}` };
      const { items } = await space.client.request({ path: `/api/v1/namespaces/${namespace}/pods`, query });
      return asString(asObject(asObject(asArray(items)[0])['metadata'])['name']);
    });
  }

  async function allFiles(namespace: string): Promise<Record<string, string>> {
    const found: Record<string, string> = {};
    for (const app of Object.keys(fill)) {
      const pod = await podNamed(namespace, app);
      await untilPodReady(space.client, namespace, pod);
      found[app] = await filesOf(space.client, namespace, pod);
    }
    return found;
  }

  beforeAll(async () => {
    [space, served, local] = [
      await openNamespace(),
      await serveBucket(),
      await makeLocalVolumes(volumeImage ?? '', 10),
    ];
    velero = await startVeleroPods(space.client, programs.velero ?? '', served.endpoint);
    await applyAll(space, await discover(space.client), appOn(local.storageClass));
    before = await allFiles(space.name);
  }, longestTurn + 400_000);

  afterAll(async () => {
    for (const name of made)
      await space.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    await velero?.close();
    await space?.close();
    await local?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  const ours = (...args: string[]): Promise<string> => runWell(served, folder, args);

  const byVelero = (kind: 'Backup' | 'Restore', name: string, spec: JsonObject): Promise<void> =>
    runVelero(velero, kind, name, spec, 500);

  const saving = {
    nowwhat: async (name: string) => {
      await ours('backup', 'create', name, '-n', space.name, '--default-volumes-to-fs-backup');
    },
    velero: (name: string) =>
      byVelero('Backup', name, {
        includedNamespaces: [space.name],
        snapshotVolumes: false,
        defaultVolumesToFsBackup: true,
      }),
  };

  /** Once each. */
  function backupBy(who: keyof typeof saving): Promise<string> {
    const name = `${space.name}-${who}`;
    const running = saved.get(who) ?? saving[who](name).then(() => name);
    saved.set(who, running);
    return running;
  }

  const restoring = {
    nowwhat: async (backup: string, target: string) => {
      const mapping = ['--namespace-mappings', `${space.name}:${target}`];
      const out = await ours('restore', 'create', '--from-backup', backup, ...mapping);
      expect(out).toContain('the data of 2 volumes');
    },
    velero: async (backupName: string, target: string) => {
      await velero.waitFound(backupName);
      await byVelero('Restore', `${backupName}-back`, { backupName, namespaceMapping: { [space.name]: target } });
    },
  };

  it.each([
    ['nowwhat', 'velero'],
    ['velero', 'nowwhat'],
    ['nowwhat', 'nowwhat'],
    ['velero', 'velero'],
  ] as const)(
    '%s saves and %s brings back: the same files, owners, modes and times',
    async (by, back) => {
      const target = `${space.name}-${by.charAt(0)}${back.charAt(0)}`;
      const backup = await backupBy(by);
      made.push(target);
      await restoring[back](backup, target);
      expect(before['wordpress']?.split('\n').length).toBeGreaterThan(30);
      expect(await allFiles(target)).toEqual(before);
    },
    600_000,
  );
});
