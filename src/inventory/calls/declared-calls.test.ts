import { describe, expect, it } from 'vitest';
import { toJsonPointer } from '../../model/index.ts';
import { createInventory } from '../inventory.ts';
import { snapshotOf } from '../snapshot-builder.ts';
import { arrivalsOf, callsOf, type DeclaredCall } from './declared-calls.ts';

const services = `
apiVersion: v1
kind: Service
metadata: {name: db}
spec:
  selector: {app: db}
  ports: [{name: sql, port: 5432, targetPort: pg}, {name: metrics, port: 9187}]
---
apiVersion: v1
kind: Service
metadata: {name: db-pods}
spec: {clusterIP: None, selector: {app: db}, ports: [{port: 80, targetPort: 5432}]}
---
apiVersion: v1
kind: Pod
metadata: {name: db-0, labels: {app: db}}
spec: {containers: [{name: db, image: a, ports: [{name: pg, containerPort: 5433}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: mail, namespace: other}
spec: {type: ExternalName, externalName: smtp.provider.example}
---
apiVersion: v1
kind: Service
metadata: {name: alias}
spec: {type: ExternalName, externalName: db.default.svc.cluster.local}
---
`;

function calls(container: string, more = ''): DeclaredCall[] {
  const text = `${services}apiVersion: v1
kind: Pod
metadata: {name: web, labels: {app: web}}
spec:
  containers:
    - {name: web, image: a, ${container}}
${more}`;
  const inventory = createInventory(snapshotOf(text));
  const web = inventory.workloads.find(({ object }) => object.name === 'web');
  return web === undefined ? [] : callsOf(inventory, web);
}

function told(container: string, more?: string): string[] {
  return calls(container, more).map(({ host, port, to }) => {
    const target =
      to.kind === 'service'
        ? `Service ${to.service.namespace}/${to.service.name}`
        : to.kind === 'outside'
          ? `outside ${to.host}`
          : to.kind;
    return `${host}:${port ?? '?'} ${target}`;
  });
}

const env = (pairs: Record<string, string>): string =>
  `env: [${Object.entries(pairs)
    .map(([name, value]) => `{name: ${name}, value: ${JSON.stringify(value)}}`)
    .join(', ')}]`;

describe('declared calls', () => {
  it('are found in one variable, and in two that belong together', () => {
    expect(told(env({ DB: 'db:5432' }))).toEqual(['db:5432 Service default/db']);
    expect(told(env({ DB_HOST: 'db', DB_PORT: '5432' }))).toEqual(['db:5432 Service default/db']);
    expect(told(env({ 'db.hostname': 'db', 'db.port': '5432' }))).toEqual(['db:5432 Service default/db']);
    expect(told(env({ PGHOST: 'db', PGPORT: '5432' }))).toEqual(['db:5432 Service default/db']);
    expect(told(env({ DB_HOST: 'db', OTHER_PORT: '1' }))).toEqual(['db:? Service default/db']);
  });

  it('are not found in words that only happen to be names of Services', () => {
    expect(told(env({ MODE: 'db', USER: 'mail', LISTEN_ADDR: '0.0.0.0:80', LEVEL: 'debug:1' }))).toEqual([]);
  });

  it('are found where the scheme is one that programs call, whatever the name, and where the name says nodes', () => {
    expect(told(env({ QUEUE: 'nats://nobody:4222' }))).toEqual([expect.stringContaining('missing')]);
    expect(told(env({ STORE: 'rediss://cache.example.org' }))).toEqual([expect.stringContaining('outside')]);
    expect(told(env({ DOCS: 'https://docs.example.org' }))).toEqual([]);
    expect(told(env({ HTTPS_PROXY: 'http://proxy.example.org:3128', NO_PROXY: 'db,localhost' }))).toEqual([
      expect.stringContaining('outside proxy.example.org'),
    ]);
    expect(told(env({ PAYMENT_API: 'https://pay.example.org' }))).toEqual([expect.stringContaining('outside')]);
    expect(told(env({ CONTACT_POINTS: 'db,db-0.db-pods' })).join()).toMatch(/default\/db,.*default\/db-pods/);
  });

  it.each([
    ['db.default', 'Service default/db'],
    ['db.default.svc', 'Service default/db'],
    ['DB.default.svc.cluster.local.', 'Service default/db'],
    ['db-0.db-pods', 'Service default/db-pods'],
    ['db-0.db-pods.default.svc.cluster.local', 'Service default/db-pods'],
    ['alias', 'Service default/db'],
    ['mail.other', 'outside smtp.provider.example'],
    ['kubernetes.default.svc', 'api-server'],
    ['nobody', 'missing'],
    ['nobody.other.svc', 'missing'],
    ['api.stripe.example', 'outside api.stripe.example'],
    ['203.0.113.9', 'outside 203.0.113.9'],
  ])('to %s lead to %s', (host, target) => {
    expect(told(env({ X_ADDR: `${host}:80` }))).toEqual([
      expect.stringContaining(target === 'missing' ? 'missing' : ` ${target}`),
    ]);
  });

  it('are found behind variables that name others', () => {
    expect(told(env({ HOST: 'db', URL: 'postgres://x:y@$(HOST):5432/z', SAME: '$$(HOST):1' }))).toContain(
      'db:5432 Service default/db',
    );
  });

  it('are found in arguments, as words of their own too', () => {
    expect(told('args: ["--db=db:5432"]')).toEqual(['db:5432 Service default/db']);
    expect(told('args: [--db-host, db, --verbose]')).toEqual(['db:? Service default/db']);
    expect(told('command: [sh, -c, "exec run --to http://db:5432/x"]')).toEqual(['db:5432 Service default/db']);
  });

  it('are found in ConfigMaps and Secrets, of which only names of Services are told', () => {
    const from =
      'envFrom: [{configMapRef: {name: c}}, {secretRef: {name: s}}], volumeMounts: [{name: v, mountPath: /v}]';
    const more = `  volumes: [{name: v, configMap: {name: files, items: [{key: a.conf, path: a}]}}]
---
apiVersion: v1
kind: ConfigMap
metadata: {name: c}
data: {API_URL: "http://api.example.test"}
---
apiVersion: v1
kind: Secret
metadata: {name: s}
stringData: {DATABASE_URL: "postgres://u:hunter2@db:5432/x", PEER_URL: "https://secret-partner.example"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: files}
data:
  a.conf: "proxy_pass http://db:9187;"
  b.conf: "proxy_pass http://db:1;"
`;
    const found = calls(from, more);
    expect(told(from, more)).toEqual([
      'api.example.test:80 outside api.example.test',
      'db:5432 Service default/db',
      'db:9187 Service default/db',
    ]);
    expect(found[1]?.sources.map(({ what, path }) => `${what} ${toJsonPointer(path)}`)).toEqual([
      'key "DATABASE_URL" of Secret "s" /stringData/DATABASE_URL',
    ]);
    expect(
      JSON.stringify(found.map(({ host, port, sources }) => [host, port, sources.map((s) => s.what)])),
    ).not.toMatch(/hunter2|partner/);
  });

  it('keep all places that declare them', () => {
    const [call] = calls(env({ A_URL: 'http://db:5432', B_URL: 'db:5432' }));
    expect(call?.sources.map(({ what }) => what)).toEqual([
      'variable "A_URL" of container "web"',
      'variable "B_URL" of container "web"',
    ]);
  });
});

describe('where a call arrives', () => {
  const inventory = createInventory(snapshotOf(services));
  const arrivals = (name: string, port?: number): unknown[] => {
    const service = inventory.find({ group: '', kind: 'Service', namespace: 'default', name });
    return service === undefined
      ? []
      : arrivalsOf(inventory, service, port).map((each) => [each.workload.object.name, each.servicePort, each.port]);
  };

  it('is the port of the pods, by name or number', () => {
    expect(arrivals('db', 5432)).toEqual([['db-0', 5432, 5433]]);
    expect(arrivals('db', 9187)).toEqual([['db-0', 9187, 9187]]);
    expect(arrivals('db', 1)).toEqual([]);
  });

  it('is any port of the Service where none is said', () => {
    expect(arrivals('db')).toHaveLength(2);
  });

  it('is the port that is dialled where the Service is headless', () => {
    expect(arrivals('db-pods', 5433)).toEqual([['db-0', 5433, 5433]]);
    expect(arrivals('db-pods', 80)).toEqual([['db-0', 80, 80]]);
  });
});
