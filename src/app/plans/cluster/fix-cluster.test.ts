import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../../test/kubernetes/playground-folder.ts';
import { asObject, type JsonObject, type Plan, valueAt } from '../../../model/index.ts';
import type { PlaygroundUser } from '../../../playground/index.ts';
import type { Outside } from '../../outside.ts';
import { applyPlan, findUndo, undoPlan } from '../apply-plan.ts';
import type { PlanWish } from '../plan-wish.ts';
import { planClusterFix } from './fix-cluster.ts';

const labels = { app: 'web' };

function deployment(container: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels, ...metadata },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'web', image: 'registry.test/web:1', ...container }] },
      },
    },
  };
}

let folder: string;
let cluster: PlaygroundFolder;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'nowwhat-'));
});
afterEach(async () => {
  await cluster.close();
  rmSync(folder, { recursive: true });
});

const outside: Outside = {
  stdin: () => Promise.resolve(new Uint8Array()),
  environment: {},
  today: '2026-11-29',
  progress: () => undefined,
};

const reading = { values: [], set: [], allowRemote: false, maxFileBytes: 1 << 20, inputs: [] };

function wishFor(context = '.') {
  const { kubeconfig } = cluster;
  return { context, kubeconfig, namespaces: ['shop'], allNamespaces: false, concurrency: 4 };
}

function plan(only: readonly string[], takeOver: readonly string[] = [], context = '.') {
  const making = { command: 'nowwhat fix', version: '0', now: '2026-11-29T12:00:00Z' };
  return planClusterFix({ ...reading, cluster: wishFor(context), only, takeOver, making }, outside);
}

function planWish(keep = false): PlanWish {
  const { context: _, ...rest } = wishFor();
  return { root: folder, cluster: rest, keep, patience: { ready: 3000, trouble: 50, lasting: 0, around: 20 } };
}

/** What is stored, past the API. */
function stored(kind = 'apps/deployments', name = 'web'): JsonObject {
  return cluster.playground.store.get(kind, 'shop', name) ?? {};
}

const podSpec = (object: JsonObject): JsonObject => asObject(valueAt(object, ['spec', 'template', 'spec']));

/** A plan that changes the Deployment by a patch of its own. */
function patchPlan({ plan: made }: { plan: Plan }, patch: Plan['steps'][number]['action']): Plan {
  const [step] = made.steps;
  if (step === undefined) throw new Error('no step');
  return { ...made, steps: [{ ...step, action: patch, inverse: { kind: 'none', reason: 'not known yet' } }] };
}

const nowhere: Plan['steps'][number]['action'] = {
  kind: 'patch',
  object: { apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'web' },
  patch: [{ op: 'add', path: '/spec/template/spec/nodeSelector', value: { disk: 'none' } }],
};

describe('fixes in a cluster', () => {
  it('are planned with the answers of the server, and nothing is stored', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const before = stored();
    const { plan: made, previews, refused, proof } = await plan(['seccomp-unset', 'privilege-escalation']);
    expect(stored()).toEqual(before);
    expect(refused).toEqual([]);
    expect(made.steps).toMatchObject([{ title: 'Change Deployment shop/web', action: { kind: 'apply' } }]);
    expect(made.steps[0]?.closes.toSorted()).toEqual(['privilege-escalation', 'seccomp-unset']);
    expect(previews[0]?.diff).toContain('+            allowPrivilegeEscalation: false');
    expect(proof.after).toBe(proof.before - 2);
    expect(proof.opened).toEqual([]);
  });

  it('are made as our own fields, and taken back to what was there', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const before = podSpec(stored());
    const { plan: made } = await plan(['seccomp-unset']);
    expect((await applyPlan(made, planWish(), outside)).journal.state).toBe('applied');
    expect(valueAt(podSpec(stored()), ['securityContext', 'seccompProfile', 'type'])).toBe('RuntimeDefault');
    const undone = await undoPlan(await findUndo(folder, undefined), planWish(), outside);
    expect(undone.journal).toMatchObject({ state: 'undone' });
    expect(podSpec(stored())).toEqual(before);
  });

  it('keep what was fixed before', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    for (const check of ['seccomp-unset', 'privilege-escalation'])
      await applyPlan((await plan([check])).plan, planWish(), outside);
    const spec = podSpec(stored());
    expect(valueAt(spec, ['securityContext', 'seccompProfile', 'type'])).toBe('RuntimeDefault');
    expect(valueAt(spec, ['containers', 0, 'securityContext', 'allowPrivilegeEscalation'])).toBe(false);
  });

  it('are about the namespaces that were named, and nothing of others', async () => {
    const other = { ...deployment(), metadata: { name: 'web', namespace: 'other' } };
    const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    cluster = await openPlaygroundFolder([namespace('shop'), namespace('other'), deployment(), other]);
    const { plan: made } = await plan(['seccomp-unset', 'namespace-policy-missing']);
    expect(made.steps.map(({ title }) => title)).toEqual(['Change Deployment shop/web', 'Change Namespace shop']);
  });

  it('leave fields that others hold, and say who they are, unless they may be taken over', async () => {
    cluster = await openPlaygroundFolder([deployment({ securityContext: { allowPrivilegeEscalation: true } })]);
    const checks = ['seccomp-unset', 'privilege-escalation'];
    const { plan: made, refused } = await plan(checks);
    expect(made.steps[0]?.closes).toEqual(['seccomp-unset']);
    expect(refused).toMatchObject([
      { kind: 'conflict', closes: ['privilege-escalation'], conflicts: [{ manager: 'playground' }] },
    ]);
    const taken = await plan(checks, ['playground']);
    expect(taken.refused).toEqual([]);
    await applyPlan(taken.plan, planWish(), outside);
    expect(valueAt(podSpec(stored()), ['containers', 0, 'securityContext', 'allowPrivilegeEscalation'])).toBe(false);
  });

  it('tell who will write the object again', async () => {
    const annotations = { 'meta.helm.sh/release-name': 'shop' };
    cluster = await openPlaygroundFolder([deployment({}, { annotations })]);
    const { plan: made } = await plan(['seccomp-unset']);
    expect(made.steps[0]?.remarks?.join()).toContain('Helm release "shop" puts fields back that the chart names');
  });

  it('are listed with the smallest role where they are not permitted', async () => {
    const jana: PlaygroundUser = { name: 'jana' };
    const viewer = {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'jana', namespace: 'shop' },
      subjects: [{ kind: 'User', name: 'jana', apiGroup: 'rbac.authorization.k8s.io' }],
      roleRef: { kind: 'ClusterRole', name: 'view', apiGroup: 'rbac.authorization.k8s.io' },
    };
    cluster = await openPlaygroundFolder([deployment(), viewer], { users: [jana] });
    const { plan: made, refused, grant } = await plan(['seccomp-unset'], [], 'playground-jana');
    expect(made.steps).toEqual([]);
    expect(refused).toMatchObject([{ kind: 'not-permitted', owner: 'cluster-administrator' }]);
    expect(grant).toContain('resources: [deployments]');
    expect(grant).toContain('verbs: [patch]');
  });
});

describe('a plan for a cluster', () => {
  it('is refused where the object was changed since, and not where only its status and scale were', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const { plan: made } = await plan(['seccomp-unset']);
    const { store, settled } = cluster.playground;
    store.put('apps/deployments', { ...stored(), spec: { ...asObject(stored()['spec']), replicas: 3 } });
    await settled();
    expect((await applyPlan(made, planWish(), outside)).journal.state).toBe('applied');
    const again = (await plan(['privilege-escalation'])).plan;
    store.put('apps/deployments', { ...stored(), spec: { ...asObject(stored()['spec']), minReadySeconds: 1 } });
    await expect(applyPlan(again, planWish(), outside)).rejects.toMatchObject({
      code: 'plan-changed',
      message: 'Deployment shop/web has changed',
    });
  });

  it('is taken back where the pods cannot start, and leaves what was there', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const before = podSpec(stored());
    const bad = patchPlan(await plan(['seccomp-unset']), nowhere);
    const { journal } = await applyPlan(bad, planWish(), outside);
    expect(journal).toMatchObject({ state: 'undone', trouble: expect.stringContaining('no node takes') });
    expect(podSpec(stored())).toEqual(before);
  });

  it('stays as far as it got where the user wants that', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const bad = patchPlan(await plan(['seccomp-unset']), nowhere);
    expect((await applyPlan(bad, planWish(true), outside)).journal).toMatchObject({ state: 'applying' });
    expect(podSpec(stored())['nodeSelector']).toEqual({ disk: 'none' });
  });

  it('is not taken back over what somebody did since', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    await applyPlan((await plan(['seccomp-unset'])).plan, planWish(), outside);
    const { template } = asObject(stored()['spec']);
    const spec = { ...podSpec(stored()), securityContext: { seccompProfile: { type: 'Unconfined' } } };
    const changed = { ...asObject(stored()['spec']), template: { ...asObject(template), spec } };
    cluster.playground.store.put('apps/deployments', { ...stored(), spec: changed });
    await expect(undoPlan(await findUndo(folder, undefined), planWish(), outside)).rejects.toMatchObject({
      code: 'plan-changed',
      message: expect.stringContaining('has changed at /spec/template/spec/securityContext'),
    });
    expect(podSpec(stored())['securityContext']).toEqual({ seccompProfile: { type: 'Unconfined' } });
  });

  it('survives writers that come in between: the write is made again for the newest version', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const { plan: made } = await plan(['seccomp-unset']);
    cluster.playground.faults.add({ when: { verb: 'patch' }, effect: { kind: 'refuse', code: 409 } });
    expect((await applyPlan(made, planWish(), outside)).journal.state).toBe('applied');
    expect(cluster.playground.faults.taken).toBe(1);
  });

  it('is taken back where nobody heard the answer to a write that was made', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const before = stored();
    const { plan: made } = await plan(['seccomp-unset']);
    cluster.playground.faults.add({
      when: { verb: 'patch', resource: 'deployments' },
      effect: { kind: 'cut', afterBytes: 9 },
    });
    expect((await applyPlan(made, planWish(), outside)).journal.state).toBe('undone');
    expect(podSpec(stored())).toEqual(podSpec(before));
    // It was written, and then written back.
    expect(asObject(stored()['metadata'])['generation']).toBe(3);
  });

  it('is refused for another cluster', async () => {
    cluster = await openPlaygroundFolder([deployment()]);
    const { plan: made } = await plan(['seccomp-unset']);
    const elsewhere: Plan = {
      ...made,
      target: { kind: 'cluster', context: 'playground', server: 'https://192.0.2.1' },
    };
    await expect(applyPlan(elsewhere, planWish(), outside)).rejects.toMatchObject({ code: 'plan-other-cluster' });
  });
});
