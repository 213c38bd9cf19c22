// Reading changes nothing: the audit log of the API server is the witness, for an administrator and for a user with one Role.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { nowwhat } from '../e2e/run-cli.ts';
import { auditLog, isRead, watchAuditLog } from './audit-log.ts';
import { createAdministrator, createOneRoleUser, type ReaderUser } from './reader-user.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const log = kubeconfig === undefined ? undefined : auditLog();

const manifests = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template: {metadata: {labels: {app: web}}, spec: {containers: [{name: web, image: "registry.test/web:1"}]}}
`;

const flow = {
  schema: 'nowwhat.dev/flow/v1',
  time: '2026-01-01T00:00:00Z',
  from: { workload: 'Deployment/web' },
  to: { address: '192.0.2.1' },
  port: 443,
};

describe.runIf(log !== undefined)('every command that reads', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-only-reads-'));
  let space: TestNamespace;
  let administrator: Awaited<ReturnType<typeof createAdministrator>>;
  let oneRole: ReaderUser;

  beforeAll(async () => {
    space = await openNamespace();
    writeFileSync(join(folder, 'app.yaml'), manifests);
    writeFileSync(join(folder, 'flows.jsonl'), JSON.stringify(flow));
    administrator = await createAdministrator(space, folder);
    const rules = [{ apiGroups: ['', 'apps'], resources: ['pods', 'services', 'deployments'], verbs: ['get', 'list'] }];
    oneRole = await createOneRoleUser(space, folder, rules);
    await space.create('apis/apps/v1:deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 0,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'registry.test/web:1' }] },
        },
      },
    });
  });

  afterAll(async () => {
    await administrator?.close();
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  function commandsOf(user: ReaderUser, scope: readonly string[]): string[][] {
    const cluster = ['--kubeconfig', user.kubeconfig, '--context', '.', ...scope];
    const saved = join(folder, 'saved.json');
    const flows = join(folder, 'flows.jsonl');
    return [
      ['snapshot', ...cluster, '--output-file', saved],
      ['journey', ...cluster],
      ['check', ...cluster, '-o', 'json'],
      ['inventory', ...cluster],
      ['backup', 'create', '--dry-run', ...cluster],
      ['facts', ...cluster],
      ['who-can', 'list', 'secrets', ...cluster],
      ['what-can', `sa:${space.name}/one-role`, ...cluster],
      ['request', '--role', 'cluster-administrator', ...cluster],
      ['traffic', ...cluster, '--flows', flows],
      ['roles', '--audit-log', log ?? '', ...cluster],
      ['unused-rights', '--audit-log', log ?? '', ...cluster],
      ['drift', join(folder, 'app.yaml'), ...cluster],
      ['compare', '--from', saved, '--to', space.name, '--kubeconfig', user.kubeconfig, ...scope],
    ];
  }

  async function witness(user: ReaderUser, scope: readonly string[]): Promise<void> {
    const askedBy = watchAuditLog(log ?? '');
    for (const command of commandsOf(user, scope)) {
      const { status, out, err } = nowwhat(command);
      expect([0, 1], `${command[0]}: ${err}${out.slice(0, 500)}`).toContain(status);
    }
    // What a command would run in the app's pods is asked for first: nobody agrees here, so it must not happen.
    for (const command of [['traffic'], ['probe']]) {
      const { status, err } = nowwhat([...command, '--kubeconfig', user.kubeconfig, '--context', '.', ...scope]);
      expect({ status, err }).toEqual({ status: 2, err: expect.stringContaining('not-agreed') });
    }
    const client = await user.open();
    // A write that the witness must see: without it an empty log would pass.
    const path = `/api/v1/namespaces/${space.name}/configmaps`;
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { generateName: 'seen-' } };
    await client.request({ method: 'POST', path, query: { dryRun: 'All' }, body }).catch(() => undefined);
    await client.close();
    const requests = await expect
      .poll(() => askedBy(user.name), { timeout: 20_000 })
      .toContainEqual(expect.objectContaining({ verb: 'create', what: 'configmaps' }))
      .then(() => askedBy(user.name));
    expect(requests.filter((request) => !isRead(request))).toEqual([
      expect.objectContaining({ verb: 'create', what: 'configmaps' }),
    ]);
    expect(requests.filter(({ verb }) => verb === 'list').length).toBeGreaterThan(20);
  }

  it('only reads, as an administrator who reads all namespaces', { timeout: 300_000 }, async () => {
    await witness(administrator, ['-A']);
  });

  it('only reads, as a user with one Role and no right to list namespaces', { timeout: 300_000 }, async () => {
    await witness(oneRole, ['-n', space.name]);
    const { out } = nowwhat(['check', '--kubeconfig', oneRole.kubeconfig, '--context', '.', '-o', 'json']);
    const { source } = JSON.parse(out);
    expect(source.cluster.namespaces).toEqual([space.name]);
    const hidden = source.cluster.notListed.map(({ resource }: { resource: string }) => resource);
    expect(hidden).toEqual(expect.arrayContaining(['namespaces', 'nodes', 'secrets']));
    expect(hidden).not.toContain('deployments');
    expect(source.objects).toBeGreaterThan(0);
    const store = ['--store', join(folder, 'kept')];
    const cluster = ['--kubeconfig', oneRole.kubeconfig, '--context', '.', '-n', space.name];
    const saved = nowwhat(['backup', 'create', 'few', ...cluster, ...store, '-o', 'json']);
    expect({ status: saved.status, err: saved.err }).toEqual({ status: 1, err: '' });
    const { phase, rightsToAsk } = JSON.parse(saved.out);
    expect(phase).toBe('PartiallyFailed');
    const list = rightsToAsk.find(({ verb }: { verb: string }) => verb === 'list');
    expect(list).toMatchObject({ namespace: space.name, resources: expect.arrayContaining(['secrets']) });
    expect(list.resources).not.toContain('deployments.apps');
    expect(nowwhat(['backup', 'describe', 'few', ...store]).out).toContain('apps/v1/Deployment');
  });
});
