import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../../test/kubernetes/playground-folder.ts';
import { anywhere } from '../../../../test/kubernetes/resources.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import { asArray, asObject, type JsonObject, type Plan, type UserError, valueAt } from '../../../model/index.ts';
import type { Outside } from '../../outside.ts';
import { applyPlan, findUndo, undoPlan } from '../apply-plan.ts';
import type { PlanWish } from '../plan-wish.ts';
import { planObjects } from './plan-objects.ts';

let cluster: PlaygroundFolder;
afterEach(() => cluster.close());

const outside: Outside = {
  stdin: () => Promise.resolve(new Uint8Array()),
  environment: {},
  today: '2026-11-29',
  progress: () => undefined,
};

function policy(name: string, spec: JsonObject): JsonObject {
  return { apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec };
}

const deny = policy('default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
const allow = policy('web', {
  podSelector: { matchLabels: { app: 'web' } },
  policyTypes: ['Ingress'],
  ingress: [{ ports: [{ port: 8080, protocol: 'TCP' }] }],
});

function plan(...objects: JsonObject[]) {
  return planTaking([], objects);
}

function planTaking(takeOver: readonly string[], objects: readonly JsonObject[]) {
  const { kubeconfig } = cluster;
  return planObjects(
    {
      cluster: { context: '.', kubeconfig, namespaces: [], allNamespaces: false, concurrency: 4 },
      takeOver,
      objects: objects.map((raw) => ({ object: toObject(raw, anywhere, 'default'), reason: 'wanted' })),
      making: { title: 'Close the network', command: '', version: '0', now: '2026-11-29T12:00:00Z' },
    },
    outside,
  );
}

function planWish(): PlanWish {
  const { kubeconfig, folder: root } = cluster;
  const wish = { kubeconfig, namespaces: [], allNamespaces: false, concurrency: 4 };
  return { root, cluster: wish, keep: false, patience: { ready: 3000, trouble: 50, lasting: 0, around: 20 } };
}

/** What is stored, past the API. */
function stored(kind: string, name: string): JsonObject {
  return cluster.playground.store.get(kind, 'shop', name) ?? {};
}

async function apply(made: Plan): Promise<void> {
  expect((await applyPlan(made, planWish(), outside)).journal.state).toBe('applied');
}

describe('a plan of new objects', () => {
  it('makes what is not there, a default deny after all that allows', async () => {
    cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    const { plan: made, refused } = await plan(deny, allow);
    expect(refused).toEqual([]);
    expect(made.steps.map(({ title }) => title)).toEqual([
      'Create NetworkPolicy shop/web',
      'Create NetworkPolicy shop/default-deny',
    ]);
    expect(made.steps[1]?.after).toEqual([made.steps[0]?.id]);
    expect(made.steps[0]?.inverse).toMatchObject({ kind: 'delete' });
  });

  it('leaves alone what is as it is wanted', async () => {
    cluster = await openPlaygroundFolder([deny, allow]);
    const { plan: made, refused } = await plan(deny, allow);
    expect([made.steps, refused]).toEqual([[], []]);
  });

  it('closes nothing where what shall stay open is not to be had', async () => {
    const old = { ...allow, spec: { podSelector: {}, policyTypes: ['Ingress'] } };
    cluster = await openPlaygroundFolder([old]);
    const { plan: made, refused } = await plan(deny, allow);
    expect(made.steps).toEqual([]);
    expect(refused.map(({ title, kind }) => [title, kind])).toEqual([
      ['Create NetworkPolicy shop/web', 'conflict'],
      ['Create NetworkPolicy shop/default-deny', 'after'],
    ]);
  });

  it('takes away what kubectl declared and the file does not say any more, where kubectl may be taken over', async () => {
    const settings = (data: JsonObject, annotations: JsonObject = {}): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'shop', annotations },
      data,
    });
    const note = {
      'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(settings({ old: '1', kept: '1' })),
    };
    cluster = await openPlaygroundFolder([settings({ old: '1', kept: '1', theirs: '1' }, note)]);
    const wanted = settings({ kept: '1' });
    const { refused, plan: none } = await plan(wanted);
    expect(none.steps).toEqual([]);
    expect(refused).toMatchObject([
      { kind: 'conflict', conflicts: [{ manager: 'kubectl-client-side-apply', field: '/data/old' }] },
    ]);
    const { plan: made, refused: left } = await planTaking(['kubectl-client-side-apply', 'playground'], [wanted]);
    expect(left).toEqual([]);
    expect(made.steps.map(({ action }) => action)).toMatchObject([
      {
        kind: 'patch',
        patch: [
          { op: 'test', path: '/data/old' },
          { op: 'remove', path: '/data/old' },
        ],
      },
    ]);
  });

  it('takes away what it put there before and the files do not say any more, and undo brings it back', async () => {
    const deployment = (labels: JsonObject, container: JsonObject): JsonObject => ({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', namespace: 'shop', labels },
      spec: {
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { containers: [{ name: 'web', image: 'web:1', ...container }] },
        },
      },
    });
    cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    const first = deployment(
      { team: 'a', tier: 'b' },
      {
        env: [
          { name: 'A', value: '1' },
          { name: 'B', value: '2' },
        ],
        ports: [{ containerPort: 80 }],
      },
    );
    await apply((await plan(first)).plan);
    expect((await plan(first)).plan.steps).toEqual([]);
    const before = stored('apps/deployments', 'web');

    const second = deployment({ team: 'a' }, { env: [{ name: 'B', value: '2' }], tty: true });
    const { plan: made, refused, previews } = await plan(second);
    expect(refused).toEqual([]);
    expect(made.steps[0]?.remarks).toEqual([
      'no longer wanted, and set by an earlier plan: /metadata/labels/tier, /spec/template/spec/containers/0/env/0, /spec/template/spec/containers/0/ports',
    ]);
    // Defaults of the server are nobody's wish, and stay.
    expect(previews[0]?.diff).not.toMatch(/^[-+] *terminationMessagePath/m);
    await apply(made);
    const after = stored('apps/deployments', 'web');
    expect(asObject(after['metadata'])['labels']).toEqual({ team: 'a' });
    const [container] = asArray(valueAt(after, ['spec', 'template', 'spec', 'containers']));
    expect(container).toMatchObject({ env: [{ name: 'B', value: '2' }], tty: true });
    expect(container).not.toHaveProperty('ports');
    expect((await plan(second)).plan.steps).toEqual([]);

    await undoPlan(await findUndo(cluster.folder, undefined), planWish(), outside);
    const back = stored('apps/deployments', 'web');
    expect(back['spec']).toEqual(before['spec']);
    expect(asObject(back['metadata'])['labels']).toEqual({ team: 'a', tier: 'b' });
  });

  it('leaves what others added', async () => {
    const settings = (data: JsonObject): JsonObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'settings', namespace: 'shop' },
      data,
    });
    cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    await apply((await plan(settings({ ours: '1', more: '1' }))).plan);
    const [, token = ''] = /"token": "([^"]+)"/.exec(cluster.playground.kubeconfig()) ?? [];
    const answer = await fetch(
      `${cluster.playground.url}/api/v1/namespaces/shop/configmaps/settings?fieldManager=other`,
      {
        method: 'PATCH',
        headers: { 'content-type': 'application/merge-patch+json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ data: { theirs: '1' } }),
      },
    );
    expect(answer.status).toBe(200);
    await apply((await plan(settings({ kept: '1' }))).plan);
    expect(stored('/configmaps', 'settings')['data']).toEqual({ theirs: '1', kept: '1' });
  });

  it('is carried out once, also by runs from several machines, and the one that loses takes nothing back', async () => {
    cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    const names = ['a', 'b', 'c'];
    const objects = names.map((name) => policy(name, { podSelector: {}, policyTypes: ['Ingress'] }));
    const { plan: made } = await plan(...objects, deny);
    const roots = ['one', 'two', 'three'].map((name) => join(cluster.folder, name));
    const runs = await Promise.allSettled(
      roots.map(async (root) => {
        await mkdir(root);
        return (await applyPlan(made, { ...planWish(), root }, outside)).journal;
      }),
    );
    const states = runs.map((run) => (run.status === 'fulfilled' ? run.value.state : (run.reason as UserError).code));
    expect(states.filter((state) => state === 'applied')).toHaveLength(1);
    expect(
      states.filter((state) => state !== 'applied').every((state) => ['undone', 'plan-changed'].includes(state)),
    ).toBe(true);
    const left = [...cluster.playground.store.list('networking.k8s.io/networkpolicies')];
    expect(left.map(({ metadata }) => asObject(metadata)['name'])).toEqual([...names, 'default-deny']);
  });

  it('makes namespaces first, and tells what could not be tried in them', async () => {
    cluster = await openPlaygroundFolder([]);
    const { plan: made, previews } = await plan(allow, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'shop' },
    });
    expect(made.steps.map(({ title }) => title)).toEqual(['Create Namespace shop', 'Create NetworkPolicy shop/web']);
    expect(previews.map(({ untried }) => untried === true)).toEqual([false, true]);
  });

  it('holds no value of a Secret', async () => {
    cluster = await openPlaygroundFolder([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } }]);
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'db', namespace: 'shop' },
      data: { a: 'aHVudGVyMg==' },
    };
    const answer = await plan(secret);
    expect(answer.refused).toMatchObject([{ kind: 'secret' }]);
    expect(JSON.stringify(answer)).not.toContain('aHVudGVyMg==');
  });
});
