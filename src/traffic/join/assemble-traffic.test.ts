import { describe, expect, it } from 'vitest';
import { createInventory, type Inventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { Flow, FlowEnd } from '../flow.ts';
import type { TrafficEdge, TrafficReport } from '../report.ts';
import { failingEdges, policyWords } from '../summarize.ts';
import { AddressBook } from '../who/address-book.ts';
import { type PodFact, toPodFact } from '../who/pod-facts.ts';
import { assembleTraffic } from './assemble-traffic.ts';

const deployment = (name: string, spec: string): string => `---
apiVersion: apps/v1
kind: Deployment
metadata: {name: ${name}}
spec: {selector: {matchLabels: {app: ${name}}}, template: {metadata: {labels: {app: ${name}}}, spec: {containers: [{name: ${name}, image: a, ${spec}}]}}}
`;
const service = (name: string, more: string): string => `---
apiVersion: v1
kind: Service
metadata: {name: ${name}}
spec: {selector: {app: ${name}}, ${more}}
`;
const pod = (name: string, app: string, address: string, more = ''): string => `---
apiVersion: v1
kind: Pod
metadata:
  name: ${name}
  namespace: default
  labels: {app: ${app}, pod-template-hash: abc}
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: ${app}-abc, uid: u, controller: true}]
spec: {nodeName: n1, containers: [{name: ${app}, image: a}]}
status: {podIPs: [{ip: ${address}}], startTime: "2026-11-23T20:00:00Z"${more}}
`;
const replicaSet = (app: string): string => `---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: ${app}-abc
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: ${app}, uid: u, controller: true}]
spec: {template: {metadata: {labels: {app: ${app}}}, spec: {containers: []}}}
`;

const shop = [
  deployment(
    'web',
    'ports: [{name: http, containerPort: 8080}], readinessProbe: {httpGet: {port: http}}, env: [{name: DB_HOST, value: db}, {name: DB_PORT, value: "5432"}, {name: CACHE_URL, value: "redis://cache"}, {name: MAIL_URL, value: "https://mail.example.com"}, {name: GONE_ADDR, value: "gone:80"}]',
  ),
  deployment('db', 'ports: [{containerPort: 5433}]'),
  deployment('cache', ''),
  service('web', 'type: NodePort, clusterIP: 10.96.0.1, ports: [{port: 80, targetPort: http, nodePort: 30080}]'),
  service('db', 'clusterIP: 10.96.0.20, ports: [{port: 5432, targetPort: 5433}]'),
  service('cache', 'clusterIP: 10.96.0.21, ports: [{port: 6379}]'),
  `---
apiVersion: v1
kind: Service
metadata: {name: kube-dns, namespace: kube-system}
spec: {clusterIP: 10.96.0.10, selector: {k8s-app: kube-dns}, ports: [{port: 53, protocol: UDP}]}
---
apiVersion: v1
kind: Node
metadata: {name: n1}
spec: {podCIDRs: [10.244.0.0/24]}
status: {addresses: [{type: InternalIP, address: 198.51.100.10}]}
---
apiVersion: v1
kind: Service
metadata: {name: kubernetes}
spec: {clusterIP: 10.96.0.2, ports: [{port: 443}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cache}
spec: {podSelector: {matchLabels: {app: cache}}, ingress: [{from: [{podSelector: {matchLabels: {app: other}}}]}]}
`,
];
const live = ['web', 'db', 'cache'].map(
  (app, index) => `${replicaSet(app)}${pod(`${app}-abc-xxxxx`, app, `10.244.0.${index + 5}`)}`,
);

function podsOf(inventory: Inventory): PodFact[] {
  return inventory.ofKind('/Pod').map(({ raw }) => toPodFact(inventory, raw));
}

function reportOf(
  flows: readonly Flow[],
  texts: readonly string[] = [...shop, ...live],
  isComplete = true,
): TrafficReport {
  const inventory = createInventory(snapshotOf(texts.join('')));
  const pods = podsOf(inventory);
  const book = new AddressBook({ inventory, pods, others: [], isComplete });
  const window = {
    sources: [],
    ignored: [],
    ignoredCount: 0,
    sampled: [],
    notSampled: [],
    changes: [],
    jobRuns: [],
    notRun: [],
    gaps: [],
  };
  return assembleTraffic({ inventory, book, pods, flows, source: 'test', window });
}

const at = '2026-11-23T20:30:00.000Z';

function flow(from: FlowEnd | string, to: FlowEnd | string, port: number | undefined, more: Partial<Flow> = {}): Flow {
  const end = (each: FlowEnd | string): FlowEnd => (typeof each === 'string' ? { address: each } : each);
  const known = port === undefined ? {} : { port };
  return {
    from: end(from),
    to: end(to),
    protocol: 'TCP',
    outcome: 'connected',
    count: 1,
    time: at,
    where: 'f:1',
    ...known,
    ...more,
  };
}

const told = ({ from, to, protocol, port, status }: TrafficEdge): string =>
  `${from.name} > ${to.name} ${protocol} ${port ?? '?'} ${status}`;

function edges(flows: readonly Flow[], texts?: readonly string[]): string[] {
  return reportOf(flows, texts).edges.map(told);
}

const [web, db, cache] = ['10.244.0.5', '10.244.0.6', '10.244.0.7'];
const unseen = [
  'web > cache TCP 6379 declared-not-seen',
  'web > db TCP 5433 declared-not-seen',
  'web > gone TCP 80 declared-not-seen',
  'web > mail.example.com TCP 443 outside',
];

describe('what is declared', () => {
  it('is there without anything seen', () => {
    expect(edges([]).sort()).toEqual(unseen);
    const report = reportOf([]);
    expect(report.edges.find(({ to }) => to.name === 'gone')?.to.present).toBe(false);
    expect(report.edges.find(({ to }) => to.name === 'db')).toMatchObject({
      service: 'default/db',
      servicePort: 5432,
      declared: [
        {
          what: 'variable "DB_HOST" of container "web"',
          object: { kind: 'Deployment', name: 'web' },
          position: { line: 5 },
        },
      ],
    });
  });

  it('is judged by the policies of both ends', () => {
    const blocked = reportOf([]).edges.find(({ to }) => to.name === 'cache');
    expect(blocked).toMatchObject({
      isBlocked: true,
      egress: { verdict: 'not-isolated' },
      ingress: { verdict: 'denied', policies: ['default/cache'] },
    });
    expect(blocked === undefined ? undefined : policyWords(blocked).verdict).toBe('blocked');
  });
});

describe('what is seen', () => {
  it('through a Service by the caller and behind it by the called one is one edge', () => {
    const found = reportOf([
      flow(web, '10.96.0.20', 5432, { where: 'a' }),
      flow(web, db, 5433, { where: 'b' }),
      flow({ namespace: 'default', pod: 'web-abc-xxxxx' }, { namespace: 'default', service: 'db' }, 5432, {
        where: 'c',
      }),
    ]).edges.filter(({ to }) => to.name === 'db');
    expect(found.map(told)).toEqual(['web > db TCP 5433 declared-and-seen']);
    expect(found[0]?.seen.map(({ where }) => where)).toEqual(['a', 'b', 'c']);
  });

  it('and not declared is told, with callers from outside', () => {
    const found = edges([flow(db, cache, 6379), flow(db, '203.0.113.9', 443), flow('203.0.113.8', db, 5433)]);
    expect(found).toEqual(
      expect.arrayContaining([
        'db > cache TCP 6379 not-declared',
        'db > 203.0.113.9 TCP 443 outside',
        '203.0.113.8 > db TCP 5433 not-declared',
      ]),
    );
  });

  it('comes in through a declared door', () => {
    const found = edges([flow('203.0.113.8', web, 8080), flow('203.0.113.8', '198.51.100.10', 30_080)]);
    expect(found).toContain('203.0.113.8 > web TCP 8080 declared-and-seen');
  });

  it('comes in from the controller that serves the class, and from no other one', () => {
    const controller = (name: string, className: string, address: string): string =>
      deployment(name, `args: ["--ingress-class=${className}", "--controller-class=example.com/${className}"]`).replace(
        'image: a',
        'image: registry.k8s.io/ingress-nginx/controller',
      ) +
      replicaSet(name) +
      pod(`${name}-abc-xxxxx`, name, address);
    const ingress = `---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: db, annotations: {kubernetes.io/ingress.class: inner}}
spec: {defaultBackend: {service: {name: db, port: {number: 5432}}}}
`;
    const both = controller('inner', 'inner', '10.244.0.20') + controller('outer', 'outer', '10.244.0.21');
    const texts = [...shop, ...live, both, ingress];
    const found = edges([flow('10.244.0.20', db, 5433), flow('10.244.0.21', db, 5433)], texts);
    expect(found).toContain('inner > db TCP 5433 declared-and-seen');
    expect(found).toContain('outer > db TCP 5433 not-declared');
  });

  it('is folded where every cluster has it', () => {
    const report = reportOf([
      flow(web, '10.96.0.10', 53, { protocol: 'UDP' }),
      flow('10.244.0.1', web, 8080),
      flow('198.51.100.10', web, 8080),
      flow('127.0.0.1', '127.0.0.1', 9000),
      flow({ address: web, namespace: 'default', pod: 'web-abc-xxxxx' }, web, 8080),
    ]);
    expect(report.edges.map(told).sort()).toEqual(unseen);
    expect(report.folded).toEqual([
      { class: 'dns', flows: 1, connections: 1, workloads: ['default/web[Deployment]'] },
      { class: 'probes', flows: 2, connections: 2, workloads: ['default/web[Deployment]'] },
      { class: 'loopback', flows: 2, connections: 2, workloads: ['default/web[Deployment]'] },
    ]);
  });

  it('is folded too where nodes may not be listed: pods tell of theirs', () => {
    const isNode = (text: string): boolean => text.includes('kind: Node\n');
    const texts = [...shop, ...live].flatMap((text) => text.split('---\n')).filter((text) => !isNode(text));
    const hosted = texts.map(
      (text) => `---\n${text.replace(/^status: \{podIPs/m, 'status: {hostIP: 198.51.100.10, podIPs')}`,
    );
    const report = reportOf([flow('10.244.0.1', web, 8080), flow('198.51.100.10', web, 8080)], hosted);
    expect(report.edges.map(told).sort()).toEqual(unseen);
    expect(report.folded).toMatchObject([{ class: 'probes', flows: 2 }]);
  });

  it('is folded too where the Service of the DNS may not be seen', () => {
    const flows = [flow(web, '10.96.0.10', 53, { protocol: 'UDP' })];
    const texts = [...shop, ...live]
      .flatMap((text) => text.split('---\n'))
      .filter((text) => !text.includes('kube-system'));
    const open = reportOf(
      flows,
      texts.map((text) => `---\n${text}`),
      false,
    );
    expect(open.edges.map(told).sort()).toEqual(unseen);
    expect(open.folded).toMatchObject([{ class: 'dns', flows: 1 }]);
  });

  it('from a node at a port that is not probed is no probe; nor is DNS to the outside folded', () => {
    const found = edges([flow('198.51.100.10', db, 5433), flow(web, '203.0.113.53', 53, { protocol: 'UDP' })]);
    expect(found).toContain('n1 > db TCP 5433 not-declared');
    expect(found).toContain('web > 203.0.113.53 UDP 53 outside');
  });

  it('knows the API server, nodes and addresses of the cluster that nobody has', () => {
    const found = edges([
      flow(web, '10.96.0.2', 443),
      flow(web, '198.51.100.10', 10_250),
      flow(web, '10.244.0.99', 80),
    ]);
    expect(found).toContain('web > API server TCP 443 not-declared');
    expect(found).toContain('web > n1 TCP 10250 not-declared');
    expect(found).toContain('web > 10.244.0.99 TCP 80 not-declared');
  });

  it('without a port joins the declared edge', () => {
    const named = (name: string): FlowEnd => ({ namespace: 'default', workload: { name } });
    expect(edges([flow(named('web'), named('db'), undefined)])).toContain('web > db TCP 5433 declared-and-seen');
    expect(edges([flow(named('db'), named('cache'), undefined)])).toContain('db > cache TCP ? not-declared');
  });

  it('of pods that only a source names is known by name and by labels', () => {
    const named = flow(
      { namespace: 'default', pod: 'web-6f7d9c5b8-x2x9z' },
      { namespace: 'default', labels: { app: 'db', v: '1' } },
      5433,
    );
    expect(edges([named], shop)).toContain('web > db TCP 5433 declared-and-seen');
  });

  it('is true to the time at which an address had its owner', () => {
    const gone = pod(
      'old-abc-xxxxx',
      'db',
      '10.244.0.30',
      ', phase: Succeeded, containerStatuses: [{state: {terminated: {finishedAt: "2026-11-23T20:10:00Z"}}}]',
    );
    const fresh = pod('new-abc-xxxxx', 'cache', '10.244.0.30').replace('20:00:00', '20:20:00');
    const texts = [...shop, ...live, gone, fresh];
    const to = (time: string): string[] =>
      edges([flow(web, '10.244.0.30', 1, { time })], texts).filter((text) => text.includes(' 1 '));
    expect(to('2026-11-23T20:05:00.000Z')).toEqual(['web > db TCP 1 not-declared']);
    expect(to('2026-11-23T20:25:00.000Z')).toEqual(['web > cache TCP 1 not-declared']);
    expect(to('2026-11-23T20:15:00.000Z')).toEqual(['web > 10.244.0.30 TCP 1 not-declared']);
  });
});

describe('what a pipeline may fail on', () => {
  it('is undeclared, blocked, outside', () => {
    const report = reportOf([flow(db, cache, 6379), flow(db, '203.0.113.9', 443), flow(web, '10.96.0.20', 5432)]);
    const names = (on: Parameters<typeof failingEdges>[1]): string[] => failingEdges(report, on).map(told).sort();
    expect(names(['undeclared'])).toEqual(['db > 203.0.113.9 TCP 443 outside', 'db > cache TCP 6379 not-declared']);
    expect(names(['blocked'])).toEqual(['db > cache TCP 6379 not-declared', 'web > cache TCP 6379 declared-not-seen']);
    expect(names(['outside'])).toEqual(['db > 203.0.113.9 TCP 443 outside']);
    expect(names([])).toEqual([]);
  });
});
