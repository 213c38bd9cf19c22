import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openPlaygroundFolder, type PlaygroundFolder } from '../../../../test/kubernetes/playground-folder.ts';
import { anywhere } from '../../../../test/kubernetes/resources.ts';
import { toObject } from '../../../kube/manifests/parse-manifests.ts';
import { asObject, type JsonObject, type Plan } from '../../../model/index.ts';
import type { Outside } from '../../outside.ts';
import { applyPlan, findUndo, undoPlan } from '../apply-plan.ts';
import type { PlanWish } from '../plan-wish.ts';
import { listStored } from '../plan-store.ts';
import { planObjects } from './plan-objects.ts';

let cluster: PlaygroundFolder;
beforeEach(async () => {
  cluster = await openPlaygroundFolder([
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
    { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } },
  ]);
});
afterEach(() => cluster.close());

const outside: Outside = {
  stdin: () => Promise.resolve(new Uint8Array()),
  environment: {},
  today: '2026-11-29',
  progress: () => undefined,
};

function object(kind: string, name: string, namespace = 'shop', metadata: JsonObject = {}): JsonObject {
  const group = kind === 'NetworkPolicy' ? 'networking.k8s.io/v1' : 'v1';
  const spec = kind === 'NetworkPolicy' ? { podSelector: {}, policyTypes: ['Ingress'] } : undefined;
  return {
    apiVersion: group,
    kind,
    metadata: { name, ...(namespace === '' ? {} : { namespace }), ...metadata },
    ...(spec === undefined ? { data: { of: name } } : { spec }),
  };
}

const map = (name: string, namespace = 'shop') => object('ConfigMap', name, namespace);

let made = 0;

async function plan(objects: readonly JsonObject[], files: readonly string[] = ['k8s'], prune = true) {
  made += 1;
  const { kubeconfig, folder } = cluster;
  return planObjects(
    {
      cluster: { context: '.', kubeconfig, namespaces: [], allNamespaces: false, concurrency: 4 },
      takeOver: [],
      objects: objects.map((raw) => ({ object: toObject(raw, anywhere, 'default'), reason: 'wanted' })),
      making: {
        title: 'Bring in',
        command: '',
        version: '0',
        now: `2026-11-29T12:00:0${made % 10}Z`,
        declaredIn: files,
      },
      ...(prune ? { prune: { stored: await listStored(folder), files } } : {}),
    },
    outside,
  );
}

function planWish(): PlanWish {
  const { kubeconfig, folder: root } = cluster;
  const wish = { kubeconfig, namespaces: [], allNamespaces: false, concurrency: 4 };
  return { root, cluster: wish, keep: false, patience: { ready: 3000, trouble: 50, lasting: 0, around: 20 } };
}

async function apply({ plan: each }: { readonly plan: Plan }): Promise<void> {
  expect((await applyPlan(each, planWish(), outside)).journal.state).toBe('applied');
}

const titles = ({ plan: { steps } }: { readonly plan: Plan }) => steps.map(({ title }) => title);
const stored = (name: string) => cluster.playground.store.get('/configmaps', 'shop', name);

/** Past the API, as if somebody else had done it. */
function put(raw: JsonObject, metadata: JsonObject): void {
  cluster.playground.store.put('/configmaps', { ...raw, metadata: { ...asObject(raw['metadata']), ...metadata } });
}

describe('objects that the files do not say any more', () => {
  it('go with --prune only, after all that is wanted is there, and undo makes them again', async () => {
    await apply(await plan([map('kept'), map('old')]));
    expect(titles(await plan([map('kept')], ['k8s'], false))).toEqual([]);
    const next = await plan([map('kept'), map('new')]);
    expect(titles(next)).toEqual(['Create ConfigMap shop/new', 'Delete ConfigMap shop/old']);
    expect(next.plan.steps[1]).toMatchObject({
      after: [next.plan.steps[0]?.id],
      reason: 'an earlier plan made it, and the files do not say it any more',
      inverse: { kind: 'create' },
    });
    expect(next.previews[1]?.diff).toContain('-  of: old');
    await apply(next);
    expect(stored('old')).toBeUndefined();
    expect(titles(await plan([map('kept'), map('new')]))).toEqual([]);
    await undoPlan(await findUndo(cluster.folder, undefined), planWish(), outside);
    expect(stored('old')?.['data']).toEqual({ of: 'old' });
    expect(stored('new')).toBeUndefined();
  });

  it('go again after an undo has made them again, as often as that happens, and stay where somebody else made them', async () => {
    await apply(await plan([map('kept'), map('old')]));
    for (const _ of [1, 2]) {
      const next = await plan([map('kept')]);
      expect(titles(next)).toEqual(['Delete ConfigMap shop/old']);
      await apply(next);
      await undoPlan(await findUndo(cluster.folder, undefined), planWish(), outside);
    }
    put(stored('old') ?? {}, { uid: 'of-somebody-else' });
    expect(titles(await plan([map('kept')]))).toEqual([]);
  });

  it('stay where they were there before, were made by others, or are others of the same name', async () => {
    put(map('theirs'), { uid: 'theirs' });
    await apply(await plan([{ ...map('theirs'), data: { of: 'ours' } }, map('again')]));
    put(map('again'), { uid: 'another' });
    expect(titles(await plan([map('kept')]))).toEqual(['Create ConfigMap shop/kept']);
  });

  it('stay where another plan made them that was of more files, of other ones, or was taken back', async () => {
    await apply(await plan([map('a'), map('b')], ['one', 'two']));
    expect(titles(await plan([map('a')], ['one']))).toEqual([]);
    expect(titles(await plan([map('a')], ['three']))).toEqual([]);
    expect(titles(await plan([map('a')], ['one', 'two']))).toEqual(['Delete ConfigMap shop/b']);
    expect(titles(await plan([map('a')], ['']))).toEqual(['Delete ConfigMap shop/b']);
    await undoPlan(await findUndo(cluster.folder, undefined), planWish(), outside);
    expect(titles(await plan([map('c')], ['one', 'two']))).toEqual(['Create ConfigMap shop/c']);
  });

  it('stay, and are told, where somebody else wants them by now or data would go with them', async () => {
    const { data: _, ...bare } = object('PersistentVolumeClaim', 'data');
    const claim = { ...bare, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } };
    const first = await plan([map('kept'), map('flux'), claim, map('far', 'other')]);
    expect(first.refused).toEqual([]);
    await apply(first);
    put(stored('flux') ?? {}, { labels: { 'kustomize.toolkit.fluxcd.io/name': 'shop' } });
    const next = await plan([map('kept')]);
    expect(titles(next)).toEqual([]);
    expect(new Map(next.refused.map(({ title, kind, message }) => [title, [kind, message]]))).toEqual(
      new Map([
        [
          'Delete ConfigMap other/far',
          ['kept', expect.stringContaining('the files say nothing of the namespace other')],
        ],
        ['Delete ConfigMap shop/flux', ['kept', 'Flux kustomization "shop" wants it by now']],
        ['Delete PersistentVolumeClaim shop/data', ['kept', expect.stringContaining('what is in it would go with it')]],
      ]),
    );
  });

  it('stay as long as something that is wanted is refused', async () => {
    await apply(await plan([map('old')]));
    const next = await plan([map('new', 'nowhere')]);
    expect(titles(next)).toEqual([]);
    expect(next.refused.map(({ title }) => title)).toContain('Create ConfigMap nowhere/new');
  });

  it('go the other way round than they came: what restricts first', async () => {
    await apply(await plan([map('kept'), map('settings'), object('NetworkPolicy', 'deny')]));
    expect(titles(await plan([map('kept')]))).toEqual([
      'Delete NetworkPolicy shop/deny',
      'Delete ConfigMap shop/settings',
    ]);
  });
});
