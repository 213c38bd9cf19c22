// A drill on a real cluster: a backup of an app comes back behind a fence and is as it was saved; one that cannot come back is not called good.

import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { captureInPod, discover } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { sharedFile } from '../exam/shared-folder.ts';
import { runProgram, volumeImage } from './s3-pod.ts';
import { applyAll, readObjects, untilReady } from './stand-in/deploy.ts';
import { standIn } from './stand-in/stand-in.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'];

function pods(app: string, command: string): JsonObject {
  const container = { name: 'c', image: image ?? '', imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', command] };
  const template = {
    metadata: { labels: { app } },
    spec: { terminationGracePeriodSeconds: 0, containers: [container] },
  };
  return { selector: { matchLabels: { app } }, template };
}

const app: readonly JsonObject[] = [
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'settings' }, data: { greeting: 'hello' } },
  { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'password' }, data: { value: 'Z2VoZWlt' } },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'web' },
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80, targetPort: 8080 }] },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: {
      replicas: 2,
      ...pods('web', 'mkdir -p /www; echo hello > /www/greeting; exec httpd -f -p 8080 -h /www'),
    },
  },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'open' },
    spec: { podSelector: {}, policyTypes: ['Egress'], egress: [{}] },
  },
];

describe.runIf(kubeconfig !== undefined && image !== undefined)('a drill', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-drill-'));
  let space: TestNamespace;

  beforeAll(async () => {
    space = await openNamespace();
    await applyAll(space, await discover(space.client), app);
    await untilReady(space, 240_000);
  }, 300_000);

  afterAll(async () => {
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) =>
    nowwhat([...args, '--context', '.', '--store', join(folder, 'kept')], {
      env: { KUBECONFIG: kubeconfig ?? '' },
      cwd: folder,
    });

  /** Other tests drill beside this one. */
  async function drillNamespaces(): Promise<string[]> {
    const { items } = await space.client.request({ path: '/api/v1/namespaces' });
    const names = asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
    return names.filter((name) => name.startsWith(`${space.name}-drill-`));
  }

  it('brings the app back, compares it, notices what is spoilt on purpose, and leaves nothing', async () => {
    expect(run('backup', 'create', 'good', '-n', space.name, '-q')).toMatchObject({ status: 0 });
    const { status, out, err } = run('drill', '--from-backup', 'good', '--yes', '-o', 'json');
    expect(status, out + err).toBe(0);
    const report = JSON.parse(out);
    expect(report).toMatchObject({
      holds: true,
      differences: [],
      unready: [],
      workloads: 1,
      control: { found: true },
      left: [],
    });
    expect(report.compared).toBeGreaterThanOrEqual(app.length);
    expect(await drillNamespaces()).toEqual([]);
  }, 400_000);

  it('asks the app what the user wants to know', async () => {
    const probes = [
      { name: 'greets', in: 'service/web', http: { port: 80, path: '/greeting', matches: '^hello$' } },
      { name: 'has its files', in: 'deploy/web', exec: { command: ['cat', '/www/greeting'], matches: 'hello' } },
    ];
    const wrong = [
      {
        name: 'greets otherwise',
        within: '2s',
        in: 'service/web',
        http: { port: 80, path: '/greeting', matches: 'bye' },
      },
      { name: 'has a page', within: '2s', in: 'service/web', http: { port: 80, path: '/none' } },
      { name: 'has another file', within: '2s', in: 'deploy/web', exec: { command: ['cat', '/none'] } },
      { name: 'has a database', within: '2s', in: 'sts/db', exec: { command: ['true'] } },
    ];
    writeFileSync(join(folder, 'good.json'), JSON.stringify({ probes }));
    writeFileSync(join(folder, 'bad.json'), JSON.stringify({ probes: [...probes, ...wrong] }));
    const good = run('drill', '--from-backup', 'good', '--probes', 'good.json', '--yes', '-o', 'json');
    expect(good.status, good.out + good.err).toBe(0);
    expect(JSON.parse(good.out)).toMatchObject({ holds: true, probes: [{ holds: true }, { holds: true }] });
    const bad = run('drill', '--from-backup', 'good', '--probes', 'bad.json', '--yes', '-o', 'json');
    expect(bad.status).toBe(1);
    const { holds, probes: asked } = JSON.parse(bad.out);
    expect(holds).toBe(false);
    expect(asked.map(({ why }: { why: string }) => why)).toEqual([
      '',
      '',
      'its answer has nothing like /bye/mu',
      'it answers with 404, not with 200',
      expect.stringContaining('exit status 1'),
      'there is no StatefulSet db',
    ]);
    expect(await drillNamespaces()).toEqual([]);
  }, 600_000);

  it('is a proof that goes stale where the app changes', async () => {
    mkdirSync(join(folder, '.nowwhat'));
    expect(run('drill', '--from-backup', 'good', '--yes', '-q')).toMatchObject({ status: 0 });
    const proofs = () =>
      nowwhat(['proofs', '--context', '.', '-n', space.name], { env: { KUBECONFIG: kubeconfig ?? '' }, cwd: folder });
    expect(proofs()).toMatchObject({ status: 0 });
    const path = `/api/v1/namespaces/${space.name}/configmaps/settings`;
    await space.client.request({
      method: 'PATCH',
      path,
      repeatable: true,
      contentType: 'application/merge-patch+json',
      body: { data: { greeting: 'bye' } },
    });
    const { status, out } = proofs();
    expect(status).toBe(1);
    expect(out).toContain(`namespace ${space.name}`);
    expect(out).toContain('has changed');
    rmSync(join(folder, '.nowwhat'), { recursive: true });
  }, 400_000);

  it('says so where the app does not get ready again', async () => {
    const patch = { spec: { template: { spec: { containers: [{ name: 'c', command: ['false'] }] } } } };
    await space.client.request({
      method: 'PATCH',
      path: `/apis/apps/v1/namespaces/${space.name}/deployments/web`,
      repeatable: true,
      contentType: 'application/strategic-merge-patch+json',
      body: patch,
    });
    run('backup', 'create', 'bad', '-n', space.name, '-q');
    const { status, out } = run('drill', '--from-backup', 'bad', '--yes', '--ready-within', '15s');
    expect(status).toBe(1);
    expect(out).toContain('does not come back as it was');
    expect(out).toMatch(/not ready: .*\/web/);
    expect(await drillNamespaces()).toEqual([]);
  }, 400_000);
});

const wordpress = sharedFile('WordPress and MySQL, drilled on a cluster', 'apps/wordpress-mysql');

/** Files as MySQL and WordPress have them, beside those that the stand-ins write themselves. */
const tables = `cd /var/lib/mysql; for n in 1 2 3 4 5 6 7 8; do head -c 200000 /dev/urandom > "t$n.ibd"; done; : > auto.cnf; chown -R 999:999 .; chmod 0700 .; chmod 0640 *.ibd`;
const site = `cd /var/www/html; mkdir -p wp-content/uploads/2026; for n in 1 2 3 4 5 6 7 8; do echo "<p>$n" > "wp-content/uploads/2026/page $n.html"; done; ln -s uploads/2026 wp-content/latest; chown -R 33:33 .`;

describe.runIf(kubeconfig !== undefined && volumeImage !== undefined && wordpress !== undefined)(
  'a drill of WordPress and MySQL with their data',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-wordpress-'));
    const store = join(folder, 'KEPT');
    let space: TestNamespace;

    async function inPodOf(labelSelector: string, command: string): Promise<void> {
      const path = `/api/v1/namespaces/${space.name}/pods`;
      const { items } = await space.client.request({ path, query: { labelSelector } });
      const [pod] = asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
      const container = labelSelector.includes('mysql') ? 'mysql' : 'wordpress';
      const target = { namespace: space.name, pod: pod ?? '', container, command: ['sh', '-c', command] };
      expect(await captureInPod(space.client, target)).toMatchObject({ exitCode: 0 });
    }

    beforeAll(async () => {
      space = await openNamespace();
      const secret = {
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'mysql-pass' },
        data: { password: 'Z2VoZWlt' },
      };
      const objects = standIn(await readObjects(wordpress ?? ''), volumeImage ?? '');
      await applyAll(space, await discover(space.client), [secret, ...objects]);
      await untilReady(space, 240_000);
      await inPodOf('tier=mysql', tables);
      await inPodOf('tier=frontend', site);
      mkdirSync(join(folder, '.nowwhat'));
    }, 600_000);

    afterAll(async () => {
      await space?.close();
      rmSync(folder, { recursive: true });
    });

    const run = (...args: string[]) =>
      runProgram(folder, [...args, '--store', store, '--context', '.', '--volume-image', volumeImage ?? '', '--yes']);

    async function drill() {
      const { status, out } = await run('drill', '--from-backup', 'kept', '-o', 'json');
      const report = JSON.parse(out.slice(out.indexOf('{')));
      const { items } = await space.client.request({ path: '/api/v1/namespaces' });
      const names = asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
      expect(names.filter((name) => name.startsWith(`${space.name}-drill-`))).toEqual([]);
      const proofs = join(folder, '.nowwhat', 'proofs');
      const kept = readdirSync(proofs).map((name) => JSON.parse(readFileSync(join(proofs, name), 'utf8')));
      return { status, report, proof: kept.find(({ kind }) => kind === 'drill'), out };
    }

    it('compares every file of both volumes, measures how long it takes and how old it is, and is a proof', async () => {
      const saved = await run('backup', 'create', 'kept', '-n', space.name, '--default-volumes-to-fs-backup');
      expect(saved.status, saved.out).toBe(0);
      const { status, report, proof, out } = await drill();
      expect(status, out).toBe(0);
      expect(report).toMatchObject({
        holds: true,
        workloads: 2,
        claims: 0,
        differences: [],
        control: { found: true },
        files: { volumes: 2, moving: 0, differences: [], control: { found: true } },
      });
      expect(report.files.compared).toBeGreaterThanOrEqual(20);
      expect(report.files.control.what).toMatch(/^a byte was added to /);
      for (const time of [report.recoveryTime, report.recoveryPoint]) expect(time).toBeGreaterThan(1000);
      expect(proof).toMatchObject({
        result: 'holds',
        figures: { 'files compared': report.files.compared, 'claims without their data': 0 },
        negativeControl: { failed: true },
        settles: [{ check: 'restore-drill', verdict: 'pass' }],
      });
    }, 600_000);

    it('does not hold once a byte of what was saved of a file is another', async () => {
      const kopia = join(store, 'kopia', space.name);
      const packs = readdirSync(kopia).filter((name) => name.startsWith('p'));
      expect(packs.length).toBeGreaterThan(0);
      for (const name of packs) {
        const bytes = readFileSync(join(kopia, name));
        const middle = Math.floor(bytes.length / 2);
        bytes[middle] = (bytes[middle] ?? 0) ^ 1;
        writeFileSync(join(kopia, name), bytes);
      }
      const { status, report, proof } = await drill();
      expect(status).toBe(1);
      expect(report).toMatchObject({ holds: false, failed: [expect.stringContaining('did not come back')] });
      expect(proof).toMatchObject({ result: 'fails', settles: [{ check: 'restore-drill', verdict: 'fail' }] });
    }, 600_000);
  },
);
