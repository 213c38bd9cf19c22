import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import { findConnections, ingressController, portWords } from '../../reachability/index.ts';
import { type Inferred, inferPolicies } from '../index.ts';
import { documents, evidenceOf, type Given, service, variables, workload } from './evidence-builder.ts';

function infer(yaml: string, given: Given = {}): Inferred {
  return inferPolicies(evidenceOf(yaml, given));
}

function specOf({ policies }: Inferred, name: string): JsonObject {
  const found = policies.find((policy) => policy.name === name);
  expect(found, name).toBeDefined();
  return asObject(found?.raw['spec']);
}

function isDns({ ports }: JsonObject): boolean {
  return asArray(ports).some((port) => asObject(port)['port'] === 53);
}

/** But for DNS, which is in every policy. */
function rules(inferred: Inferred, name: string, direction: 'ingress' | 'egress'): JsonObject[] {
  return asArray(specOf(inferred, name)[direction])
    .map(asObject)
    .filter((rule) => !isDns(rule));
}

const tcp = (port: number): JsonObject => ({ protocol: 'TCP', port });
const pods = (matchLabels: Record<string, string>): JsonObject => ({ podSelector: { matchLabels } });
const anywhere = [{ ipBlock: { cidr: '0.0.0.0/0' } }, { ipBlock: { cidr: '::/0' } }];

const shop = documents(
  workload({ name: 'web', container: variables({ DB_HOST: 'db', DB_PORT: '5432' }) }),
  workload({ name: 'db' }),
  service('db', { ports: [{ port: 5432, targetPort: 15_432 }] }),
);

describe('policies from declared calls', () => {
  it('close each namespace in both directions, and hold each workload, with DNS open over UDP and TCP', () => {
    const inferred = infer(documents(shop, workload({ name: 'other', namespace: 'lab' })));
    expect(inferred.policies.map(({ namespace, name }) => `${namespace}/${name}`)).toEqual([
      'default/db',
      'default/web',
      'default/default-deny',
      'lab/other',
      'lab/default-deny',
    ]);
    expect(specOf(inferred, 'default-deny')).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
    const dns = asArray(specOf(inferred, 'other')['egress']);
    expect(dns).toEqual([
      {
        to: [
          {
            namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } },
            podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } },
          },
          { ipBlock: { cidr: '169.254.20.10/32' } },
        ],
        ports: [tcp(53), { protocol: 'UDP', port: 53 }],
      },
    ]);
  });

  it('open the port of the pods, not that of the Service', () => {
    const inferred = infer(shop);
    expect(rules(inferred, 'db', 'ingress')).toEqual([{ from: [pods({ app: 'web' })], ports: [tcp(15_432)] }]);
    expect(rules(inferred, 'web', 'egress')).toEqual([{ to: [pods({ app: 'db' })], ports: [tcp(15_432)] }]);
    expect(inferred.proof).toMatchObject({ connections: 1, kept: 1, cut: [], surplus: [], metadataClosed: true });
  });

  it('name the namespace of peers elsewhere, and only where the app names one itself the own', () => {
    const yaml = documents(
      workload({ name: 'web', container: variables({ DB_URL: 'postgres://db.data:5432/x' }) }),
      workload({ name: 'db', namespace: 'data' }),
      service('db', { ports: [{ port: 5432 }] }, 'data'),
    );
    const inferred = infer(yaml);
    const elsewhere = { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } } };
    expect(rules(inferred, 'web', 'egress')[0]?.['to']).toEqual([{ ...elsewhere, ...pods({ app: 'db' }) }]);
    const namespaces = inferred.policies.map(({ raw }) => asObject(raw['metadata'])['namespace']);
    expect(new Set(namespaces)).toEqual(new Set([undefined, 'data']));
    expect(inferred.proof).toMatchObject({ connections: 1, kept: 1 });
  });

  it('keep two releases of one chart apart', () => {
    const chart = (release: string): Record<string, string> => ({
      'app.kubernetes.io/name': 'redis',
      'app.kubernetes.io/instance': release,
    });
    const yaml = documents(
      workload({ name: 'web', container: variables({ CACHE_ADDR: 'cart-redis:6379' }) }),
      workload({ name: 'cart-redis', labels: chart('cart') }),
      workload({ name: 'mail-redis', labels: chart('mail') }),
      service('cart-redis', { selector: chart('cart'), ports: [{ port: 6379 }] }),
    );
    const inferred = infer(yaml);
    expect(rules(inferred, 'web', 'egress')[0]?.['to']).toEqual([pods(chart('cart'))]);
    expect(inferred.proof.surplus).toEqual([]);
    expect(inferred.policies.some(({ name }) => name === 'mail-redis')).toBe(true);
  });

  it('hold CronJobs and Jobs, and tell of those in the network of their node', () => {
    const yaml = documents(
      shop,
      workload({ name: 'report', kind: 'CronJob', container: variables({ DB_URL: 'postgres://db:5432/x' }) }),
      workload({ name: 'agent', spec: { hostNetwork: true } }),
    );
    const inferred = infer(yaml);
    expect(rules(inferred, 'db', 'ingress')[0]?.['from']).toEqual([pods({ app: 'report' }), pods({ app: 'web' })]);
    expect(rules(inferred, 'report', 'egress')).toHaveLength(1);
    expect(inferred.notHeld.map(({ object }) => object.name)).toEqual(['agent']);
    expect(inferred.policies.some(({ name }) => name === 'agent')).toBe(false);
  });

  it('keep the doors: load balancers, ingress controllers by class, collectors of metrics, webhooks', () => {
    const yaml = documents(
      workload({
        name: 'web',
        container: {
          ports: [
            { name: 'http', containerPort: 8080 },
            { name: 'metrics', containerPort: 9090 },
          ],
        },
      }),
      service('web', { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 'http' }] }),
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'Ingress',
        metadata: { name: 'web' },
        spec: { ingressClassName: 'nginx', defaultBackend: { service: { name: 'web', port: { number: 80 } } } },
      }),
      JSON.stringify({
        apiVersion: 'monitoring.coreos.com/v1',
        kind: 'PodMonitor',
        metadata: { name: 'web' },
        spec: { selector: { matchLabels: { app: 'web' } }, podMetricsEndpoints: [{ port: 'metrics' }] },
      }),
      workload({ name: 'hook' }),
      service('hook', { ports: [{ port: 443, targetPort: 9443 }] }),
      JSON.stringify({
        apiVersion: 'admissionregistration.k8s.io/v1',
        kind: 'ValidatingWebhookConfiguration',
        metadata: { name: 'hook' },
        webhooks: [{ name: 'a.b.c', clientConfig: { service: { namespace: 'default', name: 'hook' } } }],
      }),
    );
    const inferred = infer(yaml);
    const nginx = { namespaceSelector: {}, ...pods({ 'app.kubernetes.io/name': 'ingress-nginx' }) };
    const prometheus = { namespaceSelector: {}, ...pods({ 'app.kubernetes.io/name': 'prometheus' }) };
    expect(rules(inferred, 'web', 'ingress')).toEqual([
      { from: [nginx, ...anywhere], ports: [tcp(8080)] },
      { from: [prometheus], ports: [tcp(9090)] },
    ]);
    expect(rules(inferred, 'hook', 'ingress')).toEqual([{ from: anywhere, ports: [tcp(9443)] }]);
    expect(inferred.proof).toMatchObject({ connections: 4, kept: 4 });
    expect(inferred.decisions.map(({ about }) => about)).toEqual([
      'ingress controller ingress-nginx → default/web, TCP 8080',
      'Prometheus → default/web, TCP 9090',
      'API server → default/hook, TCP 9443',
    ]);
  });

  it('open for the controller that serves the class, and for all that may where nobody tells', () => {
    const controller = (namespace: string, args: readonly string[]): string =>
      workload({
        name: 'controller',
        namespace,
        labels: { 'app.kubernetes.io/name': 'ingress-nginx' },
        container: { image: 'registry.k8s.io/ingress-nginx/controller:v1.13.3', args: [...args] },
      });
    const ingressClass = (name: string): string =>
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'IngressClass',
        metadata: { name },
        spec: { controller: `example.com/${name}` },
      });
    const app = (name: string, ingressClassName: string): string =>
      documents(
        workload({ name }),
        service(name, { ports: [{ port: 80, targetPort: 8080 }] }),
        JSON.stringify({
          apiVersion: 'networking.k8s.io/v1',
          kind: 'Ingress',
          metadata: { name },
          spec: { ingressClassName, defaultBackend: { service: { name, port: { number: 80 } } } },
        }),
      );
    const cluster = documents(
      controller('edge', ['--controller-class=example.com/public']),
      controller('office', ['--controller-class=example.com/internal']),
      ingressClass('public'),
      ingressClass('internal'),
    );
    const both = documents(cluster, app('shop', 'public'), app('desk', 'internal'));
    const place = (namespace: string): JsonObject => ({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } },
      ...pods({ 'app.kubernetes.io/name': 'ingress-nginx' }),
    });
    const inferred = infer(both, { isLive: true });
    expect(rules(inferred, 'shop', 'ingress')).toEqual([{ from: [place('edge')], ports: [tcp(8080)] }]);
    expect(rules(inferred, 'desk', 'ingress')).toEqual([{ from: [place('office')], ports: [tcp(8080)] }]);
    expect(inferred.decisions).toEqual([]);
    expect(inferred.proof.cut).toEqual([]);

    // The engine says the same of the policies that were written.
    const written = inferred.policies.map(({ raw }) => JSON.stringify(raw));
    const { inventory } = evidenceOf(documents(both, ...written), { isLive: true });
    const found = findConnections(inventory);
    const led = [...found.edges()].filter(({ from }) => from === ingressController);
    expect(led.map(({ to, ports }) => `${to}: ${portWords(ports.sure)}`)).toEqual([
      'default/desk[Deployment]: TCP 8080',
      'default/shop[Deployment]: TCP 8080',
    ]);
    const workloads = ['edge', 'office'].map((name) => found.workload(`${name}/controller[Deployment]`));
    const open = workloads.map((from) =>
      ['shop', 'desk'].map((name) => {
        const to = found.workload(`default/${name}[Deployment]`);
        return from === undefined || to === undefined ? 'missing' : portWords(found.between(from, to).possible);
      }),
    );
    expect(open).toEqual([
      ['TCP 8080', 'nothing'],
      ['nothing', 'TCP 8080'],
    ]);

    const unseen = infer(documents(cluster, app('shop', 'gone')), { isLive: true });
    expect(rules(unseen, 'shop', 'ingress')[0]?.['from']).toEqual([place('edge'), place('office')]);
    expect(unseen.decisions.map(({ done }) => done)).toEqual([
      'class "gone" may be served by any of edge/controller, office/controller: opened for each of them',
    ]);
    const told = infer(both, { isLive: true, answers: ['ingress:public=front/app=proxy'] });
    expect(rules(told, 'shop', 'ingress')[0]?.['from']).toEqual([
      {
        namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'front' } },
        ...pods({ app: 'proxy' }),
      },
    ]);
    expect(rules(told, 'desk', 'ingress')[0]?.['from']).toEqual([place('office')]);
  });

  it('ask whoever has rights on the API for its addresses, and use them where they are known', () => {
    const yaml = documents(
      workload({ name: 'web', spec: { serviceAccountName: 'web' } }),
      JSON.stringify({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata: { name: 'web' },
        roleRef: { kind: 'ClusterRole', name: 'view' },
        subjects: [{ kind: 'ServiceAccount', name: 'web' }],
      }),
    );
    expect(infer(yaml).decisions).toHaveLength(1);
    const known = infer(yaml, { api: { addresses: ['10.0.0.5', 'fd00::5'], ports: [6443] } });
    expect(known.decisions).toEqual([]);
    expect(rules(known, 'web', 'egress')).toEqual([
      { to: [{ ipBlock: { cidr: '10.0.0.5/32' } }, { ipBlock: { cidr: 'fd00::5/128' } }], ports: [tcp(6443)] },
    ]);
    const closed = yaml.replace(
      '"serviceAccountName":"web"',
      '"serviceAccountName":"web","automountServiceAccountToken":false',
    );
    expect(rules(infer(closed), 'web', 'egress')).toEqual([]);
  });

  it('let pods of one set talk to each other where there are several', () => {
    const set = (replicas: number): string =>
      workload({ name: 'db', kind: 'StatefulSet' }).replace(
        '"spec":{"selector"',
        `"spec":{"replicas":${replicas},"selector"`,
      );
    const headless = service('db', { clusterIP: 'None', ports: [{ port: 7000 }] });
    expect(rules(infer(documents(set(3), headless)), 'db', 'ingress')).toEqual([
      { from: [pods({ app: 'db' })], ports: [tcp(7000)] },
    ]);
    expect(rules(infer(documents(set(1), headless)), 'db', 'ingress')).toEqual([]);
  });

  it('tell what nobody is known to call, and keep it where the user wants that', () => {
    const hidden = documents(shop.replace('DB_HOST', 'NAME'), workload({ name: 'x' }));
    expect(infer(hidden).uncalled).toEqual([{ service: 'default/db', workload: 'default/db', port: 'TCP 15432' }]);
    expect(infer(shop).uncalled).toEqual([]);
    expect(infer(hidden).leftOpen).toEqual([]);
    const kept = infer(hidden, { keepsUncalled: true });
    expect([kept.uncalled, kept.leftOpen]).toEqual([[], infer(hidden).uncalled]);
    expect(kept.proof).toMatchObject({ connections: 1, kept: 1, cut: [] });
    expect(rules(kept, 'db', 'ingress')[0]?.['from']).toEqual([{ podSelector: {} }]);
    expect(specOf(kept, 'calls-not-known')['podSelector']).toEqual({});
  });

  it('open the API server for whoever may have rights that the input does not show', () => {
    const called = (yaml: string, given: Given = {}) => infer(yaml, given).needs.flatMap(({ why }) => why);
    const named = workload({ name: 'web', spec: { serviceAccountName: 'robot' } });
    const account = JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } });
    expect(called(named)[0]).toBe('account "robot" is not in the input, and may have rights');
    expect(called(documents(named, account))).toEqual([]);
    expect(called(named, { isLive: true })).toEqual([]);
    expect(called(workload({ name: 'web', container: { image: 'bitnami/kubectl:1' } }))[0]).toContain(
      'speak of the API',
    );
    const closed = workload({
      name: 'web',
      spec: { serviceAccountName: 'robot', automountServiceAccountToken: false },
    });
    expect(called(closed)).toEqual([]);
  });

  it('take a name of two words for a Service of another namespace, unless its last word is a domain', () => {
    const called = (host: string) =>
      infer(workload({ name: 'web', container: variables({ OTLP_URL: `grpc://${host}:4317` }) }));
    const inside = called('collector.observability');
    expect(rules(inside, 'web', 'egress')).toEqual([
      {
        to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'observability' } } }],
        ports: [{ protocol: 'TCP' }],
      },
    ]);
    expect(inside.decisions[0]?.done).toContain('taken for a Service of namespace "observability"');
    for (const host of ['example.com', 'printer.local', 'a.b.observability', 'acme.io'])
      expect(asArray(rules(called(host), 'web', 'egress')[0]?.['to'])[0], host).toHaveProperty('ipBlock');
  });

  it('tell a Service by its ports, and not what is behind nobody', () => {
    const client = workload({ name: 'web', container: variables({ DB_ADDR: 'db:80' }) });
    const both = service('db', {
      ports: [
        { name: 'a', port: 80 },
        { name: 'b', port: 53, protocol: 'UDP' },
      ],
    });
    const uncalled = (...parts: string[]) => infer(documents(...parts)).uncalled.map(({ port }) => port);
    expect(uncalled(client, workload({ name: 'db' }), both)).toEqual(['UDP 53']);
    expect(uncalled(workload({ name: 'db' }), both)).toEqual(['TCP 80', 'UDP 53']);
    const named = service('db', { ports: [{ port: 80, targetPort: 'nobody' }] });
    expect(uncalled(workload({ name: 'db' }), named)).toEqual([]);
    expect(uncalled(workload({ name: 'db', spec: { hostNetwork: true } }), both)).toEqual([]);
  });

  it('open the API server to pods that ask for a token of their own, whatever the account says', () => {
    const volumes = [{ name: 't', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } }];
    const bound = (spec: JsonObject) =>
      documents(
        workload({ name: 'web', spec: { serviceAccountName: 'robot', automountServiceAccountToken: false, ...spec } }),
        JSON.stringify({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'robot' } }),
        JSON.stringify({
          apiVersion: 'rbac.authorization.k8s.io/v1',
          kind: 'RoleBinding',
          metadata: { name: 'robot' },
          roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'robot' },
          subjects: [{ kind: 'ServiceAccount', name: 'robot' }],
        }),
      );
    expect(infer(bound({})).needs).toEqual([]);
    expect(infer(bound({ volumes })).needs.map(({ port, isDeclared }) => [port, isDeclared])).toEqual([
      [443, true],
      [6443, true],
    ]);
  });

  const hookService = { namespace: 'default', name: 'hook', port: 8443 };
  const conversion = { strategy: 'Webhook', webhook: { clientConfig: { service: hookService } } };

  it.each([
    ['apiregistration.k8s.io/v1', 'APIService', { service: hookService }],
    ['apiextensions.k8s.io/v1', 'CustomResourceDefinition', { conversion }],
  ])('let the API server call what %s %s names, from where it is told to be', (apiVersion, kind, spec) => {
    const hook = JSON.stringify({ apiVersion, kind, metadata: { name: 'x' }, spec });
    const behind = service('hook', { ports: [{ port: 8443, targetPort: 9443 }] });
    const app = documents(workload({ name: 'hook' }), behind, hook);
    const open = infer(app);
    expect(rules(open, 'hook', 'ingress')).toEqual([{ from: anywhere, ports: [tcp(9443)] }]);
    expect(open.decisions[0]?.done).toContain(`${kind} "x" from is not known`);
    const told = infer(app, { answers: ['api-server=10.0.0.1'] });
    const from = [{ ipBlock: { cidr: '10.0.0.1/32' } }];
    expect(rules(told, 'hook', 'ingress')).toEqual([{ from, ports: [tcp(9443)] }]);
    expect(told.decisions).toEqual([]);
  });

  it('do not take a collector of metrics for one who needs the Service', () => {
    const marks = '"annotations":{"prometheus.io/scrape":"true","prometheus.io/port":"80"}';
    const scraped = workload({ name: 'db' }).replace('"template":{"metadata":{', `"template":{"metadata":{${marks},`);
    const inferred = infer(documents(scraped, service('db', { ports: [{ port: 80 }] })));
    expect(inferred.uncalled).toMatchObject([{ service: 'default/db', port: 'TCP 80' }]);
    expect(rules(inferred, 'db', 'ingress')).toHaveLength(1);
  });

  it('tell what they cannot keep: a Service that is not in the input', () => {
    const inferred = infer(workload({ name: 'web', container: variables({ DB_ADDR: 'db:5432' }) }));
    expect(inferred.proof).toMatchObject({ connections: 1, kept: 0 });
    expect(inferred.proof.cut).toMatchObject([{ from: 'default/web', to: 'default/db', port: 'TCP 5432' }]);
  });

  it('find the pods behind a Service of another namespace by what the Service finds them by, at their own port', () => {
    const evidence = evidenceOf(workload({ name: 'web', container: variables({ DB_ADDR: 'db.data.svc:5432' }) }));
    const strange = (targetPort: number | string) =>
      createInventory(snapshotOf(service('db', { ports: [{ port: 5432, targetPort }] }, 'data'))).ofKind('/Service');
    const to = [
      { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'data' } }, ...pods({ app: 'db' }) },
    ];
    const known = inferPolicies({ ...evidence, services: strange(15_432) });
    expect(rules(known, 'web', 'egress')).toEqual([{ to, ports: [tcp(15_432)] }]);
    expect(known.proof).toMatchObject({ connections: 1, kept: 1 });
    const named = inferPolicies({ ...evidence, services: strange('sql') });
    expect(rules(named, 'web', 'egress')).toEqual([{ to, ports: [{ protocol: 'TCP' }] }]);
    expect(named.decisions.map(({ done }) => done)).toEqual(['nobody told the port: all ports are opened']);
  });

  it('ask for labels where these do not tell workloads apart', () => {
    const yaml = documents(
      shop,
      workload({ name: 'twin', labels: { app: 'web' } }),
      workload({ name: 'nightly', labels: {}, kind: 'CronJob' }),
    );
    expect(infer(yaml).decisions.map(({ about, done }) => `${about}: ${done}`)).toEqual([
      'Deployment default/web: its labels are those of Deployment default/twin too: a policy for one holds all',
      'Deployment default/twin: its labels are those of Deployment default/web too: a policy for one holds all',
      'CronJob default/nightly: its pods have no label to find them by: its policy holds others without labels too',
    ]);
  });

  it('tell which policy of the user keeps the metadata service open', () => {
    const open = JSON.stringify({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'NetworkPolicy',
      metadata: { name: 'open' },
      spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Egress'], egress: [{}] },
    });
    expect(infer(documents(shop, open)).proof).toMatchObject({
      metadataClosed: false,
      metadataOpen: [{ workload: 'default/db', policies: ['default/open'] }],
    });
  });

  it('leave policies of the user alone, and take names that these have not', () => {
    const policy = (name: string, labels = {}): string =>
      JSON.stringify({
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name, labels },
        spec: { podSelector: {} },
      });
    const names = (inferred: Inferred): string[] => inferred.policies.map(({ name }) => name);
    expect(names(infer(documents(shop, policy('web'))))).toContain('web-network');
    expect(names(infer(documents(shop, policy('web', { 'app.kubernetes.io/managed-by': 'nowwhat' }))))).toContain(
      'web',
    );
  });
});

describe('policies to outside', () => {
  const payments = workload({ name: 'web', container: variables({ PAY_URL: 'https://pay.example.com' }) });

  it('open a host name to every address on its port, never to the metadata service, and ask', () => {
    const inferred = infer(payments);
    const [rule] = rules(inferred, 'web', 'egress');
    expect(rule?.['ports']).toEqual([tcp(443)]);
    expect(asArray(rule?.['to']).map((peer) => asObject(asObject(peer)['ipBlock']))).toMatchObject([
      { cidr: '0.0.0.0/0', except: expect.arrayContaining(['169.254.0.0/16']) },
      { cidr: '::/0', except: expect.arrayContaining(['fd00:ec2::254/128']) },
    ]);
    expect(inferred.proof.metadataClosed).toBe(true);
    expect(inferred.decisions.map(({ advice }) => advice)).toEqual([
      'Give the addresses behind it: --peer pay.example.com=203.0.113.0/24',
    ]);
  });

  it('open only the addresses that the user names', () => {
    const inferred = infer(payments, { answers: ['pay.example.com=203.0.113.9,2001:db8::9'] });
    expect(rules(inferred, 'web', 'egress')[0]?.['to']).toEqual([
      { ipBlock: { cidr: '203.0.113.9/32' } },
      { ipBlock: { cidr: '2001:db8::9/128' } },
    ]);
    expect(inferred.decisions).toEqual([]);
  });
});

describe('policies from observed traffic', () => {
  const from = { namespace: 'default', workload: { name: 'web' } };
  const see = (flow: Given['flows'], yaml = shop): Inferred => infer(yaml, { flows: flow ?? [] });

  it('write addresses of IPv4 with 32 bits and of IPv6 with 128', () => {
    const inferred = see([
      { from, to: { address: '198.51.100.7' }, port: 443 },
      { from, to: { address: '2001:db8::1' }, port: 443 },
    ]);
    expect(rules(inferred, 'web', 'egress')[0]).toEqual({
      to: [{ ipBlock: { cidr: '198.51.100.7/32' } }, { ipBlock: { cidr: '2001:db8::1/128' } }],
      ports: [tcp(443)],
    });
  });

  it('find the port behind the Service that was seen to be called', () => {
    const yaml = documents(
      workload({ name: 'web' }),
      workload({ name: 'db' }),
      service('db', { ports: [{ port: 5432, targetPort: 15_432 }] }),
    );
    const inferred = see([{ from, to: { namespace: 'default', service: 'db' }, port: 5432 }], yaml);
    expect(rules(inferred, 'web', 'egress')).toEqual([{ to: [pods({ app: 'db' })], ports: [tcp(15_432)] }]);
    expect(inferred.proof.notDeclared).toHaveLength(1);
  });

  it('keep a connection to an address whose port nobody told', () => {
    const inferred = see([{ from, to: { address: '198.51.100.7' } }]);
    expect(rules(inferred, 'web', 'egress')).toContainEqual({
      to: [{ ipBlock: { cidr: '198.51.100.7/32' } }],
      ports: [{ protocol: 'TCP' }],
    });
    expect(inferred.proof).toMatchObject({ connections: 2, kept: 2 });
  });

  it('need nothing for what happens within a pod, under any address of it', () => {
    const loopback = ['127.0.0.1', '127.0.0.53', '::1'].map((address) => ({ from, to: { address }, port: 8080 }));
    const own = { from: { ...from, address: '10.0.0.9' }, to: { address: '10.0.0.9' }, port: 8080 };
    expect(see([...loopback, own]).proof.connections).toBe(1);
  });

  it('let UDP in that was seen to come in', () => {
    const inferred = see([
      {
        from: { address: '198.51.100.9' },
        to: { namespace: 'default', workload: { name: 'db' } },
        protocol: 'UDP',
        port: 9999,
      },
    ]);
    expect(rules(inferred, 'db', 'ingress')).toContainEqual({
      from: [{ ipBlock: { cidr: '198.51.100.9/32' } }],
      ports: [{ protocol: 'UDP', port: 9999 }],
    });
  });

  it('take nothing for a need that was refused or never answered', () => {
    const to = { address: '198.51.100.7' };
    const inferred = see([
      { from, to, port: 443, outcome: 'dropped' },
      { from, to, port: 444, outcome: 'attempted' },
    ]);
    expect(inferred.proof.connections).toBe(1);
  });

  it('keep the metadata service closed to whoever was seen to use it, and say so', () => {
    const inferred = see([{ from, to: { address: '169.254.169.254' }, port: 80 }]);
    expect(inferred.proof).toMatchObject({ connections: 2, kept: 1, metadataClosed: true });
    expect(inferred.proof.cut[0]?.why).toContain('metadata');
  });

  it('tell what is declared and was never seen', () => {
    const inferred = see([{ from, to: { address: '198.51.100.7' }, port: 443 }]);
    expect(inferred.proof.neverSeen.map(({ from: caller, to }) => `${caller} ${to}`)).toEqual([
      'default/web default/db',
    ]);
    expect(inferred.proof.unseen).toEqual(['default/db']);
    expect(infer(shop).proof).toMatchObject({ neverSeen: [], unseen: [] });
  });

  it('tell what one policy lets through that nobody needs, where labels do not tell workloads apart', () => {
    const yaml = documents(shop, workload({ name: 'twin', labels: { app: 'web' } }));
    const inferred = infer(yaml);
    expect(inferred.proof.surplus).toEqual([{ from: 'default/twin', to: 'default/db', port: 'TCP 15432' }]);
  });
});

describe('policies for a cluster with Cilium', () => {
  const agent = workload({
    name: 'cilium',
    namespace: 'kube-system',
    kind: 'DaemonSet',
    container: { image: 'quay.io/cilium/cilium:v1.18.0' },
  });
  const app = documents(
    workload({
      name: 'web',
      container: variables({ PAY_URL: 'https://pay.example.com' }),
      spec: { serviceAccountName: 'web' },
    }),
    JSON.stringify({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'RoleBinding',
      metadata: { name: 'web' },
      roleRef: { kind: 'ClusterRole', name: 'view' },
      subjects: [{ kind: 'ServiceAccount', name: 'web' }],
    }),
  );
  const api = { addresses: ['10.0.0.5'], ports: [6443] };

  it('name hosts and the API server in a policy of its own kind, and open no address for a name', () => {
    const inferred = infer(documents(agent, app), { isLive: true, api });
    expect(rules(inferred, 'web', 'egress')).toEqual([
      { to: [{ ipBlock: { cidr: '10.0.0.5/32' } }], ports: [tcp(6443)] },
    ]);
    const cilium = inferred.policies.find(({ name }) => name === 'web-cilium');
    expect(cilium?.raw).toMatchObject({
      apiVersion: 'cilium.io/v2',
      kind: 'CiliumNetworkPolicy',
      spec: { endpointSelector: { matchLabels: { app: 'web' } } },
    });
    const port = (number: string) => [{ ports: [{ port: number, protocol: 'TCP' }] }];
    expect(asObject(cilium?.raw['spec'])['egress']).toEqual([
      { toFQDNs: [{ matchName: 'pay.example.com' }], toPorts: port('443') },
      { toEntities: ['kube-apiserver'], toPorts: port('6443') },
      {
        toEndpoints: [{ matchLabels: { 'k8s:io.kubernetes.pod.namespace': 'kube-system', 'k8s-app': 'kube-dns' } }],
        toPorts: [{ ports: [{ port: '53', protocol: 'ANY' }], rules: { dns: [{ matchPattern: '*' }] } }],
      },
    ]);
    expect(inferred.proof).toMatchObject({ connections: 2, kept: 2, metadataClosed: true });
    expect(inferred.decisions).toEqual([]);
  });

  it('are plain ones where nothing says that Cilium is there', () => {
    const inferred = infer(app);
    expect(inferred.policies.map(({ raw }) => raw['kind'])).not.toContain('CiliumNetworkPolicy');
    expect(inferred.decisions).toHaveLength(2);
  });
});
