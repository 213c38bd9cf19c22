// The proof of a comparison: what the target refuses at a dry run is what it refuses in earnest, and nothing is stored.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asArray, asObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { auditLog, watchAuditLog } from './audit-log.ts';
import { createOneRoleUser, type ReaderUser } from './reader-user.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const value = 'c2VjcmV0LW9mLXRoZS10ZXN0';

const restricted = `
        securityContext: {allowPrivilegeEscalation: false, runAsNonRoot: true, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}}
        resources: {limits: {cpu: 100m, memory: 64Mi}}`;

function deployment(name: string, container: string): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}, namespace: SPACE}
spec:
  replicas: 1
  selector: {matchLabels: {app: ${name}}}
  template:
    metadata: {labels: {app: ${name}}}
    spec:
      serviceAccountName: app
      containers:
      - name: main
        image: nowwhat.test/busybox:1${container}
`;
}

const privileged = `
        securityContext: {privileged: true}
        resources: {limits: {cpu: 1m, memory: 1Mi}}`;

const documents = [
  '{apiVersion: v1, kind: ServiceAccount, metadata: {name: app, namespace: SPACE}}\n',
  `{apiVersion: v1, kind: Secret, metadata: {name: key, namespace: SPACE}, data: {key: ${value}}}\n`,
  deployment('good', restricted),
  '{apiVersion: v1, kind: Endpoints, metadata: {name: elsewhere, namespace: SPACE}}\n',
  deployment('privileged', privileged),
  deployment('greedy', restricted.replace('64Mi', '64Gi')),
  `apiVersion: batch/v1beta1
kind: CronJob
metadata: {name: old, namespace: SPACE}
spec:
  schedule: "* * * * *"
  jobTemplate: {spec: {template: {spec: {restartPolicy: Never, containers: [{name: main, image: "a:1",${restricted.replace('\n', '').replace('\n', ',\n')}}]}}}}
`,
  '{apiVersion: nowwhat.test/v1, kind: Widget, metadata: {name: stranger, namespace: SPACE}}\n',
  '{apiVersion: v1, kind: Service, metadata: {name: wrong, namespace: SPACE}, spec: {ports: [{port: 99999}]}}\n',
  '{apiVersion: v1, kind: Namespace, metadata: {name: nowwhat-test-brought}}\n',
  '{apiVersion: v1, kind: ConfigMap, metadata: {name: inside, namespace: nowwhat-test-brought}}\n',
];

function appIn(namespace: string): string {
  return documents.join('---\n').replaceAll('SPACE', namespace);
}

describe.runIf(kubeconfig !== undefined)('a rehearsal on a live cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-rehearsal-'));
  const file = join(folder, 'app.yaml');
  let space: TestNamespace;
  let poor: ReaderUser;

  beforeAll(async () => {
    space = await openNamespace();
    writeFileSync(file, appIn(space.name));
    const label = { 'pod-security.kubernetes.io/enforce': 'restricted' };
    await space.client.request({
      method: 'PATCH',
      path: `/api/v1/namespaces/${space.name}`,
      contentType: 'application/merge-patch+json',
      body: { metadata: { labels: label } },
    });
    await space.create('api/v1:resourcequotas', {
      apiVersion: 'v1',
      kind: 'ResourceQuota',
      metadata: { name: 'small' },
      spec: { hard: { 'limits.memory': '1Gi' } },
    });
    await vi.waitFor(isHeardOf, { timeout: 120_000, interval: 500 });
    poor = await createOneRoleUser(space, folder, [
      { apiGroups: ['', 'apps'], resources: ['pods', 'services', 'deployments'], verbs: ['get', 'list'] },
      { apiGroups: [''], resources: ['serviceaccounts'], verbs: ['create', 'patch'] },
    ]);
  });

  afterAll(async () => {
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  /** Admission counts for the quota, and knows the label. */
  async function isHeardOf(): Promise<void> {
    const { items } = await space.client.request({ path: `/api/v1/namespaces/${space.name}/resourcequotas` });
    expect(asObject(asObject(asArray(items)[0])['status'])['used']).toBeDefined();
    const containers = [{ name: 'c', image: 'nowwhat.test/busybox:1', securityContext: { privileged: true } }];
    const body = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'tried' }, spec: { containers } };
    const path = `/api/v1/namespaces/${space.name}/pods`;
    await expect(space.client.request({ method: 'POST', path, query: { dryRun: 'All' }, body })).rejects.toThrow(
      'violates PodSecurity',
    );
  }

  function compare(config: string, ...more: readonly string[]) {
    return nowwhat(['compare', '--from', file, '--to', '.', '--kubeconfig', config, '-n', space.name, ...more]);
  }

  it('hears of each object what the target would say', async () => {
    const { status, out, err } = compare(kubeconfig ?? '', '--prove', '--yes', '-o', 'json');
    expect(status, err).toBe(1);
    expect(out + err).not.toContain(value);
    const { proof } = JSON.parse(out);
    const said = proof.refused.map(
      ({
        subject: { kind, name, pods },
        kind: why,
        owner,
      }: Record<string, never> & { subject: Record<string, string> }) =>
        `${pods ? 'pods of ' : ''}${kind} ${name}: ${why}, ${owner}`,
    );
    expect(said.sort()).toEqual([
      'CronJob old: version-missing, developer',
      'Service wrong: invalid, developer',
      'Widget stranger: kind-missing, cluster-administrator',
      'pods of Deployment greedy: quota, cluster-administrator',
      'pods of Deployment privileged: pod-security, developer',
    ]);
    expect(proof.untried).toEqual([
      expect.objectContaining({ obstacle: 'namespace-in-app', subject: expect.objectContaining({ name: 'inside' }) }),
    ]);
    expect(proof).toMatchObject({ schema: 'nowwhat.dev/rehearsal/v1', tried: 15, accepted: 9, grant: '' });
    expect(proof.warnings).toEqual([expect.stringContaining('Endpoints is deprecated')]);
    const deployments = await space.client.request({
      method: 'GET',
      path: `/apis/apps/v1/namespaces/${space.name}/deployments`,
    });
    expect(asArray(deployments['items'])).toEqual([]);
  });

  it('asks first, and sends nothing that nobody agreed to', () => {
    const { status, err } = compare(kubeconfig ?? '', '--prove');
    expect(status).toBe(2);
    expect(err).toContain('15 objects would be sent');
    expect(err).toContain('not-agreed');
  });

  it('tells a user who may not deploy which roles would do, and writes nothing', async () => {
    const log = auditLog();
    const askedBy = watchAuditLog(log ?? file);
    const { status, out, err } = compare(poor.kubeconfig, '--prove', '--yes', '-o', 'json');
    expect(status, err).toBe(1);
    const { proof } = JSON.parse(out);
    const refused = proof.refused.filter(({ kind }: { kind: string }) => kind === 'not-permitted');
    expect(refused.length).toBeGreaterThan(5);
    expect(proof.grant).toContain(
      "  - apiGroups: ['apps']\n    resources: [deployments]\n    verbs: [create, patch]\n",
    );
    expect(proof.grant).not.toContain('serviceaccounts');
    if (log === undefined) return;
    await expect.poll(() => askedBy(poor.name).filter(({ verb }) => verb === 'patch').length).toBeGreaterThan(3);
    const stored = askedBy(poor.name).filter(({ verb, isDryRun }) => /create|patch/.test(verb) && !isDryRun);
    expect(stored.filter(({ what }) => !what.startsWith('selfsubject'))).toEqual([]);
  });
});
