import { describe, expect, it } from 'vitest';
import { expectTold, expectTried } from '../../../test/backup/fault-table.ts';
import { contextFor, openTarget, type Target, wishFor } from '../../../test/backup/restoring.ts';
import { type ApiClient, type ApiRequest, getObject } from '../../api/index.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import type { Fault } from '../../playground/faults.ts';
import { restoreBackup } from './restore-backup.ts';
import type { RestoreReport, RestoreWish } from './restore-wish.ts';

function object(type: string, place: string, rest: JsonObject = {}, metadata: JsonObject = {}): JsonObject {
  const at = type.lastIndexOf('/');
  const [name = '', namespace = ''] = place.split('/').toReversed();
  return {
    apiVersion: type.slice(0, at),
    kind: type.slice(at + 1),
    metadata: { name, ...(namespace === '' ? {} : { namespace }), uid: `old ${type} ${place}`, ...metadata },
    ...rest,
  };
}

const widgets = object('apiextensions.k8s.io/v1/CustomResourceDefinition', 'widgets.shop.example.com', {
  spec: {
    group: 'shop.example.com',
    scope: 'Namespaced',
    names: { kind: 'Widget', plural: 'widgets', singular: 'widget', listKind: 'WidgetList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
});

const widget = object('shop.example.com/v1/Widget', 'shop/round', { spec: { radius: 3 } });
const ownedByWidget = {
  ownerReferences: [
    {
      apiVersion: 'shop.example.com/v1',
      kind: 'Widget',
      name: 'round',
      uid: asObject(widget['metadata'])['uid'] ?? '',
    },
  ],
};
const template = {
  metadata: { labels: { app: 'web' } },
  spec: { containers: [{ name: 'c', image: 'r.test/a:1' }] },
};

const app: readonly JsonObject[] = [
  object('v1/Namespace', 'shop', {}, { labels: { team: 'shop' } }),
  widgets,
  widget,
  object('scheduling.k8s.io/v1/PriorityClass', 'high', { value: 1000 }),
  object('v1/ServiceAccount', 'shop/web'),
  // Owned by what comes back later than it.
  object('v1/ConfigMap', 'shop/of-widget', { data: { a: 'b' } }, ownedByWidget),
  object('v1/Secret', 'shop/password', { data: { value: 'Z2VoZWlt' }, type: 'Opaque' }),
  object('v1/PersistentVolumeClaim', 'shop/data', {
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }),
  object('v1/Service', 'shop/web', { spec: { selector: { app: 'web' }, ports: [{ port: 80 }] } }),
  object('rbac.authorization.k8s.io/v1/Role', 'shop/reader', { rules: [] }),
  object('rbac.authorization.k8s.io/v1/RoleBinding', 'shop/web-reads', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', namespace: 'shop', name: 'web' }],
  }),
  object('apps/v1/Deployment', 'shop/web', {
    spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template },
  }),
  object('v1/ResourceQuota', 'shop/quota', { spec: { hard: { pods: '50' } } }),
  ...Array.from({ length: 9 }, (_, at) => object('v1/ConfigMap', `shop/settings-${at}`, { data: { at: `${at}` } })),
];

async function restore({ client }: Target, rest: Partial<RestoreWish> = {}, objects = app): Promise<RestoreReport> {
  return await restoreBackup(wishFor(rest), await contextFor(client, objects));
}

function countsOf({ counts }: RestoreReport): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}

const requestsOf = (target: Target) => {
  const asked: string[] = [];
  const { client } = target;
  const note = ({ method = 'GET', path }: ApiRequest): void => void asked.push(`${method} ${path}`);
  const listening: ApiClient = {
    ...client,
    request: (request) => {
      note(request);
      return client.request(request);
    },
    requestBytes: (request) => {
      note(request);
      return client.requestBytes(request);
    },
  };
  return { asked, target: { ...target, client: listening } };
};

const configMaps = { group: '', version: 'v1', resource: 'configmaps' };
const widgetResource = { group: 'shop.example.com', version: 'v1', resource: 'widgets' };

async function read({ client }: Target, resource: typeof configMaps, name: string): Promise<JsonObject> {
  return await getObject(client, resource, { namespace: 'shop', name });
}

describe('a restore', () => {
  it('brings all back, owners under their new identity, whatever comes first', async () => {
    const target = await openTarget();
    const report = await restore(target);
    expect(report.items.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(countsOf(report)).toEqual({ created: app.length });
    const owned = await read(target, configMaps, 'of-widget');
    const owner = await read(target, widgetResource, 'round');
    expect(asObject(asArray(asObject(owned['metadata'])['ownerReferences'])[0])['uid']).toBe(
      asObject(owner['metadata'])['uid'],
    );
  });

  it('sends nothing before what it needs is there', async () => {
    const { asked, target } = requestsOf(await openTarget());
    const hook = object('admissionregistration.k8s.io/v1/ValidatingWebhookConfiguration', 'late', { webhooks: [] });
    await restore(target, {}, [hook, ...app.toReversed()]);
    const [inShop, cluster] = ['/namespaces/shop/', '/apis/admissionregistration.k8s.io/v1'];
    const definition = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
    const places = (request: string): number[] => asked.flatMap((each, at) => (each === request ? [at] : []));
    const before = [
      ['POST /api/v1/namespaces', `POST /api/v1${inShop}configmaps`],
      [`POST ${definition}`, `POST /apis/shop.example.com/v1${inShop}widgets`],
      // Asked for until it is established.
      [`GET ${definition}/widgets.shop.example.com`, `POST /apis/shop.example.com/v1${inShop}widgets`],
      [`POST /api/v1${inShop}serviceaccounts`, `POST /apis/apps/v1${inShop}deployments`],
      [`POST /api/v1${inShop}secrets`, `POST /apis/apps/v1${inShop}deployments`],
      [`POST /api/v1${inShop}persistentvolumeclaims`, `POST /apis/apps/v1${inShop}deployments`],
      [
        `POST /apis/rbac.authorization.k8s.io/v1${inShop}roles`,
        `POST /apis/rbac.authorization.k8s.io/v1${inShop}rolebindings`,
      ],
      [`POST /apis/apps/v1${inShop}deployments`, `POST /api/v1${inShop}resourcequotas`],
      [`POST /apis/apps/v1${inShop}deployments`, `POST ${cluster}/validatingwebhookconfigurations`],
      [`POST /apis/shop.example.com/v1${inShop}widgets`, `POST ${cluster}/validatingwebhookconfigurations`],
    ] as const;
    for (const [first, second] of before) {
      expect(places(first), first).not.toEqual([]);
      expect(places(second), second).not.toEqual([]);
      expect(places(first).at(-1), `${first} before ${second}`).toBeLessThan(places(second)[0] ?? 0);
    }
  });

  it('changes nothing the second time, and asks for lists where it asked for objects', async () => {
    const target = await openTarget();
    await restore(target);
    const { asked, target: listening } = requestsOf(target);
    const again = await restore(listening);
    expect(countsOf(again)).toEqual({ unchanged: app.length });
    expect(asked.filter((each) => each.endsWith('/configmaps'))).toEqual(['GET /api/v1/namespaces/shop/configmaps']);
    expect(asked.filter((each) => /settings-\d/.test(each))).toEqual([]);
  });

  it('tells of what differs, and brings it back where that is wanted', async () => {
    const target = await openTarget();
    await restore(target);
    const { client } = target;
    await client.request({
      method: 'PATCH',
      path: '/api/v1/namespaces/shop/configmaps/settings-3',
      contentType: 'application/merge-patch+json',
      body: { data: { at: 'other' } },
    });
    const told = await restore(target);
    expect(told.items.filter(({ result }) => result === 'differs')).toMatchObject([
      { name: 'settings-3', message: 'is there already and differs in /data/at' },
    ]);
    expect(await read(target, configMaps, 'settings-3')).toMatchObject({ data: { at: 'other' } });
    expect(countsOf(await restore(target, { existing: 'update' }))).toMatchObject({ updated: 1 });
    expect(await read(target, configMaps, 'settings-3')).toMatchObject({ data: { at: '3' } });
  });

  it('makes anew what differs where that is wanted', async () => {
    const target = await openTarget();
    await restore(target);
    const before = await read(target, configMaps, 'settings-4');
    await target.client.request({
      method: 'PUT',
      path: '/api/v1/namespaces/shop/configmaps/settings-4',
      body: { ...before, data: {} },
    });
    expect(countsOf(await restore(target, { existing: 'recreate' }))).toMatchObject({ recreated: 1 });
    const after = await read(target, configMaps, 'settings-4');
    expect(after['data']).toEqual({ at: '4' });
    expect(asObject(after['metadata'])['uid']).not.toBe(asObject(before['metadata'])['uid']);
  });

  it('without the right to list finds objects one by one', async () => {
    const target = await openTarget();
    await restore(target);
    target.playground.faults.add({
      when: { verb: 'list', resource: 'configmaps' },
      effect: { kind: 'refuse', code: 403 },
      times: 99,
    });
    expect(countsOf(await restore(target))).toEqual({ unchanged: app.length });
  });

  it('of one namespace takes of the cluster what that needs, unless it is told', async () => {
    const pod = object('v1/Pod', 'shop/urgent', { spec: { ...template.spec, priorityClassName: 'high' } });
    const other = object('scheduling.k8s.io/v1/PriorityClass', 'of-nobody', { value: 1 });
    const account = object('v1/ServiceAccount', 'shop/default');
    const selection = { ...wishFor().selection, takesAllNamespaces: false };
    const named = (includeClusterResources?: boolean): Partial<RestoreWish> => ({
      selection: { ...selection, includeClusterResources },
    });
    const titles = ({ items }: RestoreReport) =>
      items.filter(({ namespace }) => namespace === '').map(({ name }) => name);
    const saved = [...app, pod, other, account];
    const report = await restore(await openTarget(), named(), saved);
    expect(titles(report).toSorted()).toEqual(['high', 'shop', 'widgets.shop.example.com']);
    expect(titles(await restore(await openTarget(), named(false), saved))).toEqual(['shop']);
  });

  it('without the definition of a custom resource tells where that is to be had', async () => {
    const selection = {
      ...wishFor().selection,
      takesResource: (groupResource: string) => !groupResource.startsWith('customresourcedefinitions.'),
    };
    const messageOf = async (objects: readonly JsonObject[]): Promise<string | undefined> => {
      const { items } = await restore(await openTarget(), { selection }, objects);
      return items.find(({ groupResource }) => groupResource === 'widgets.shop.example.com')?.message;
    };
    expect(await messageOf(app)).toMatch(
      /^the cluster serves no Widget in shop.example.com\/v1: the backup has its definition, .* --with-related$/,
    );
    expect(await messageOf([widget])).toMatch(/and the backup does not have its definition: install first/);
  });

  it('tells of an owner that could not be restored, and of none that only comes later', async () => {
    const target = await openTarget();
    expect((await restore(target)).warnings).toEqual([]);
    const other = await openTarget();
    other.playground.faults.add({
      when: { verb: 'create', resource: 'widgets' },
      effect: { kind: 'refuse', code: 422 },
      times: 9,
    });
    const report = await restore(other);
    expect(report.counts).toMatchObject({ failed: 1, created: app.length - 1 });
    expect(report.warnings).toEqual(['configmaps of-widget comes back without its owner Widget "round"']);
  });

  it('gives fields back to those who wrote them', async () => {
    const entry = (manager: string, operation: string, field: string): JsonObject => ({
      manager,
      operation,
      apiVersion: 'v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { [`f:${field}`]: {} } },
    });
    const map = (name: string, ...managedFields: JsonObject[]): JsonObject =>
      object('v1/ConfigMap', `shop/${name}`, { data: { a: '1', b: '2' } }, { managedFields });
    const target = await openTarget();
    await restore(target, {}, [
      map('one', entry('kubectl-create', 'Update', 'a')),
      map('two', entry('helm', 'Apply', 'a'), entry('kubectl-edit', 'Update', 'b')),
    ]);
    const managersIn = async (name: string): Promise<unknown[]> => {
      const { managedFields } = asObject((await read(target, configMaps, name))['metadata']);
      return asArray(managedFields).map((each) => [asObject(each)['manager'], asObject(each)['operation']]);
    };
    expect(await managersIn('one')).toEqual([['kubectl-create', 'Update']]);
    const two = await managersIn('two');
    expect(two).toHaveLength(2);
    expect(two).toEqual(
      expect.arrayContaining([
        ['helm', 'Apply'],
        ['kubectl-edit', 'Update'],
      ]),
    );
  });

  it('gives fields back too where it was cut off after the object was there', async () => {
    const entry = (manager: string, operation: string): JsonObject => ({
      manager,
      operation,
      apiVersion: 'v1',
      time: '2026-01-01T00:00:00Z',
      fieldsType: 'FieldsV1',
      fieldsV1: { 'f:data': { 'f:a': {} } },
    });
    const managedFields = [entry('helm', 'Apply'), entry('kubectl-edit', 'Update')];
    const maps = (count: number): JsonObject[] =>
      Array.from({ length: count }, (_, at) =>
        object('v1/ConfigMap', `shop/m${at}`, { data: { a: '1' } }, { managedFields }),
      );
    // One by one, and so many that a list finds them.
    for (const count of [1, 12]) {
      const target = await openTarget();
      const cutOff = {
        when: { verb: 'patch', resource: 'configmaps' },
        effect: { kind: 'refuse', code: 500 },
        times: 99,
      } as const;
      const heal = target.playground.faults.add(cutOff);
      await restore(target, {}, maps(count)).catch(() => undefined);
      heal();
      const managersIn = async (): Promise<ReadonlySet<unknown>> => {
        const { managedFields: found } = asObject((await read(target, configMaps, 'm0'))['metadata']);
        return new Set(asArray(found).map((each) => asObject(each)['manager']));
      };
      expect(await managersIn()).toEqual(new Set(['nowwhat-restore']));
      expect((await restore(target, {}, maps(count))).counts).toMatchObject({ unchanged: count, created: 0 });
      expect(await managersIn()).toEqual(new Set(['helm', 'kubectl-edit']));
    }
  });

  it('brings statuses back where that is wanted, and a word on the object goes first', async () => {
    const claimed = (name: string, annotations: JsonObject = {}): JsonObject =>
      object(
        'apps/v1/Deployment',
        `shop/${name}`,
        {
          spec: { replicas: 0, selector: { matchLabels: { app: 'web' } }, template },
          status: { collisionCount: 7 },
        },
        { annotations },
      );
    const target = await openTarget([], { controllers: false });
    const deployments = { group: 'apps', version: 'v1', resource: 'deployments' };
    const objects = [claimed('plain'), claimed('not', { 'velero.io/restore-status': 'false' })];
    await restore(target, { statusResources: ['*'] }, objects);
    const count = async (name: string): Promise<unknown> =>
      asObject((await read(target, deployments, name))['status'])['collisionCount'];
    expect([await count('plain'), await count('not')]).toEqual([7, undefined]);
    const other = await openTarget([], { controllers: false });
    const said = claimed('said', { 'velero.io/restore-status': 'true' });
    await restore(other, { statusResources: ['*'], statusExcluded: ['deployments.apps'] }, [claimed('plain'), said]);
    expect(asObject((await read(other, deployments, 'plain'))['status'])['collisionCount']).toBeUndefined();
    expect(asObject((await read(other, deployments, 'said'))['status'])['collisionCount']).toBe(7);
  });

  it('brings back what is null in the status of a custom resource', async () => {
    const [version] = asArray(asObject(widgets['spec'])['versions']);
    const versions = [{ ...asObject(version), subresources: { status: {} } }];
    const withStatus = { ...widgets, spec: { ...asObject(widgets['spec']), versions } };
    const status = { since: null, deep: { gone: null, kept: 1 }, all: [{ at: null }, null] };
    const plain = { ready: true };
    const target = await openTarget();
    const objects = [
      withStatus,
      { ...widget, status },
      object('shop.example.com/v1/Widget', 'shop/plain', { status: plain }),
      object('shop.example.com/v1/Widget', 'shop/none', { status: null }),
    ];
    const report = await restore(target, { statusResources: ['widgets.shop.example.com'] }, objects);
    expect(report.items.filter(({ result }) => result === 'failed')).toEqual([]);
    const resource = { group: 'shop.example.com', version: 'v1', resource: 'widgets' };
    expect((await read(target, resource, 'round'))['status']).toEqual(status);
    expect((await read(target, resource, 'plain'))['status']).toEqual(plain);
    expect((await read(target, resource, 'none'))['status'] ?? null).toBeNull();
  });

  it('as a dry run makes nothing', async () => {
    const target = await openTarget();
    const report = await restore(target, { dryRun: true });
    expect(countsOf(report)).toEqual({ created: app.length });
    const { items } = await target.client.request({ path: '/api/v1/namespaces' });
    expect(asArray(items).map((each) => asObject(asObject(each)['metadata'])['name'])).not.toContain('shop');
  });
});

describe('a restore that is killed', () => {
  class Killed extends Error {}

  /** The process dies with the request of this number: before it is sent, or before its answer is read. */
  function dying({ client }: Target, at: number, isSent: boolean): ApiClient & { readonly calls: () => number } {
    let calls = 0;
    const through = async <T>(send: () => Promise<T>): Promise<T> => {
      const number = calls;
      calls += 1;
      if (number === at && isSent) await send();
      if (number >= at) throw new Killed();
      return await send();
    };
    return {
      ...client,
      request: (request) => through(() => client.request(request)),
      requestBytes: (request) => through(() => client.requestBytes(request)),
      calls: () => calls,
    };
  }

  const resources = [
    '/namespaces',
    '/configmaps',
    '/secrets',
    '/serviceaccounts',
    '/services',
    'apps/deployments',
    'shop.example.com/widgets',
    'apiextensions.k8s.io/customresourcedefinitions',
  ];

  /** What is there, without what each cluster has for itself. */
  function stock({ playground }: Target): string[] {
    return resources.flatMap((resource) => playground.store.list(resource).map((each) => JSON.stringify(each)));
  }

  it('at any request completes when it is run again, and nothing is doubled', async () => {
    const whole = await openTarget();
    const counting = dying(whole, Number.POSITIVE_INFINITY, false);
    await restore({ ...whole, client: counting }, { concurrency: 1 });
    expect(counting.calls()).toBeGreaterThan(app.length);
    const expected = stock(whole).length;
    expect(expected).toBeGreaterThan(app.length);
    let met = 0;
    for (const isSent of [false, true])
      for (let at = 0; at < counting.calls(); at += 1) {
        const target = await openTarget();
        const client = dying(target, at, isSent);
        await expect(restore({ ...target, client }, { concurrency: 1 })).rejects.toBeInstanceOf(Killed);
        const again = await restore(target);
        expect(again.phase, `killed at request ${at}`).toBe('Completed');
        expect(again.counts.created + again.counts.unchanged, `killed at request ${at}`).toBe(app.length);
        expect(stock(target)).toHaveLength(expected);
        expect(countsOf(await restore(target))).toEqual({ unchanged: app.length });
        met += 1;
      }
    expect(met).toBe(2 * counting.calls());
    expectTold('restore, killed');
  }, 600_000);
});

describe('a bad day of the API server', () => {
  const times = 3;
  const faults: readonly (readonly [string, Fault])[] = [
    ['too many requests', { effect: { kind: 'refuse', code: 429, retryAfter: 0 }, times }],
    ['unavailable for a moment', { effect: { kind: 'refuse', code: 503, retryAfter: 0 }, times }],
    ['an error of its own on reads', { when: { verb: 'get' }, effect: { kind: 'refuse', code: 502 }, times: 2 }],
    ['an error of its own on creates', { when: { verb: 'create' }, effect: { kind: 'refuse', code: 502 }, times: 2 }],
    [
      'connections that break before an answer',
      { when: { verb: 'create' }, effect: { kind: 'cut', afterBytes: 0 }, times },
    ],
    ['connections that break within an answer', { effect: { kind: 'cut', afterBytes: 40 }, times }],
    ['slow answers', { effect: { kind: 'delay', ms: 300 }, times }],
  ];

  it.each(faults)('(%s) ends with everything back', async (_what, fault) => {
    const target = await openTarget();
    target.playground.faults.add({ when: { path: /namespaces|widgets/ }, ...fault });
    const report = await restore(target);
    expect(report.items.filter(({ result }) => result === 'failed')).toEqual([]);
    expect(target.playground.faults.taken).toBeGreaterThan(0);
    expect(countsOf(await restore(target))).toEqual({ unchanged: app.length });
  });

  it('that lasts is an error of each object, which a second run puts right', async () => {
    const target = await openTarget();
    const when = { verb: 'create', resource: 'secrets' };
    const takeBack = target.playground.faults.add({ when, effect: { kind: 'refuse', code: 500 }, times: 999 });
    const report = await restore(target);
    expect(report).toMatchObject({ phase: 'PartiallyFailed', counts: { failed: 1 } });
    takeBack();
    expect(countsOf(await restore(target))).toEqual({ created: 1, unchanged: app.length - 1 });
  });

  it('whose lists expire ends with everything as it was', async () => {
    const target = await openTarget([], { pageLimit: 3 });
    await restore(target);
    target.playground.faults.add({ when: { verb: 'list', continued: true }, effect: { kind: 'expire' }, times: 2 });
    expect(countsOf(await restore(target))).toEqual({ unchanged: app.length });
    // This one, and the one that lasts.
    expectTried('restore, API server', faults.length + 2);
  });
});
