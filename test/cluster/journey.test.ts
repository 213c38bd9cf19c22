// The journey of a live cluster: what runs is judged, values of Secrets are never seen, and what may not be listed is unknown.

import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Finding, NotListed } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { ofLastingKinds } from './take-turn.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const value = 'c2VjcmV0LW9mLXRoZS10ZXN0';
const reader = 'nowwhat-reader';

interface Report {
  readonly source: {
    readonly kind: string;
    readonly objects: number;
    readonly cluster: { readonly notListed: NotListed[] };
  };
  readonly legs: readonly { readonly checks: Readonly<Record<string, { readonly verdict: string }>> }[];
  readonly findings: readonly Finding[];
}

function verdictOf({ legs }: Report, check: string): string | undefined {
  return legs.map(({ checks }) => checks[check]?.verdict).find((verdict) => verdict !== undefined);
}

describe.runIf(kubeconfig !== undefined)('a live cluster', () => {
  let space: TestNamespace;

  function report(...args: readonly string[]): Report {
    const source = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name];
    const { status, out, err } = nowwhat(['check', ...source, '-o', 'json', ...args]);
    expect([0, 1], err).toContain(status);
    expect(out + err).not.toContain(value);
    return JSON.parse(out) as Report;
  }

  beforeAll(async () => {
    space = await openNamespace();
    const labels = { app: 'web' };
    const container = { name: 'web', image: 'nowwhat.test/busybox:1', securityContext: { privileged: true } };
    await space.create('apis/apps/v1:deployments', {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: {
        replicas: 0,
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: { containers: [container] } },
      },
    });
    await space.create('apis/autoscaling/v2:horizontalpodautoscalers', {
      apiVersion: 'autoscaling/v2',
      kind: 'HorizontalPodAutoscaler',
      metadata: { name: 'web' },
      spec: { maxReplicas: 5, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } },
    });
    await space.create('api/v1:secrets', {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': value } },
      data: { password: value },
    });
    await space.create('apis/rbac.authorization.k8s.io/v1:roles', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: reader },
      rules: [{ apiGroups: ['apps', ''], resources: ['deployments', 'secrets', 'pods'], verbs: ['list'] }],
    });
    await space.create('apis/rbac.authorization.k8s.io/v1:rolebindings', {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: reader },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: reader },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: reader }],
    });
  });

  afterAll(async () => {
    await space?.close();
  });

  it('is judged as it runs', () => {
    const all = report();
    expect(all.source.kind).toBe('cluster');
    expect(ofLastingKinds(all.source.cluster.notListed)).toEqual([]);
    expect(all.findings).toContainEqual(
      expect.objectContaining({
        check: 'privileged-container',
        verdict: 'fail',
        subject: expect.objectContaining({ kind: 'Deployment', namespace: space.name, name: 'web' }),
        path: '/spec/template/spec/containers/0/securityContext/privileged',
      }),
    );
    expect(verdictOf(all, 'ingress-not-isolated')).toBe('fail');
    expect(all.findings.filter(({ subject }) => subject.namespace === 'kube-system')).toEqual([]);
  });

  it('as a user with one Role: what is seen is judged, what is not is unknown, and the missing rights are named', () => {
    const some = report('--as', reader);
    expect(some.source.cluster.notListed).toContainEqual({
      group: 'networking.k8s.io',
      kind: 'NetworkPolicy',
      resource: 'networkpolicies',
      namespace: space.name,
    });
    expect(some.source.cluster.notListed.map(({ resource }) => resource)).not.toContain('deployments');
    expect(verdictOf(some, 'privileged-container')).toBe('fail');
    expect(verdictOf(some, 'ingress-not-isolated')).toBe('unknown');
    expect(verdictOf(some, 'default-deny-ingress')).toBe('unknown');
  });

  it('names the role to ask for', () => {
    const args = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, '--as', reader];
    const { out } = nowwhat(['request', '--role', 'cluster-administrator', ...args]);
    expect(out).toContain('kind: ClusterRole\nmetadata:\n  name: nowwhat-read');
    expect(out).toContain(`namespace: ${space.name}`);
    expect(out).toMatch(/apiGroups: \['networking.k8s.io'\]\n {4}resources: \[.*networkpolicies.*\]/);
  });

  it('is held against files, field by field, and shows no password', () => {
    const files = mkdtempSync(join(tmpdir(), 'nowwhat-drift-'));
    const container = '{name: web, image: "nowwhat.test/busybox:2", env: [{name: DB_PASSWORD, value: hunter2hunter2}]}';
    writeFileSync(
      join(files, 'a.yaml'),
      `apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec: {replicas: 3, template: {metadata: {labels: {app: web}}, spec: {containers: [${container}]}}}\n` +
        '---\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: only-in-files}\n',
    );
    const args = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, '-o', 'json'];
    const { status, out } = nowwhat(['drift', files, ...args]);
    expect(status).toBe(1);
    expect(out).not.toContain('hunter2');
    const answer = JSON.parse(out);
    expect(answer.changed).toHaveLength(1);
    expect(answer.changed[0].fields).toEqual([
      expect.objectContaining({
        path: '/spec/template/spec/containers/0/image',
        declared: '"nowwhat.test/busybox:2"',
        live: '"nowwhat.test/busybox:1"',
      }),
      expect.objectContaining({ path: '/spec/template/spec/containers/0/env' }),
    ]);
    expect(answer.missing).toEqual([
      expect.objectContaining({ object: expect.objectContaining({ name: 'only-in-files' }) }),
    ]);
  });

  it('is joined with files: findings of what runs stand at their lines, and drift names who wrote the field', () => {
    const files = mkdtempSync(join(tmpdir(), 'nowwhat-joined-'));
    const file = join(files, 'a.yaml');
    writeFileSync(
      file,
      'apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  replicas: 3\n  template:\n    metadata: {labels: {app: web}}\n    spec:\n' +
        '      containers:\n        - name: web\n          image: nowwhat.test/busybox:2\n          securityContext:\n            privileged: true\n',
    );
    const args = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, '-o', 'json'];
    const { out, err } = nowwhat(['journey', files, ...args]);
    expect(out, err).not.toContain(value);
    const { source, findings } = JSON.parse(out) as Report;
    expect(source).toMatchObject({ kind: 'cluster', joined: true, inputs: [files] });
    const told = (check: string) => findings.filter((finding) => finding.check === check);
    expect(told('privileged-container').map(({ position }) => position)).toEqual([
      { file, line: 13, column: expect.any(Number) },
    ]);
    expect(told('field-drifted')).toEqual([
      expect.objectContaining({
        path: '/spec/template/spec/containers/0/image',
        position: { file, line: 11, column: expect.any(Number) },
      }),
    ]);
    expect(told('field-drifted')[0]?.evidence).toMatch(/^last written by \S+ on \d{4}-\d{2}-\d{2}$/);
    expect(told('not-declared').map(({ subject }) => subject.kind)).toContain('HorizontalPodAutoscaler');
  });

  it('is told in one line, and in full', () => {
    const place = ['--kubeconfig', kubeconfig ?? '', '--context', '.'];
    const { out } = nowwhat(['journey', ...place, '-A']);
    expect(out).toMatch(/Kubernetes 1\.\d+\.\d+.* \((?:supported until|community support ended)/);
    const facts = JSON.parse(nowwhat(['facts', ...place, '-n', space.name, '-o', 'json']).out);
    expect(facts.nodes.seen).toBe(true);
    expect(facts.nodes.nodes.length).toBeGreaterThan(0);
    expect([true, false, 'unknown']).toContain(facts.network.enforcesPolicies);
    // The name server is in kube-system, which was not asked for: it was read beside.
    expect(facts.dns.found.map(({ name }: { name: string }) => name)).toContain('CoreDNS');
    expect(facts.kubelets.read.length + facts.kubelets.unread.length).toBeGreaterThan(0);
  });

  it('of which a user with one Role sees little: that is not known, and no error', () => {
    const args = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, '--as', reader];
    const { status, out, err } = nowwhat(['facts', ...args, '-o', 'json']);
    expect(status, err).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      nodes: { seen: false, nodes: [] },
      network: { enforcesPolicies: 'unknown' },
      dns: { found: [], complete: false },
      kubelets: { read: [] },
    });
  });

  it('answers who may do what', () => {
    const args = ['--kubeconfig', kubeconfig ?? '', '--context', '.', '-n', space.name, '-o', 'json'];
    const { status, out } = nowwhat(['who-can', 'list', 'secrets', ...args]);
    expect(status).toBe(0);
    const subjects = JSON.parse(out).holders.map(({ subject }: { subject: { name: string } }) => subject.name);
    expect(subjects).toContain(reader);
  });
});
