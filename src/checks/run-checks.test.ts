import { describe, expect, it } from 'vitest';
import { createInventory } from '../inventory/index.ts';
import { snapshotOf } from '../inventory/snapshot-builder.ts';
import type { CheckMeta } from '../model/index.ts';
import { appCheck, type Check, clusterOnlyCheck, containerCheck, objectCheck, workloadCheck } from './check.ts';
import { isDatabase, isDataStore } from './data-stores.ts';
import { isLongRunning, runsForEver } from './long-running.ts';
import { runChecks } from './run-checks.ts';

const text = `apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec: {containers: [{name: web, image: web}, {name: log, image: log}], initContainers: [{name: wait, image: wait}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: settings, namespace: shop}
`;
const inventory = createInventory(snapshotOf(text));
const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };
const meta: CheckMeta = {
  id: 'a-check',
  family: 'test',
  title: 'A check',
  leg: 'security',
  level: 1,
  owner: 'developer',
  severity: 'medium',
  references: [],
  remediation: 'Do it.',
  minutes: 1,
};
const told = { message: 'told', evidence: 'seen', path: ['metadata', 'name'] };

function run(...checks: Check[]) {
  const { findings, outcomes } = runChecks(checks, inventory, options);
  return { findings, outcomes, subjects: findings.map(({ subject }) => subject) };
}

it('tells of each check that is done, with the newest finding that fails', () => {
  const steps: unknown[] = [];
  const quiet = objectCheck(meta, { kinds: ['/Service'], find: () => undefined });
  const open = objectCheck(meta, { kinds: ['/Service'], find: () => ({ ...told, verdict: 'unknown' }) });
  const failing = objectCheck(meta, { kinds: ['/Service'], find: () => told });
  runChecks([quiet, failing, open], inventory, options, (progress) => steps.push(progress));
  expect(steps).toEqual([
    { done: 1, of: 3, findings: 0, newest: undefined },
    { done: 2, of: 3, findings: 1, newest: 'told' },
    { done: 3, of: 3, findings: 2, newest: 'told' },
  ]);
});

describe('the subjects of a check', () => {
  it('are the objects of its kinds, or all', () => {
    const names = (...kinds: string[]) =>
      run(objectCheck(meta, { kinds, find: () => told })).subjects.map(({ kind }) => kind);
    expect(names('/Service')).toEqual(['Service']);
    expect(names('/ConfigMap', '/Service')).toEqual(['ConfigMap', 'Service']);
    expect(names('*')).toEqual(['Pod', 'Service', 'ConfigMap']);
    expect(names('apps/Deployment')).toEqual([]);
  });

  it('are the workloads, and their containers', () => {
    const pod = { apiVersion: 'v1', kind: 'Pod', namespace: 'shop', name: 'web' };
    expect(run(workloadCheck(meta, { find: () => told })).subjects).toEqual([pod]);
    expect(run(containerCheck(meta, { find: () => told })).subjects).toEqual(
      ['web', 'log', 'wait'].map((container) => ({ ...pod, container })),
    );
  });

  it('may be the app, or an object or a container that the check names', () => {
    const app = { apiVersion: 'nowwhat.dev/v1', kind: 'App', namespace: '', name: 'app' };
    const [, service] = inventory.objects;
    const found = [told, { ...told, ...(service && { object: service }) }];
    const { findings, subjects } = run(appCheck(meta, { find: () => found }));
    expect(subjects).toEqual([app, { apiVersion: 'v1', kind: 'Service', namespace: 'shop', name: 'web' }]);
    expect(findings.map(({ path, position }) => [path, position?.line])).toEqual([
      [undefined, undefined],
      ['/metadata/name', 8],
    ]);
    const { subjects: named } = run(workloadCheck(meta, { find: () => ({ ...told, container: 'log' }) }));
    expect(named.map(({ container }) => container)).toEqual(['log']);
  });

  it.each([
    ['object', objectCheck(meta, { kinds: ['*'], applies: ({ kind }) => kind === 'Service', find: () => told })],
    ['workload', workloadCheck(meta, { applies: () => false, find: () => told })],
    ['container', containerCheck(meta, { applies: ({ name }) => name === 'log', find: () => told })],
    ['app', appCheck(meta, { applies: () => false, find: () => told })],
  ])('are only those that it applies to: %s', (scope, check) => {
    expect(run(check).outcomes[0]?.subjects).toBe(scope === 'object' || scope === 'container' ? 1 : 0);
  });
});

describe('the outcome of a check', () => {
  const outcome = (verdicts: readonly ('fail' | 'unknown')[]) =>
    run(appCheck(meta, { find: () => verdicts.map((verdict) => ({ ...told, verdict })) })).outcomes[0];

  it.each([
    [['unknown', 'fail'], { verdict: 'fail', subjects: 1, failed: 1, unknown: 0 }],
    [['fail', 'fail'], { verdict: 'fail', subjects: 1, failed: 1, unknown: 0 }],
    [['unknown', 'unknown'], { verdict: 'unknown', subjects: 1, failed: 0, unknown: 1 }],
    [[], { verdict: 'pass', subjects: 1, failed: 0, unknown: 0 }],
  ] as const)('with %j', (verdicts, expected) => {
    expect(outcome(verdicts)).toEqual({ check: 'a-check', ...expected });
  });

  it('counts subjects, not findings', () => {
    const find = ({ name }: { name: string }) =>
      name === 'web' ? [told, told] : name === 'log' ? { ...told, verdict: 'unknown' as const } : undefined;
    expect(run(containerCheck(meta, { find })).outcomes).toEqual([
      { check: 'a-check', verdict: 'fail', subjects: 3, failed: 1, unknown: 1 },
    ]);
  });

  it('is not applicable where it has no subject', () => {
    expect(run(objectCheck(meta, { kinds: ['apps/Deployment'], find: () => told })).outcomes).toEqual([
      { check: 'a-check', verdict: 'not-applicable', subjects: 0, failed: 0, unknown: 0 },
    ]);
  });

  it('is unknown where no file can settle it', () => {
    const check = clusterOnlyCheck({ ...meta, settledBy: 'a drill' }, 'nobody knows');
    expect(run(check).findings).toEqual([
      expect.objectContaining({ verdict: 'unknown', message: 'nobody knows', evidence: 'would be settled by a drill' }),
    ]);
  });
});

describe('a finding', () => {
  it('takes from the check what the diagnostic leaves out', () => {
    const { findings } = run(
      objectCheck(meta, { kinds: ['/ConfigMap'], find: () => ({ message: 'short' }) }),
      objectCheck({ ...meta, id: 'b-check' }, { kinds: ['/ConfigMap'], find: () => ({ ...told, severity: 'low' }) }),
    );
    expect(findings).toEqual([
      expect.objectContaining({ check: 'a-check', verdict: 'fail', severity: 'medium', path: '', evidence: '' }),
      expect.objectContaining({
        check: 'b-check',
        verdict: 'fail',
        severity: 'low',
        path: '/metadata/name',
        evidence: 'seen',
      }),
    ]);
  });
});

describe('what keeps data and what runs for ever', () => {
  const workload = (kind: string, image: string, volumes = '[]', templates = '[]') => {
    const pod = `{volumes: ${volumes}, containers: [{name: a, image: "${image}"}], initContainers: [{name: b, image: redis}]}`;
    const spec =
      kind === 'Pod'
        ? pod
        : `{volumeClaimTemplates: ${templates}, template: {metadata: {labels: {app: a}}, spec: ${pod}}}`;
    const version = { Pod: 'v1', Job: 'batch/v1' }[kind] ?? 'apps/v1';
    const [found] = createInventory(
      snapshotOf(`apiVersion: ${version}\nkind: ${kind}\nmetadata: {name: a}\nspec: ${spec}\n`),
    ).workloads;
    if (found === undefined) throw new Error('no workload in the text');
    return found;
  };

  it.each([
    ['postgres', true, true],
    ['docker.io/library/postgres:17', true, true],
    [`registry.example.com:5000/mysql:8@sha256:${'1'.repeat(64)}`, true, true],
    ['redis:8', false, true],
    ['gcr.io/samples/gb-redis-follower:v2', false, true],
    ['mysql-primary', true, true],
    ['redis-exporter-replica', false, false],
    ['postgres-exporter:1', false, false],
    ['shop/web:1', false, false],
  ])('%s is a database: %s, a data store: %s', (image, database, store) => {
    const found = workload('Deployment', image);
    expect(found.containers.map(isDatabase)).toEqual([database, false]);
    expect(isDataStore(found)).toBe(store);
  });

  it('keeps data on claims', () => {
    expect(isDataStore(workload('Deployment', 'web', '[{name: a, persistentVolumeClaim: {claimName: a}}]'))).toBe(true);
    expect(isDataStore(workload('Deployment', 'web', '[{name: a, emptyDir: {}}]'))).toBe(false);
    expect(isDataStore(workload('StatefulSet', 'web', '[]', '[{metadata: {name: a}}]'))).toBe(true);
  });

  it.each([
    ['Deployment', true],
    ['DaemonSet', true],
    ['Pod', false],
    ['Job', false],
  ])('a %s runs for ever: %s', (kind, forEver) => {
    const found = workload(kind, 'web');
    expect(runsForEver(found)).toBe(forEver);
    expect(found.containers.map((container) => isLongRunning(container, found))).toEqual([forEver, false]);
  });
});
