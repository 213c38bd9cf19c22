// Data of volumes on a real cluster: saved by kopia beside the pods that use them, brought back elsewhere, and drilled. The store is an S3 server in a pod, which
// this machine and the helper pods reach by different addresses.

import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover, forwardPort, type Forwarding } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { root } from '../e2e/run-cli.ts';
import { applyAll } from './stand-in/deploy.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

/** Holds a shell, kopia and versitygw. */
const image = process.env['NOWWHAT_TEST_VOLUME_IMAGE'];

function container(name: string, command: string, mountPath: string): JsonObject {
  const volumeMounts = [{ name: 'data', mountPath }];
  return { name, image: image ?? '', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', command], volumeMounts };
}

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
        spec: { terminationGracePeriodSeconds: 0, containers: [container('c', fill, '/d')] },
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

const serve =
  'mkdir -p /s/data/kept /s/iam; exec versitygw --access test --secret testtest --port :7070 --iam-dir /s/iam posix /s/data';
const server: JsonObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 's3' },
  spec: {
    terminationGracePeriodSeconds: 0,
    containers: [container('s3', serve, '/s')],
    volumes: [{ name: 'data', emptyDir: {} }],
  },
};

describe.runIf(kubeconfig !== undefined && image !== undefined)('data of volumes', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-volumes-'));
  const made: string[] = [];
  let space: TestNamespace;
  let store: TestNamespace;
  let forwarding: Forwarding;
  let endpoint: string;

  async function untilRunning(namespace: string, pod: string): Promise<JsonObject> {
    for (let tries = 0; tries < 240; tries += 1) {
      const path = `/api/v1/namespaces/${namespace}/pods/${pod}`;
      const found = await space.client.request({ path }).catch(() => ({}) as JsonObject);
      const [status] = asArray(asObject(found['status'])['containerStatuses']);
      if (asObject(status)['ready'] === true) return asObject(found['status']);
      await setTimeout(500);
    }
    throw new Error(`${namespace}/${pod} did not run in 120 s`);
  }

  beforeAll(async () => {
    [space, store] = [await openNamespace(), await openNamespace()];
    await store.create('api/v1:pods', server);
    await applyAll(space, await discover(space.client), app);
    const { podIP } = await untilRunning(store.name, 's3');
    endpoint = `http://${asString(podIP) ?? ''}:7070`;
    forwarding = await forwardPort(store.client, { namespace: store.name, pod: 's3', port: 7070 });
    for (const name of ['mysql-0', 'wordpress-0']) await untilRunning(space.name, name);
  }, 300_000);

  afterAll(async () => {
    forwarding?.close();
    for (const name of made)
      await space.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    await space?.close();
    await store?.close();
    rmSync(folder, { recursive: true });
  });

  /** Not in this process: the way to the store leads through it. */
  function run(...args: string[]): Promise<{ status: number; out: string }> {
    const place = ['--store', `s3://kept?endpoint=http://127.0.0.1:${forwarding.localPort}`, '--context', '.'];
    const volumes = ['--volume-image', image ?? '', '--volume-endpoint', endpoint, '--yes'];
    const env = {
      ...process.env,
      KUBECONFIG: kubeconfig,
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'testtest',
    };
    const line = [join(root, 'bin', 'nowwhat.js'), ...args, ...place, ...volumes];
    return new Promise((resolve) => {
      execFile(process.execPath, line, { env, cwd: folder }, (error, out, err) =>
        resolve({ status: error === null ? 0 : Number(error.code ?? 1), out: out + err }),
      );
    });
  }

  /** Every file of a pod's volume: what it is, whose, and its hash. */
  async function filesOf(namespace: string, pod: string): Promise<string> {
    const list =
      'cd /d && find . | sort | while read -r f; do stat -c "%n %a %u %g" "$f"; [ -L "$f" ] && readlink "$f"; [ -f "$f" ] && sha256sum "$f"; done; true';
    const { stdout } = await captureInPod(space.client, {
      namespace,
      pod,
      container: 'c',
      command: ['sh', '-c', list],
    });
    return stdout;
  }

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
      await untilRunning(target, pod);
      const before = await filesOf(space.name, pod);
      expect(before.split('\n').length).toBeGreaterThan(25);
      expect(await filesOf(target, pod)).toBe(before);
    }
    const again = await run('restore', 'create', '--from-backup', 'kept-1', ...mapping);
    expect(again.out).toContain('it holds files, and stays as it is');
  }, 300_000);

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
  }, 300_000);
});
