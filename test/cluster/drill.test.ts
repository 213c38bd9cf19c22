// A drill on a real cluster: a backup of an app comes back behind a fence and is as it was saved; one that cannot come back is not called good.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { discover } from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { applyAll, untilReady } from './stand-in/deploy.ts';
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
    await untilReady(space, 90_000);
  }, 120_000);

  afterAll(async () => {
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) =>
    nowwhat([...args, '--context', '.', '--store', join(folder, 'kept')], {
      env: { KUBECONFIG: kubeconfig ?? '' },
      cwd: folder,
    });

  async function drillNamespaces(): Promise<string[]> {
    const { items } = await space.client.request({
      path: '/api/v1/namespaces',
      query: { labelSelector: 'nowwhat.dev/drill' },
    });
    return asArray(items).map((each) => asString(asObject(asObject(each)['metadata'])['name']) ?? '');
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
  }, 180_000);

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
  }, 240_000);

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
  }, 180_000);

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
  }, 180_000);
});
