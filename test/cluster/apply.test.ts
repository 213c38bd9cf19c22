// Fixes applied to a live app: it stays ready, nothing is written but what the plan says, trouble is taken back, and a kill is survived.

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { asNumber, asObject, type JsonObject, type Plan, type PlanAction, valueAt } from '../../src/model/index.ts';
import { nowwhat, root } from '../e2e/run-cli.ts';
import { type AuditedRequest, auditLog, isRead, watchAuditLog } from './audit-log.ts';
import { createOneRoleUser, type ReaderUser } from './reader-user.ts';
import { untilReady } from './stand-in/deploy.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'busybox:1';
const log = kubeconfig === undefined ? undefined : auditLog();

function workload(kind: 'Deployment' | 'StatefulSet', name: string): JsonObject {
  const labels = { app: name };
  const container = {
    name: 'main',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sleep', '3600'],
    // A busy node takes its time to run a command.
    readinessProbe: { exec: { command: ['true'] }, periodSeconds: 1, timeoutSeconds: 30 },
  };
  return {
    apiVersion: 'apps/v1',
    kind,
    metadata: { name, labels },
    spec: {
      replicas: 2,
      ...(kind === 'StatefulSet' ? { serviceName: name } : {}),
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      },
    },
  };
}

const checks = ['seccomp-unset', 'privilege-escalation'];

describe.runIf(log !== undefined)('fixes of a live app', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-apply-'));
  let space: TestNamespace;
  let user: ReaderUser;
  let asked: () => AuditedRequest[];

  beforeAll(async () => {
    space = await openNamespace();
    user = await createOneRoleUser(space, folder, [
      {
        apiGroups: ['', 'apps'],
        resources: ['pods', 'services', 'deployments', 'statefulsets', 'daemonsets'],
        verbs: ['get', 'list'],
      },
      { apiGroups: ['apps'], resources: ['deployments', 'statefulsets'], verbs: ['patch'] },
      { apiGroups: [''], resources: ['pods'], verbs: ['delete'] },
    ]);
    await space.create('apis/apps/v1:deployments', workload('Deployment', 'web'));
    await space.create('apis/apps/v1:statefulsets', workload('StatefulSet', 'db'));
    await untilReady(space, 240_000);
    await vi.waitFor(async () => expect(readyOf(await read('statefulsets', 'db'))).toBe(2), {
      timeout: 120_000,
      interval: 200,
    });
  });

  beforeEach(() => {
    const since = watchAuditLog(log ?? '');
    asked = () => since(user.name);
  });

  afterAll(async () => {
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  const run = (...args: string[]) => nowwhat(args, { cwd: folder });
  const fix = (...args: string[]) =>
    run('fix', ...checks, '--context', '.', '--kubeconfig', user.kubeconfig, '-n', space.name, ...args);
  const plan = (...names: string[]) => {
    const made = run(
      'plan',
      ...names,
      '--context',
      '.',
      '--kubeconfig',
      user.kubeconfig,
      '-n',
      space.name,
      '-o',
      'plan.json',
    );
    expect(made.status, made.err).toBe(0);
    return JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8')) as Plan;
  };
  const apply = (...args: string[]) => run('apply', 'plan.json', '--yes', '--kubeconfig', user.kubeconfig, ...args);
  const undo = () => run('undo', '--yes', '--kubeconfig', user.kubeconfig);

  async function read(resource: string, name: string): Promise<JsonObject> {
    return await space.client.request({ path: `/apis/apps/v1/namespaces/${space.name}/${resource}/${name}` });
  }
  const readyOf = (object: JsonObject) => asNumber(asObject(object['status'])['readyReplicas']) ?? 0;
  const profileOf = (object: JsonObject) =>
    valueAt(object, ['spec', 'template', 'spec', 'securityContext', 'seccompProfile', 'type']);
  const profiles = async () => [
    profileOf(await read('deployments', 'web')),
    profileOf(await read('statefulsets', 'db')),
  ];
  const templateOf = (object: JsonObject) => valueAt(object, ['spec', 'template']);
  const writes = () => asked().filter((request) => !isRead(request));
  const stored = () =>
    writes()
      .filter(({ isDryRun }) => !isDryRun)
      .map(({ verb, what }) => `${verb} ${what}`);

  /** The plan with another action in the place of its first, and without the others. */
  function replaceAction(made: Plan, object: { kind: string; name: string }, template: JsonObject): void {
    const [step] = made.steps;
    if (step === undefined) throw new Error('the plan has no step');
    const ref = { apiVersion: 'apps/v1', namespace: space.name, ...object };
    const patch = Object.entries(template).map(([key, value]) => ({
      op: key === 'image' || key === 'containers' ? ('replace' as const) : ('add' as const),
      path: key === 'image' ? '/spec/template/spec/containers/0/image' : `/spec/template/spec/${key}`,
      value: value ?? null,
    }));
    const action: PlanAction = { kind: 'patch', object: ref, patch };
    const changed = { ...step, id: 'bad', title: `Change ${ref.name}`, action, inverse: { kind: 'none', reason: '' } };
    writeFileSync(join(folder, 'plan.json'), JSON.stringify({ ...made, steps: [changed] }));
  }

  it('are shown first, and nothing is stored', async () => {
    const { status, out, err } = fix();
    expect(status, err).toBe(1);
    expect(out).toContain(`Change Deployment ${space.name}/web`);
    expect(out).toContain(`Change StatefulSet ${space.name}/db`);
    expect(out).toContain('+            allowPrivilegeEscalation: false');
    expect(stored()).toEqual([]);
    expect(writes().length).toBeGreaterThan(1);
  });

  it('keep the app ready while they are made, one workload after the other, and are taken back to the last field', async () => {
    const before = {
      web: templateOf(await read('deployments', 'web')),
      db: templateOf(await read('statefulsets', 'db')),
    };
    let fewest = Infinity;
    let isWatching = true;
    const watching = (async () => {
      while (isWatching) {
        fewest = Math.min(fewest, readyOf(await read('deployments', 'web')));
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    })();
    const made = await new Promise<{ status: number | null; err: string }>((resolve) => {
      const args = [
        'fix',
        ...checks,
        '--context',
        '.',
        '--kubeconfig',
        user.kubeconfig,
        '-n',
        space.name,
        '--write',
        '--yes',
      ];
      const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { cwd: folder });
      let err = '';
      child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
      child.on('exit', (status) => resolve({ status, err }));
    });
    isWatching = false;
    await watching;
    expect(made.status, made.err).toBe(0);
    expect(fewest).toBe(2);
    expect(await profiles()).toEqual(['RuntimeDefault', 'RuntimeDefault']);
    expect([readyOf(await read('deployments', 'web')), readyOf(await read('statefulsets', 'db'))]).toEqual([2, 2]);
    expect(stored().toSorted()).toEqual(['patch deployments', 'patch statefulsets']);
    const undone = undo();
    expect(undone.status, undone.err).toBe(0);
    expect(templateOf(await read('deployments', 'web'))).toEqual(before.web);
    expect(templateOf(await read('statefulsets', 'db'))).toEqual(before.db);
  });

  it('are taken back where an image never starts; nothing else was written', async () => {
    const before = templateOf(await read('deployments', 'web'));
    replaceAction(plan(...checks), { kind: 'Deployment', name: 'web' }, { image: 'nowwhat.test/never:1' });
    const { status, out } = apply();
    expect(status).toBe(1);
    expect(out).toContain('does not get its image');
    expect(out).toContain('Taken back: 1 step');
    const after = await read('deployments', 'web');
    expect(templateOf(after)).toEqual(before);
    expect(readyOf(after)).toBe(2);
    expect(stored()).toEqual(['patch deployments', 'patch deployments']);
  });

  it('are taken back where a container is ready for the moment between its start and its end, over and over', async () => {
    const before = templateOf(await read('deployments', 'web'));
    const container = {
      name: 'main',
      image,
      imagePullPolicy: 'IfNotPresent',
      command: ['sh', '-c', 'sleep 1; exit 3'],
    };
    replaceAction(plan(...checks), { kind: 'Deployment', name: 'web' }, { containers: [container] });
    const { status, out, err } = apply();
    expect(status, err).toBe(1);
    // In whichever part of its circle it is.
    expect(out).toMatch(/container "main" (?:ends again and again, last|has ended) with exit code 3/);
    const after = await read('deployments', 'web');
    expect([templateOf(after), readyOf(after)]).toEqual([before, 2]);
  });

  it('of a StatefulSet are taken back with the pod that keeps it waiting', async () => {
    const before = templateOf(await read('statefulsets', 'db'));
    replaceAction(plan(...checks), { kind: 'StatefulSet', name: 'db' }, { image: 'nowwhat.test/never:1' });
    const { status, out } = apply();
    expect([status, out]).toEqual([1, expect.stringContaining('Taken back: 1 step')]);
    expect(out).not.toContain('after that');
    const after = await read('statefulsets', 'db');
    expect([templateOf(after), readyOf(after)]).toEqual([before, 2]);
    expect(stored()).toEqual(['patch statefulsets', 'patch statefulsets', 'delete pods']);
  });

  it('are taken back where admission refuses the pods', async () => {
    const label = (value: string | null) =>
      space.client.request({
        method: 'PATCH',
        path: `/api/v1/namespaces/${space.name}`,
        contentType: 'application/merge-patch+json',
        body: { metadata: { labels: { 'pod-security.kubernetes.io/enforce': value } } },
      });
    const before = templateOf(await read('deployments', 'web'));
    replaceAction(plan(...checks), { kind: 'Deployment', name: 'web' }, { hostNetwork: true });
    await label('baseline');
    const { status, out } = apply();
    await label(null);
    expect(status).toBe(1);
    expect(out).toContain('its pods are refused');
    expect(templateOf(await read('deployments', 'web'))).toEqual(before);
  });

  it('are refused where somebody has changed the object since the plan was made', async () => {
    plan(...checks);
    const path = `/apis/apps/v1/namespaces/${space.name}/deployments/web`;
    const set = (value: string | null) =>
      space.client.request({
        method: 'PATCH',
        path,
        contentType: 'application/merge-patch+json',
        body: { metadata: { annotations: { 'nowwhat.test/changed': value } } },
      });
    await set('yes');
    const { status, err } = apply();
    await set(null);
    expect([status, err]).toEqual([2, expect.stringContaining('has changed [plan-changed]')]);
    expect(stored()).toEqual([]);
    // As it was again, and only its status and version are new: it fits.
    expect(apply()).toMatchObject({ status: 0 });
    expect(undo()).toMatchObject({ status: 0 });
  });

  it.each(['back', 'on'])('survive a kill in the middle: they go %s', async (way) => {
    const before = {
      web: templateOf(await read('deployments', 'web')),
      db: templateOf(await read('statefulsets', 'db')),
    };
    const { steps } = plan(...checks);
    expect(steps).toHaveLength(2);
    const args = ['apply', 'plan.json', '--yes', '--kubeconfig', user.kubeconfig];
    const child = spawn(process.execPath, [join(root, 'bin/nowwhat.js'), ...args], { cwd: folder });
    const plans = join(folder, '.nowwhat/plans');
    const journals = () =>
      existsSync(plans)
        ? readdirSync(plans).map(
            (id) =>
              JSON.parse(readFileSync(join(plans, id, 'journal.json'), 'utf8')) as {
                state: string;
                entries: { state: string }[];
              },
          )
        : [];
    const isUnderWay = () =>
      journals().some(({ state, entries }) => state === 'applying' && entries.some((entry) => entry.state === 'done'));
    await expect.poll(isUnderWay, { interval: 5, timeout: 60_000 }).toBe(true);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    expect(journals().some(({ state }) => state === 'applying')).toBe(true);
    const again = way === 'on' ? apply() : undo();
    expect(again.status, again.err).toBe(0);
    if (way === 'on') {
      expect(await profiles()).toEqual(['RuntimeDefault', 'RuntimeDefault']);
      expect(undo()).toMatchObject({ status: 0 });
    }
    expect(templateOf(await read('deployments', 'web'))).toEqual(before.web);
    expect(templateOf(await read('statefulsets', 'db'))).toEqual(before.db);
  });
});
