// The client against a real API server: set NOWWHAT_TEST_KUBECONFIG to a disposable cluster (kind, Minikube). It makes and removes its own namespace.
// NOWWHAT_TEST_IMAGE: an image with a shell and httpd, which the cluster can pull (default: busybox's).

import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  type ApiClient,
  type ApiResource,
  applyObject,
  attachToPod,
  captureInPod,
  connectToPod,
  createClient,
  createObject,
  createWatchCache,
  deleteObject,
  deleteObjects,
  discover,
  type Discovery,
  evictPod,
  findResource,
  getObject,
  isApiError,
  groupVersionOf,
  keyOf,
  leadWithLease,
  listAll,
  listPages,
  type MissingRule,
  patchObject,
  readConnection,
  readLogs,
  replaceObject,
  resourceOfKind,
  reviewAccess,
  reviewRules,
  type StoreChange,
  watchFrom,
} from '../../src/api/index.ts';
import { asArray, asObject, asString, type JsonObject, valueAt } from '../../src/model/index.ts';

const kubeconfig = process.env['NOWWHAT_TEST_KUBECONFIG'];
const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'busybox';
const namespace = `nowwhat-api-${Math.random().toString(36).slice(2, 8)}`;

let client: ApiClient;
let discovery: Discovery;
const clients: ApiClient[] = [];

function resource(name: string): ApiResource {
  const found = findResource(discovery, name);
  if (found === undefined) throw new Error(`the cluster serves no ${name}`);
  return found;
}

async function connected(path: string, more = {}): Promise<ApiClient> {
  const made = createClient(await readConnection({ path, environment: process.env, ...more }));
  clients.push(made);
  return made;
}

const configMap = (name: string, data: JsonObject = {}): JsonObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace, labels: { suite: 'api' } },
  data,
});

/** Creates an object of whatever kind. */
function create(object: JsonObject): Promise<JsonObject> {
  return createObject(
    client,
    resourceOfKind(discovery, asString(object['apiVersion']) ?? '', asString(object['kind']) ?? ''),
    object,
  );
}

describe.skipIf(kubeconfig === undefined)('the client and a real API server', { timeout: 300_000 }, () => {
  beforeAll(async () => {
    client = await connected(kubeconfig ?? '');
    discovery = await discover(client);
    await create({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  });

  afterAll(async () => {
    await deleteObject(client, resource('namespaces'), { name: namespace });
    await Promise.all(clients.map((each) => each.close()));
  });

  it('discovers the same by the aggregated and by the older way', async () => {
    const older = {
      ...client,
      request: (request: Parameters<ApiClient['request']>[0]) =>
        client.request({ ...request, accept: 'application/json' }),
    };
    const other = await discover(older);
    const nameOf = (each: ApiResource): string => `${groupVersionOf(each)}/${each.resource}`;
    // Within a group, definitions that are new stand in another order at first.
    const groups = ({ resources }: Discovery) => [...new Set(resources.map(groupVersionOf))];
    expect(groups(other)).toEqual(groups(discovery));
    const sorted = ({ resources }: Discovery) =>
      resources
        .filter(({ kind }) => kind !== '')
        .toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))
        .map((each) => ({
          ...each,
          verbs: each.verbs.toSorted(),
          subresources: each.subresources.map(({ name }) => name).toSorted(),
        }));
    expect(sorted(other)).toEqual(sorted(discovery));
    expect(resource('deploy')).toMatchObject({ group: 'apps', version: 'v1', namespaced: true });
    expect(resource('hpa.v2.autoscaling').version).toBe('v2');
  });

  it('lists in pages, selects, and reads back what it wrote', async () => {
    await Promise.all(
      Array.from({ length: 25 }, (_, n) => create(configMap(`page-${String(n).padStart(2, '0')}`, { n: String(n) }))),
    );
    const maps = resource('configmaps');
    const pages = [];
    for await (const page of listPages(client, maps, { namespace, labelSelector: 'suite=api', pageSize: 10 }))
      pages.push(page);
    expect(pages.map(({ items }) => items.length)).toEqual([10, 10, 5]);
    expect(pages[0]?.remaining ?? 15).toBe(15);
    expect(pages[0]?.items[0]).toMatchObject({ apiVersion: 'v1', kind: 'ConfigMap', data: { n: '0' } });
    const one = await listAll(client, maps, { namespace, fieldSelector: 'metadata.name=page-07' });
    expect(one.items).toHaveLength(1);
    await deleteObjects(client, maps, { namespace, labelSelector: 'suite=api' });
    expect((await listAll(client, maps, { namespace, labelSelector: 'suite=api' })).items).toEqual([]);
  });

  it('applies with managers, conflicts and force; dry runs store nothing', async () => {
    const maps = resource('configmaps');
    const name = { namespace, name: 'applied' };
    await applyObject(client, maps, configMap('applied', { a: '1', b: '1' }), { fieldManager: 'first' });
    await expect(
      applyObject(client, maps, configMap('applied', { a: '2' }), { fieldManager: 'second' }),
    ).rejects.toMatchObject({ status: 409, reason: 'Conflict' });
    await applyObject(client, maps, configMap('applied', { a: '2' }), {
      fieldManager: 'second',
      force: true,
      dryRun: true,
    });
    expect(await getObject(client, maps, name)).toMatchObject({ data: { a: '1', b: '1' } });
    await applyObject(client, maps, configMap('applied', { a: '2' }), { fieldManager: 'second', force: true });
    await applyObject(client, maps, configMap('applied', {}), { fieldManager: 'first' });
    const end = await getObject(client, maps, name);
    expect(end['data']).toEqual({ a: '2' });
    expect(asArray(valueAt(end, ['metadata', 'managedFields'])).map((each) => asObject(each)['manager'])).toContain(
      'second',
    );
  });

  it('patches in three ways, replaces only what is newest, deletes only what was meant', async () => {
    const maps = resource('configmaps');
    const first = await create(configMap('patched', { a: '1' }));
    const name = { namespace, name: 'patched' };
    await patchObject(client, maps, name, { type: 'json', body: [{ op: 'add', path: '/data/b', value: '2' }] });
    await patchObject(client, maps, name, { type: 'merge', body: { data: { a: null } } });
    const patched = await patchObject(client, maps, name, { type: 'strategic', body: { data: { c: '3' } } });
    expect(patched['data']).toEqual({ b: '2', c: '3' });
    await expect(replaceObject(client, maps, { ...first, data: {} })).rejects.toMatchObject({ status: 409 });
    expect((await replaceObject(client, maps, { ...patched, data: { d: '4' } }))['data']).toEqual({ d: '4' });
    await expect(
      deleteObject(client, maps, name, { uid: '00000000-0000-0000-0000-000000000000' }),
    ).rejects.toMatchObject({ status: 409 });
    await deleteObject(client, maps, name, { uid: asString(valueAt(first, ['metadata', 'uid'])) ?? '', dryRun: true });
    await deleteObject(client, maps, name, { uid: asString(valueAt(first, ['metadata', 'uid'])) ?? '' });
    await expect(getObject(client, maps, name)).rejects.toMatchObject({ status: 404, reason: 'NotFound' });
  });

  it('warns of unknown fields, and refuses them where that is wanted', async () => {
    const heard: string[] = [];
    const listening = createClient(client.connection, { onWarning: (each) => heard.push(each) });
    clients.push(listening);
    const odd = { ...configMap('odd'), unknownField: 1 };
    await createObject(listening, resource('configmaps'), odd, { dryRun: true });
    expect(heard).toEqual(['unknown field "unknownField"']);
    await expect(
      createObject(client, resource('configmaps'), odd, { fieldValidation: 'Strict' }),
    ).rejects.toMatchObject({ status: 400 });
  });

  it('watches what happens after a list', async () => {
    const maps = resource('configmaps');
    const { resourceVersion } = await listAll(client, maps, { namespace });
    const seen: string[] = [];
    const watching = (async () => {
      for await (const { type, object } of watchFrom(client, maps, {
        namespace,
        resourceVersion,
        labelSelector: 'suite=api',
      }))
        if (type !== 'BOOKMARK' && seen.push(`${type} ${asString(valueAt(object, ['metadata', 'name']))}`) === 3) break;
    })();
    await create(configMap('watched'));
    await patchObject(client, maps, { namespace, name: 'watched' }, { type: 'merge', body: { data: { a: 'b' } } });
    await deleteObject(client, maps, { namespace, name: 'watched' });
    await watching;
    expect(seen).toEqual(['ADDED watched', 'MODIFIED watched', 'DELETED watched']);
  });

  it('keeps a cache that knows what came, changed and went', async () => {
    const changes: string[] = [];
    const onChange = ({ type, key }: StoreChange) => key.endsWith('/cached') && changes.push(type);
    const indexes = {
      suite: (object: JsonObject) => [asString(valueAt(object, ['metadata', 'labels', 'suite'])) ?? ''],
    };
    const cache = createWatchCache({ client, resource: resource('configmaps'), namespace, indexes, onChange });
    const stop = new AbortController();
    const running = cache.run(stop.signal);
    await cache.filled;
    await create(configMap('cached'));
    await expect.poll(() => cache.store.find('suite', 'api').map(keyOf)).toContain(`${namespace}/cached`);
    await patchObject(
      client,
      resource('configmaps'),
      { namespace, name: 'cached' },
      { type: 'merge', body: { data: { a: 'b' } } },
    );
    await deleteObject(client, resource('configmaps'), { namespace, name: 'cached' });
    await expect.poll(() => changes).toEqual(['added', 'changed', 'removed']);
    stop.abort();
    await running;
  });

  it('leads with one of two candidates, and hands on', async () => {
    const terms: string[] = [];
    const candidate = (identity: string) => {
      const stop = new AbortController();
      const lead = (signal: AbortSignal) => {
        terms.push(identity);
        return new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      };
      const running = leadWithLease(
        { client, namespace, name: 'nowwhat', identity, lead, retryPeriod: 200 },
        stop.signal,
      );
      return { stop, running };
    };
    const a = candidate('a');
    await expect.poll(() => terms).toEqual(['a']);
    const b = candidate('b');
    await new Promise((resolve) => setTimeout(resolve, 1000));
    a.stop.abort();
    await a.running;
    await expect.poll(() => terms).toEqual(['a', 'b']);
    b.stop.abort();
    await b.running;
    const lease = await getObject(client, resource('leases'), { namespace, name: 'nowwhat' });
    expect(lease['spec']).toMatchObject({ holderIdentity: '', leaseTransitions: 1 });
  });

  it('leaves out managedFields where they are not wanted', async () => {
    await create(configMap('bare', { managedFields: 'mine' }));
    const { items } = await listAll(client, resource('configmaps'), {
      namespace,
      fieldSelector: 'metadata.name=bare',
      omitManagedFields: true,
    });
    expect(items).toMatchObject([{ kind: 'ConfigMap', data: { managedFields: 'mine' }, metadata: { name: 'bare' } }]);
    expect(items[0]?.['metadata']).not.toHaveProperty('managedFields');
  });

  describe('as a user without rights', () => {
    let user: ApiClient;

    beforeAll(async () => {
      await create({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'nobody', namespace } });
      const answer = await client.request({
        method: 'POST',
        path: `/api/v1/namespaces/${namespace}/serviceaccounts/nobody/token`,
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds: 600 } },
      });
      const token = asString(valueAt(answer, ['status', 'token'])) ?? '';
      const credentials = { current: async () => ({ token }), renew: async () => false };
      user = createClient({ ...client.connection, credentials });
      clients.push(user);
    });

    async function refusedRule(run: () => Promise<unknown>): Promise<MissingRule> {
      const error = await run().then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      if (!isApiError(error, 403) || error.missingRule === undefined)
        throw new Error('was not refused', { cause: error });
      return error.missingRule;
    }

    it('the rule that a refusal names is enough, and grants no more', async () => {
      await create(configMap('one', { a: 'b' }));
      await create(configMap('two', { a: 'b' }));
      const read = (name: string) => getObject(user, resource('configmaps'), { namespace, name });
      const { namespace: at, ...rule } = await refusedRule(() => read('one'));
      expect(at).toBe(namespace);
      const kinds = { apiVersion: 'rbac.authorization.k8s.io/v1', metadata: { name: 'granted', namespace } };
      await create({ ...kinds, kind: 'Role', rules: [rule as JsonObject] });
      const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'granted' };
      await create({
        ...kinds,
        kind: 'RoleBinding',
        roleRef,
        subjects: [{ kind: 'ServiceAccount', name: 'nobody', namespace }],
      });
      await expect
        .poll(() => read('one').catch(() => undefined), { timeout: 60_000 })
        .toMatchObject({ data: { a: 'b' } });
      expect(await refusedRule(() => read('two'))).toMatchObject({ resourceNames: ['two'] });
      expect(
        await reviewAccess(user, { verb: 'get', group: '', resource: 'configmaps', namespace, name: 'one' }),
      ).toMatchObject({ allowed: true });
      expect(
        await reviewAccess(user, { verb: 'get', group: '', resource: 'configmaps', namespace, name: 'two' }),
      ).toMatchObject({ allowed: false });
      const { rules } = await reviewRules(user, namespace);
      expect(rules).toContainEqual({
        verbs: ['get'],
        apiGroups: [''],
        resources: ['configmaps'],
        resourceNames: ['one'],
        nonResourceURLs: [],
      });
    });

    it('each kind of request names its rule', async () => {
      const pods = resource('pods');
      expect(await refusedRule(() => listAll(user, pods))).toEqual({
        verbs: ['list'],
        apiGroups: [''],
        resources: ['pods'],
      });
      expect(await refusedRule(() => watchFrom(user, pods, { namespace, resourceVersion: '0' }).next())).toMatchObject({
        verbs: ['watch'],
        namespace,
      });
      expect(await refusedRule(() => user.requestText({ path: '/metrics' }))).toEqual({
        verbs: ['get'],
        nonResourceURLs: ['/metrics'],
      });
      expect(await refusedRule(() => createObject(user, resource('configmaps'), configMap('x')))).not.toHaveProperty(
        'resourceNames',
      );
      const exec = await refusedRule(() => captureInPod(user, { namespace, pod: 'web', command: ['true'] }));
      expect(exec).toMatchObject({ resources: ['pods/exec'], resourceNames: ['web'], namespace });
    });

    it('acting as somebody else asks for the right to impersonate', async () => {
      const acting = createClient({ ...user.connection, impersonate: { user: 'system:admin' } });
      clients.push(acting);
      expect(await refusedRule(() => acting.request({ path: '/version' }))).toMatchObject({
        verbs: ['impersonate'],
        resources: ['users'],
      });
      const admin = createClient({
        ...client.connection,
        impersonate: { user: 'müller', groups: ['ops', 'dev'], uid: '7', extra: { 'Acme/Project': ['a', 'b'] } },
      });
      clients.push(admin);
      const review = await admin.request({
        method: 'POST',
        path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
        body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      });
      expect(valueAt(review, ['status', 'userInfo'])).toMatchObject({
        username: 'müller',
        uid: '7',
        groups: ['ops', 'dev', 'system:authenticated'],
        extra: { 'acme/project': ['a', 'b'] },
      });
    });
  });

  describe('with a pod that runs', () => {
    const script =
      'echo started; mkdir -p /tmp/w; echo hello > /tmp/w/index.html; httpd -p 8080 -h /tmp/w; while true; do echo tick; sleep 1; done';
    const at = { namespace, pod: 'web' };

    beforeAll(async () => {
      const container = { name: 'app', image, imagePullPolicy: 'IfNotPresent', command: ['sh', '-c', script] };
      await create({
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'web', namespace, labels: { app: 'web' } },
        spec: { terminationGracePeriodSeconds: 0, containers: [container] },
      });
      const ready = async () => {
        const pod = await getObject(client, resource('pods'), { namespace, name: 'web' });
        return asArray(valueAt(pod, ['status', 'conditions'])).some(
          (each) => asObject(each)['type'] === 'Ready' && asObject(each)['status'] === 'True',
        );
      };
      await vi.waitUntil(ready, { timeout: 240_000, interval: 500 });
    });

    it('runs commands: outputs, input with its end, exit codes, a terminal', async () => {
      const run = (command: string, stdin?: string) =>
        captureInPod(client, { ...at, command: ['sh', '-c', command], ...(stdin === undefined ? {} : { stdin }) });
      expect(await run('echo out; echo err >&2; exit 3')).toEqual({ exitCode: 3, stdout: 'out\n', stderr: 'err\n' });
      expect((await run('wc -c', 'x'.repeat(1_000_000))).stdout.trim()).toBe('1000000');
      expect((await run('head -c 5000000 /dev/zero')).stdout).toHaveLength(5_000_000);
      await expect(captureInPod(client, { ...at, command: ['/no/such/program'] })).rejects.toMatchObject({
        code: expect.stringContaining('cluster-'),
      });
      await expect(captureInPod(client, { ...at, container: 'other', command: ['true'] })).rejects.toMatchObject({
        status: 400,
      });
    });

    it('reads logs, whole and as they are written', async () => {
      const lines: string[] = [];
      for await (const line of readLogs(client, { ...at, follow: true })) if (lines.push(line) === 3) break;
      expect(lines).toEqual(['started', 'tick', 'tick']);
      const last: string[] = [];
      for await (const line of readLogs(client, { ...at, tailLines: 1, timestamps: true })) last.push(line);
      expect(last).toEqual([expect.stringMatching(/^20\d\d-.+Z tick$/)]);
    });

    it('attaches', async () => {
      const stdout = new PassThrough();
      const stop = new AbortController();
      const attached = attachToPod(client, { ...at, stdout, signal: stop.signal }).catch((error: unknown) => error);
      const [chunk] = (await Promise.race([
        stdout
          .iterator()
          .next()
          .then(({ value }) => [value as Buffer]),
        attached.then((error) => {
          throw error;
        }),
      ])) as [Buffer];
      expect(chunk.toString()).toContain('tick');
      stop.abort(new Error('enough'));
      expect(await attached).toMatchObject({ message: 'enough' });
    });

    it('connects to its ports', async () => {
      const stream = await connectToPod(client, { ...at, port: 8080 });
      stream.write('GET / HTTP/1.0\r\n\r\n');
      expect(await text(stream)).toMatch(/^HTTP\/1\.[01] 200 OK[^]*hello\n$/);
      const closed = await connectToPod(client, { ...at, port: 81 });
      await expect(text(closed)).rejects.toMatchObject({
        code: 'cluster-refused',
        message: expect.stringContaining('port 81'),
      });
    });

    it('evicts it only where its disruption budget permits', async () => {
      await create({
        apiVersion: 'policy/v1',
        kind: 'PodDisruptionBudget',
        metadata: { name: 'web', namespace },
        spec: { minAvailable: 1, selector: { matchLabels: { app: 'web' } } },
      });
      const budgets = resource('poddisruptionbudgets');
      const observed = async () =>
        valueAt(await getObject(client, budgets, { namespace, name: 'web' }), ['status', 'observedGeneration']);
      await expect.poll(observed).toBe(1);
      await expect(evictPod(client, { namespace, name: 'web' })).rejects.toMatchObject({ status: 429 });
      await deleteObject(client, budgets, { namespace, name: 'web' });
      await expect
        .poll(
          () =>
            evictPod(client, { namespace, name: 'web' }).then(
              () => true,
              () => false,
            ),
          { timeout: 60_000 },
        )
        .toBe(true);
    });
  });
});
