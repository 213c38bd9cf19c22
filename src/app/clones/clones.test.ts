import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { compileSecretRules, type SecretTreatment } from '../../backup/index.ts';
import { parseHostRules } from '../../kube/relocation/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { type Playground, startPlayground } from '../../playground/index.ts';
import { makeBackup } from '../backups/backups.ts';
import { type CloneOrder, cloneApp, type CloneTelling, findClones, removeClones } from './clones.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

function object(type: string, place: string, rest: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [name = '', namespace = ''] = place.split('/').toReversed();
  const { labels, annotations, ...other } = rest;
  const metadata = {
    name,
    ...(namespace === '' ? {} : { namespace }),
    labels: labels ?? {},
    annotations: annotations ?? {},
  };
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), metadata, ...other };
}

const rbac = 'rbac.authorization.k8s.io';
const template = {
  metadata: { labels: { app: 'web' } },
  spec: {
    containers: [{ name: 'c', image: 'r.test/a:1', env: [{ name: 'DB', value: 'postgres://db.shop.svc:5432' }] }],
  },
};

const app: readonly JsonObject[] = [
  object('v1/Namespace', 'shop', { labels: { team: 'a' } }),
  object('v1/ConfigMap', 'shop/settings', { data: { url: 'http://db.shop.svc', other: 'http://queue.other.svc' } }),
  object('v1/Secret', 'shop/db', { type: 'Opaque', data: { password: 'Z2VoZWltbmlzLTQ3MTE=' } }),
  object('v1/Secret', 'shop/sh.helm.release.v1.shop.v1', { type: 'helm.sh/release.v1', data: { release: 'eA==' } }),
  object('v1/Service', 'shop/db', { spec: { selector: { app: 'web' }, ports: [{ port: 5432 }] } }),
  object('v1/ServiceAccount', 'shop/web'),
  object('apps/v1/Deployment', 'shop/web', {
    spec: { replicas: 3, selector: { matchLabels: { app: 'web' } }, template },
  }),
  object('batch/v1/CronJob', 'shop/nightly', {
    spec: {
      schedule: '0 0 * * *',
      jobTemplate: {
        spec: { template: { spec: { restartPolicy: 'Never', containers: [{ name: 'c', image: 'r.test/a:1' }] } } },
      },
    },
  }),
  object('networking.k8s.io/v1/Ingress', 'shop/web', { spec: { rules: [{ host: 'shop.test' }] } }),
  object(`${rbac}/v1/ClusterRole`, 'reader', { rules: [] }),
  object(`${rbac}/v1/ClusterRole`, 'shop-writer', { rules: [] }),
  object(`${rbac}/v1/RoleBinding`, 'shop/writes', {
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'shop-writer' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }],
  }),
  object(`${rbac}/v1/ClusterRoleBinding`, 'web-reads', {
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'reader' },
    subjects: [
      { kind: 'ServiceAccount', namespace: 'shop', name: 'web' },
      { kind: 'ServiceAccount', namespace: 'other', name: 'x' },
    ],
  }),
  object(`${rbac}/v1/RoleBinding`, 'other/for-shop', {
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }],
  }),
  object('admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', 'shop-hook', {
    webhooks: [
      {
        name: 'a.shop.test',
        admissionReviewVersions: ['v1'],
        sideEffects: 'None',
        clientConfig: { service: { namespace: 'shop', name: 'db' } },
        rules: [
          { apiGroups: [''], apiVersions: ['v1'], resources: ['configmaps'], operations: ['CREATE'], scope: '*' },
        ],
      },
    ],
  }),
];

interface Cluster {
  readonly playground: Playground;
  readonly kubeconfig: string;
  readonly folder: string;
}

async function cluster(seed: readonly JsonObject[] = app, controllers = true): Promise<Cluster> {
  const playground = await startPlayground({ seed, controllers });
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-clone-'));
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, playground.kubeconfig());
  closing.push(
    () => rmSync(folder, { recursive: true }),
    () => playground.close(),
  );
  await playground.settled();
  return { playground, kubeconfig, folder };
}

const outside = {
  stdin: () => Promise.resolve(new Uint8Array()),
  environment: {},
  today: '2026-11-29',
  progress: () => undefined,
};
const telling: CloneTelling = {
  now: () => Date.parse('2026-11-29T10:00:00Z'),
  agree: () => Promise.resolve(),
  onTidy: () => undefined,
};

const at = ({ kubeconfig }: Cluster) => ({
  context: '.',
  kubeconfig,
  namespaces: [],
  allNamespaces: false,
  concurrency: 8,
});

function orderFor(
  where: Cluster,
  rest: Partial<CloneOrder> = {},
  wish: Partial<CloneOrder['wish']> = {},
  secrets: SecretTreatment = 'keep',
): CloneOrder {
  return {
    cluster: at(where),
    namespace: 'shop',
    name: 'copy',
    keep: false,
    dryRun: false,
    checkImages: false,
    wish: {
      hosts: parseHostRules(['shop.test=copy.test']),
      domains: [],
      secrets: compileSecretRules(secrets, undefined, ''),
      suspend: false,
      fence: false,
      webhooks: false,
      storageClasses: new Map(),
      images: [],
      ...wish,
    },
    ...rest,
  };
}

const clone = (where: Cluster, ...rest: [Partial<CloneOrder>?, Partial<CloneOrder['wish']>?, SecretTreatment?]) =>
  cloneApp(orderFor(where, ...rest), outside, telling);

/** What was written since, but for what controllers do in their own time: `verb resource namespace/name`. */
function writesSince({ playground }: Cluster, version: number): string[] {
  return (playground.store.since(version) ?? []).map((event) => {
    const { object: each } = event as unknown as { readonly object: JsonObject };
    const { namespace, name } = asObject(each['metadata']);
    return `${asString(each['kind'])} ${asString(namespace) ?? ''}/${asString(name)}`;
  });
}

function find(
  { playground }: Cluster,
  groupResource: string,
  name: string,
  namespace = 'copy',
): JsonObject | undefined {
  const [resource = '', ...group] = groupResource.split('.');
  return playground.store.get(`${group.join('.')}/${resource}`, namespace, name);
}

describe('a clone', () => {
  it('is made of what the app is, with its references, and writes nothing else', async () => {
    const where = await cluster(app, false);
    const before = where.playground.store.version;
    const { plan, made, removed } = await clone(where);
    expect(made?.counts).toMatchObject({ failed: 0, differs: 0 });
    expect(removed).toBe(false);
    const written = writesSince(where, before);
    const wanted = plan.objects.map(
      ({ place, object: each }) => `${asString(each['kind'])} ${place.namespace}/${place.name}`,
    );
    expect(new Set(written)).toEqual(new Set(wanted));
    expect(written.every((each) => / (?:copy\/|\/copy$|\/web-reads-copy$)/.test(each))).toBe(true);
    expect(find(where, 'configmaps', 'settings')).toMatchObject({
      data: { url: 'http://db.copy.svc', other: 'http://queue.other.svc' },
    });
    expect(find(where, 'ingresses.networking.k8s.io', 'web')).toMatchObject({
      spec: { rules: [{ host: 'copy.test' }] },
    });
    expect(find(where, 'clusterrolebindings.rbac.authorization.k8s.io', 'web-reads-copy', '')).toMatchObject({
      subjects: [{ namespace: 'copy', name: 'web' }],
    });
    expect(find(where, 'secrets', 'sh.helm.release.v1.shop.v1')).toBeUndefined();
    expect(plan.leftOut.map(({ object: each }) => each)).toEqual(['Secret sh.helm.release.v1.shop.v1']);
    expect(plan.left).toContainEqual(expect.objectContaining({ text: 'queue.other.svc' }));
    expect(plan.decisions.map(({ object: each }) => each)).toEqual(
      expect.arrayContaining([
        'CronJob nightly',
        'ValidatingWebhookConfiguration shop-hook',
        'RoleBinding other/for-shop',
      ]),
    );
  });

  it('a second run changes nothing, with fresh credentials too', async () => {
    const where = await cluster(app, false);
    await clone(where, {}, {}, 'fresh');
    const fresh = find(where, 'secrets', 'db')?.['data'];
    expect(fresh).not.toEqual({ password: 'Z2VoZWltbmlzLTQ3MTE=' });
    const before = where.playground.store.version;
    const { made, isThere, removed } = await clone(where, {}, {}, 'fresh');
    expect([isThere, removed]).toEqual([true, false]);
    expect(made?.counts).toMatchObject({ created: 0, failed: 0, differs: 0, updated: 0 });
    expect(writesSince(where, before)).toEqual([]);
    expect(find(where, 'secrets', 'db')?.['data']).toEqual(fresh);
  });

  it('is shown before: a dry run writes nothing, and no plan holds a value of a Secret', async () => {
    const where = await cluster(app, false);
    const before = where.playground.store.version;
    const { plan, made } = await clone(where, { dryRun: true }, {}, 'fresh');
    expect(made).toBeUndefined();
    expect(writesSince(where, before)).toEqual([]);
    const { objects: _objects, ...told } = plan;
    expect(JSON.stringify(told)).not.toMatch(/geheim|Z2VoZWlt/);
    const refusal = cloneApp(orderFor(where), outside, { ...telling, agree: () => Promise.reject(new Error('no')) });
    await expect(refusal).rejects.toThrow('no');
    expect(writesSince(where, before)).toEqual([]);
  });

  it('without a rule for its host an Ingress is not made', async () => {
    const where = await cluster(app, false);
    const { plan } = await clone(where, {}, { hosts: parseHostRules([]) });
    expect(find(where, 'ingresses.networking.k8s.io', 'web')).toBeUndefined();
    expect(plan.decisions).toContainEqual(
      expect.objectContaining({ object: 'Ingress web', how: "--host 'shop.test=NEW'" }),
    );
  });

  it('may be smaller, do nothing by the clock, and be closed in', async () => {
    const where = await cluster(app, false);
    await clone(where, {}, { replicas: 1, suspend: true, fence: true });
    expect(find(where, 'deployments.apps', 'web')).toMatchObject({ spec: { replicas: 1 } });
    expect(find(where, 'cronjobs.batch', 'nightly')).toMatchObject({ spec: { suspend: true } });
    expect(find(where, 'networkpolicies.networking.k8s.io', 'nowwhat-drill')).toMatchObject({
      spec: { policyTypes: ['Ingress', 'Egress'] },
    });
    expect(find(where, 'ingresses.networking.k8s.io', 'web')).toBeUndefined();
  });

  it('of a webhook asks about objects of the copy only', async () => {
    const where = await cluster(app, false);
    await clone(where, {}, { webhooks: true });
    expect(
      find(where, 'validatingwebhookconfigurations.admissionregistration.k8s.io', 'shop-hook-copy', ''),
    ).toMatchObject({
      webhooks: [
        {
          clientConfig: { service: { namespace: 'copy' } },
          namespaceSelector: { matchExpressions: [{ values: ['copy'] }] },
          rules: [{ scope: 'Namespaced' }],
        },
      ],
    });
  });

  it.each(['shop', 'other', 'Bad_Name'])('refuses to be called %s', async (name) => {
    const where = await cluster([...app, object('v1/Namespace', 'other')], false);
    const before = where.playground.store.version;
    await expect(clone(where, { name })).rejects.toMatchObject({
      code: expect.stringMatching(/not-a-clone|invalid-option/),
    });
    expect(writesSince(where, before)).toEqual([]);
  });

  it('of a namespace that is not there is refused', async () => {
    await expect(clone(await cluster(app, false), { namespace: 'gone' })).rejects.toMatchObject({
      code: 'nothing-to-read',
    });
  });

  it('that cannot be made whole is removed again, and is kept where that is wished', async () => {
    const refuse = {
      when: { verb: 'create', resource: 'deployments' },
      times: 5,
      effect: { kind: 'refuse', code: 422 },
    } as const;
    const where = await cluster(app);
    where.playground.faults.add(refuse);
    const { made, removed } = await clone(where);
    expect(made?.counts.failed).toBe(1);
    expect(removed).toBe(true);
    expect(find(where, 'namespaces', 'copy', '')).toBeUndefined();
    expect(find(where, 'clusterrolebindings.rbac.authorization.k8s.io', 'web-reads-copy', '')).toBeUndefined();
    expect(find(where, 'configmaps', 'settings', 'shop')).toBeDefined();
    const kept = await clone(where, { keep: true });
    expect(kept.removed).toBe(false);
    expect(find(where, 'namespaces', 'copy', '')).toBeDefined();
  });

  it('goes into another cluster, with what it needs there', async () => {
    const [from, to] = [await cluster(app, false), await cluster([], false)];
    const before = from.playground.store.version;
    const { made } = await clone(from, { to: at(to), name: 'shop' });
    expect(made?.counts.failed).toBe(0);
    expect(writesSince(from, before)).toEqual([]);
    expect(find(to, 'configmaps', 'settings', 'shop')).toMatchObject({ data: { url: 'http://db.shop.svc' } });
    expect(find(to, 'clusterroles.rbac.authorization.k8s.io', 'reader', '')).toBeDefined();
    expect(find(to, 'clusterroles.rbac.authorization.k8s.io', 'shop-writer', '')).toBeDefined();
    expect(find(to, 'clusterrolebindings.rbac.authorization.k8s.io', 'web-reads', '')).toBeDefined();
  });

  it('may be made of a backup', async () => {
    const where = await cluster(app, false);
    const store = join(where.folder, 'kept');
    const backup = {
      cluster: { ...at(where), namespaces: ['shop'] },
      store,
      name: 'one',
      selection: {},
      labels: {},
      annotations: {},
      storageLocation: 'default',
      takeOver: false,
      volumes: 'none',
    };
    await makeBackup(
      { ...backup, dumps: [], runHooks: 'skip' } as unknown as Parameters<typeof makeBackup>[0],
      outside,
      {
        tool: 'test',
        now: Date.now,
        agreeToCommands: () => Promise.resolve(),
        agree: () => Promise.resolve(),
        onTidy: () => undefined,
        remember: () => undefined,
      },
    );
    where.playground.store.remove('/configmaps', find(where, 'configmaps', 'settings', 'shop') ?? {});
    const { made } = await clone(where, { saved: { store, backup: 'one' } });
    expect(made?.counts.failed).toBe(0);
    expect(find(where, 'configmaps', 'settings')).toMatchObject({ data: { url: 'http://db.copy.svc' } });
  });
});

describe('copies', () => {
  const removal = { now: () => Date.parse('2026-11-30T11:00:00Z'), agree: () => Promise.resolve() };

  it('are listed, and go when their time is over', async () => {
    const where = await cluster(app);
    await clone(where, { ttl: 86_400_000 });
    await clone(where, { name: 'stays' });
    expect(await findClones(at(where), outside)).toMatchObject([
      { name: 'copy', of: 'shop', expires: '2026-11-30T10:00:00Z' },
      { name: 'stays' },
    ]);
    const early = await removeClones({ cluster: at(where), names: 'expired', force: false }, outside, {
      ...removal,
      now: telling.now,
    });
    expect(early).toEqual([]);
    const removed = await removeClones({ cluster: at(where), names: 'expired', force: false }, outside, removal);
    expect(removed).toEqual([{ name: 'copy', of: 'shop', result: 'removed' }]);
    expect(find(where, 'namespaces', 'stays', '')).toBeDefined();
    expect(find(where, 'namespaces', 'shop', '')).toBeDefined();
    expect(find(where, 'clusterrolebindings.rbac.authorization.k8s.io', 'web-reads-stays', '')).toBeDefined();
    expect(find(where, 'clusterrolebindings.rbac.authorization.k8s.io', 'web-reads-copy', '')).toBeUndefined();
  });

  it('with something of others in them are kept, unless that is to go too', async () => {
    const where = await cluster(app);
    await clone(where);
    where.playground.seed([object('v1/ConfigMap', 'copy/mine', { data: {} })]);
    const order = { cluster: at(where), names: ['copy'], force: false };
    expect(await removeClones(order, outside, removal)).toMatchObject([
      { result: 'kept', message: expect.stringContaining('ConfigMap mine') },
    ]);
    expect(await removeClones({ ...order, force: true }, outside, removal)).toMatchObject([{ result: 'removed' }]);
  });

  it('take no helper of volumes along that a killed run has left, and go with one in them', async () => {
    const helper = (namespace: string): JsonObject =>
      object('v1/Pod', `${namespace}/nowwhat-volume-1`, {
        labels: { 'app.kubernetes.io/name': 'nowwhat-volume' },
        spec: { containers: [{ name: 'volume', image: 'r.test/a:1' }] },
      });
    const where = await cluster([...app, helper('shop')]);
    const { plan } = await clone(where);
    expect(plan.objects.map(({ place }) => place.name)).not.toContain('nowwhat-volume-1');
    where.playground.seed([helper('copy')]);
    const order = { cluster: at(where), names: ['copy'], force: false };
    expect(await removeClones(order, outside, removal)).toMatchObject([{ result: 'removed' }]);
  });

  it('never is what no clone made', async () => {
    const where = await cluster(app);
    const order = { cluster: at(where), names: ['shop'], force: true };
    await expect(removeClones(order, outside, removal)).rejects.toMatchObject({ code: 'not-a-clone' });
    expect(find(where, 'namespaces', 'shop', '')).toBeDefined();
  });
});
