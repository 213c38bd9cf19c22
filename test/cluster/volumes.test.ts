// Data of volumes on a real cluster: saved by kopia beside the pods that use them, brought back elsewhere, and drilled. The store is an S3 server in a pod, which
// this machine and the helper pods reach by different addresses.

import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import { openFolderStore } from '../../src/backup/store/folder-store.ts';
import { openS3Store } from '../../src/backup/store/s3-store.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import {
  type Answer,
  bucket as bucketName,
  dataContainer,
  filesOf,
  login,
  placeIn,
  runBeside,
  runProgram,
  type ServedBucket,
  serveBucket,
  snapshotsIn,
  startBeside,
  untilPodReady,
  volumeImage,
} from './s3-pod.ts';
import { applyAll } from './stand-in/deploy.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

/** Files as a database and a site have them: many owners, modes, links, odd names; nothing is written again when they are there. */
const fill = `[ -e /d/there ] || {
  mkdir -p /d/mysql /d/html/uploads; echo 1 > /d/there
  for n in 1 2 3 4 5; do head -c 200000 /dev/urandom > /d/mysql/t$n.ibd; echo "<p>$n" > "/d/html/uploads/page $n"; done
  ln -s uploads /d/html/latest; : > /d/html/empty; chown -R 999:999 /d/mysql; chown -R 33:33 /d/html; chmod 0750 /d/mysql; chmod 4711 /d/mysql/t1.ibd
}; exec sleep 3600`;

const claims = [
  {
    metadata: { name: 'data' },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Mi' } } },
  },
];

function stateful(name: string): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    metadata: { name },
    spec: {
      serviceName: name,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 0, containers: [dataContainer('c', fill)] },
      },
      volumeClaimTemplates: claims,
    },
  };
}

const app: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { greeting: 'hello' } },
  stateful('mysql'),
  stateful('wordpress'),
];

describe.runIf(kubeconfig !== undefined && volumeImage !== undefined)('data of volumes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-volumes-'));
  const made: string[] = [];
  let space: TestNamespace;
  let served: ServedBucket;

  beforeAll(async () => {
    [space, served] = [await openNamespace(), await serveBucket()];
    await applyAll(space, await discover(space.client), app);
    for (const name of ['mysql-0', 'wordpress-0']) await untilPodReady(space.client, space.name, name);
  }, 600_000);

  afterAll(async () => {
    for (const name of made)
      await space.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    await space?.close();
    await served?.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]): Promise<Answer> => runBeside(served, folder, args);

  it('are saved and come back elsewhere, byte for byte, before the pods run', async () => {
    const saved = await run('backup', 'create', 'kept-1', '-n', space.name, '--default-volumes-to-fs-backup');
    expect(saved.status, saved.out).toBe(0);
    expect(saved.out).toContain('the data of 2 volumes');
    const target = `${space.name}-back`;
    made.push(target);
    const mapping = ['--namespace-mappings', `${space.name}:${target}`];
    const restored = await run('restore', 'create', '--from-backup', 'kept-1', ...mapping);
    expect(restored.status, restored.out).toBe(0);
    expect(restored.out).toContain('the data of 2 volumes');
    for (const pod of ['mysql-0', 'wordpress-0']) {
      await untilPodReady(space.client, target, pod);
      const before = await filesOf(space.client, space.name, pod);
      expect(before.split('\n').length).toBeGreaterThan(25);
      expect(await filesOf(space.client, target, pod)).toBe(before);
    }
    const again = await run('restore', 'create', '--from-backup', 'kept-1', ...mapping);
    expect(again.out).toContain('it holds files, and stays as it is');
  }, 600_000);

  it('are copied to a second store, once, and come back from there', async () => {
    const where = ['--store', placeIn(served), '--to', placeIn(served, 'second')];
    const copy = () => runProgram(folder, ['backup', 'copy', 'kept-1', ...where, '--volumes', '-o', 'json']);
    const [first, again] = [await copy(), await copy()];
    expect(first.status, first.out).toBe(0);
    const told = (text: string) => JSON.parse(text) as JsonObject;
    expect(told(first.out)).toMatchObject({ leftBehind: [], repositories: [{ namespace: space.name, already: 0 }] });
    expect(told(again.out)).toMatchObject({ copied: 0, repositories: [{ copied: 0, bytes: 0 }] });
    const target = `${space.name}-second`;
    made.push(target);
    const mapping = ['--namespace-mappings', `${space.name}:${target}`];
    const restore = ['restore', 'create', '--from-backup', 'kept-1', ...mapping];
    const restored = await runBeside(served, folder, restore, 'second');
    expect(restored.status, restored.out).toBe(0);
    await untilPodReady(space.client, target, 'mysql-0');
    expect(await filesOf(space.client, target, 'mysql-0')).toBe(await filesOf(space.client, space.name, 'mysql-0'));
  }, 600_000);

  it('are drilled: every file is compared, one is spoilt on purpose, and nothing is left', async () => {
    const { status, out } = await run('drill', '--from-backup', 'kept-1', '-o', 'json');
    expect(status, out).toBe(0);
    const report = JSON.parse(out.slice(out.indexOf('{'))) as JsonObject;
    expect(report).toMatchObject({
      holds: true,
      claims: 0,
      files: { volumes: 2, differences: [], control: { found: true } },
      control: { found: true },
    });
    const helpers = { labelSelector: 'app.kubernetes.io/name=nowwhat-volume' };
    const { items: spaces } = await space.client.request({ path: '/api/v1/namespaces' });
    const names = asArray(spaces).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
    expect(names.filter((name) => name.startsWith(`${space.name}-drill-`))).toEqual([]);
    for (const resource of ['pods', 'secrets']) {
      const { items } = await space.client.request({
        path: `/api/v1/namespaces/${space.name}/${resource}`,
        query: helpers,
      });
      expect(items).toEqual([]);
    }
  }, 600_000);

  it('go into a folder of this machine, which no pod reaches, and a copy of the folder in a bucket restores', async () => {
    const kept = join(folder, 'KEPT');
    const runIn = (...args: string[]): Promise<Answer> =>
      runProgram(folder, [...args, '--context', '.', '--volume-image', volumeImage ?? '', '--yes']);
    const saving = ['-n', space.name, '--default-volumes-to-fs-backup', '--store', kept];
    const saved = await runIn('backup', 'create', 'kept-2', ...saving);
    expect(saved.status, saved.out).toBe(0);
    const bytesOf = (): number => {
      const names = readdirSync(join(kept, 'kopia', space.name));
      return names.reduce((sum, name) => sum + statSync(join(kept, 'kopia', space.name, name)).size, 0);
    };
    const first = bytesOf();
    expect(first).toBeGreaterThan(2_000_000);
    const deleted = await runProgram(folder, ['backup', 'delete', 'kept-2', '--store', kept, '--yes']);
    expect(deleted.status, deleted.out).toBe(0);
    const again = await runIn('backup', 'create', 'kept-3', ...saving);
    expect(again.status, again.out).toBe(0);
    expect(bytesOf() - first).toBeLessThan(200_000);

    const [target, copied] = [`${space.name}-folder`, `${space.name}-copied`];
    made.push(target, copied);
    const restoring = ['restore', 'create', '--from-backup', 'kept-3', '--namespace-mappings'];
    const restored = await runIn(...restoring, `${space.name}:${target}`, '--store', kept);
    expect(restored.status, restored.out).toBe(0);

    const bucket = openS3Store({ bucket: bucketName, endpoint: served.localEndpoint, credentials: login });
    for await (const { key } of openFolderStore(kept).list(''))
      await bucket.put(`moved/${key}`, readFileSync(join(kept, key)));
    bucket.close();
    const fromBucket = await runBeside(served, folder, [...restoring, `${space.name}:${copied}`], 'moved');
    expect(fromBucket.status, fromBucket.out).toBe(0);
    expect(await snapshotsIn(served, `moved/kopia/${space.name}/`)).toEqual([
      'nowwhat backup kept-3',
      'nowwhat backup kept-3',
    ]);
    for (const pod of ['mysql-0', 'wordpress-0'])
      for (const back of [target, copied]) {
        await untilPodReady(space.client, back, pod);
        expect(await filesOf(space.client, back, pod)).toBe(await filesOf(space.client, space.name, pod));
      }
  }, 600_000);

  /** Helper pods that run, by name. */
  async function helpers(): Promise<string[]> {
    const query = { labelSelector: 'app.kubernetes.io/name=nowwhat-volume' };
    const { items } = await space.client.request({ path: `/api/v1/namespaces/${space.name}/pods`, query });
    const running = asArray(items)
      .map(asObject)
      .filter(({ status }) => asObject(status)['phase'] === 'Running');
    return running.map(({ metadata }) => asString(asObject(metadata)['name']) ?? '');
  }

  /** As if the run had given its last sign a while ago. */
  async function silence(pod: string): Promise<void> {
    const command = ['touch', '-d', '2026-01-01 00:00:00', '/work/alive'];
    const { exitCode, stderr } = await captureInPod(space.client, {
      namespace: space.name,
      pod,
      container: 'volume',
      command,
    });
    expect(exitCode, stderr).toBe(0);
  }

  it('are saved beside another run that is at work; what a killed one has left goes', async () => {
    const save = (name: string, ...more: string[]) =>
      ['backup', 'create', name, '-n', space.name, '--default-volumes-to-fs-backup', ...more] as const;
    // What is in the repository already is not sent again: there must be something to be slow with.
    for (const pod of ['mysql-0', 'wordpress-0']) {
      const command = ['sh', '-c', 'head -c 3000000 /dev/urandom > /d/new'];
      expect(await captureInPod(space.client, { namespace: space.name, pod, command })).toMatchObject({ exitCode: 0 });
    }
    // So slow that it never ends by itself.
    const slow = startBeside(served, folder, save('slow', '--volume-bandwidth', '1k'));
    const ended = once(slow, 'exit');
    await expect.poll(helpers, { timeout: 120_000, interval: 500 }).toHaveLength(2);
    const left = await helpers();
    const beside = await run(...save('beside'));
    expect(beside.status, beside.out).toBe(0);
    expect(await helpers()).toEqual(left);

    slow.kill('SIGKILL');
    await ended;
    await Promise.all(left.map(silence));
    const after = await run(...save('after'));
    expect(after.status, after.out).toBe(0);
    for (const name of left)
      expect(after.out.replace(/\s+/g, ' ')).toContain(
        `${space.name}/${name} of another run, which was cut off, was removed`,
      );
    expect(await helpers()).toEqual([]);
  }, 600_000);

  it('are not waited for where no image can be had: the error names the option', async () => {
    const place = ['--store', placeIn(served), '--context', '.', '--volume-endpoint', served.endpoint, '--yes'];
    const image = ['--volume-image', 'registry.invalid/nothing:1'];
    const saving = ['backup', 'create', 'nothing', '-n', space.name, '--default-volumes-to-fs-backup'];
    const began = Date.now();
    const { status, out } = await runProgram(folder, [...saving, ...place, ...image]);
    expect(status, out).not.toBe(0);
    expect(out.replace(/\s+/g, ' ')).toContain('--volume-image names another image');
    // Else it would wait for five minutes for each volume.
    expect(Date.now() - began).toBeLessThan(200_000);
  }, 600_000);
});
