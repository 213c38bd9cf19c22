import { afterEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../../test/kubernetes/playground-folder.ts';
import { anywhere } from '../../../../test/kubernetes/resources.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import type { JsonObject } from '../../../model/index.ts';
import type { Outside } from '../../read-app.ts';
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
