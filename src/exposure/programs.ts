// Programs that open a cluster or its data to whoever reaches them without a login: how they are recognised, and what only a login should give.

import type { Severity } from '../model/index.ts';
import type { Answer, Knock } from './answer.ts';

type HttpAnswer = Answer & { readonly kind: 'http' };

export interface Program {
  readonly id: string;
  readonly title: string;
  /** Whether the first answer is of this program. */
  readonly recognises: (answer: HttpAnswer) => boolean;
  /** Path that is answered with 200 only where no login is asked for; left out where the first answer is enough. */
  readonly ask?: string;
  readonly severity: Severity;
  readonly what: string;
}

/** A program that does not speak HTTP: one line tells whether it asks for a password. */
export interface LineProgram {
  readonly id: string;
  readonly title: string;
  readonly port: number;
  readonly line: string;
  readonly open: RegExp;
  readonly guarded: RegExp;
  readonly severity: Severity;
  readonly what: string;
}

const hasTitle =
  (text: string): Program['recognises'] =>
  ({ body }) =>
    body.toLowerCase().includes(`<title>${text.toLowerCase()}`);

const hasHeader =
  (name: string): Program['recognises'] =>
  ({ headers }) =>
    headers[name] !== undefined;

const leadsTo =
  (pattern: RegExp): Program['recognises'] =>
  ({ status, headers: { location = '' } }) =>
    status >= 300 && status < 400 && pattern.test(location);

const either =
  (...rules: readonly Program['recognises'][]): Program['recognises'] =>
  (answer) =>
    rules.some((rule) => rule(answer));

/** Sources: the programs' own manuals of their HTTP APIs. */
export const programs: readonly Program[] = [
  {
    id: 'kubernetes-dashboard',
    title: 'Kubernetes Dashboard',
    recognises: hasTitle('Kubernetes Dashboard'),
    ask: '/api/v1/namespace',
    severity: 'critical',
    what: 'use the cluster with the rights of the dashboard',
  },
  {
    id: 'argo-cd',
    title: 'Argo CD',
    recognises: hasTitle('Argo CD'),
    ask: '/api/v1/applications?fields=items.metadata.name',
    severity: 'critical',
    what: 'see and change what is deployed',
  },
  {
    id: 'jupyter',
    title: 'Jupyter',
    recognises: either(leadsTo(/\/(?:tree|lab)\b/), ({ headers: { server = '' } }) =>
      server.startsWith('TornadoServer'),
    ),
    ask: '/api/contents?content=0',
    severity: 'critical',
    what: 'run programs',
  },
  {
    id: 'jenkins',
    title: 'Jenkins',
    recognises: hasHeader('x-jenkins'),
    ask: '/api/json?tree=mode',
    severity: 'high',
    what: 'see the jobs',
  },
  {
    id: 'longhorn',
    title: 'Longhorn',
    recognises: hasTitle('Longhorn'),
    ask: '/v1/settings',
    severity: 'high',
    what: 'manage the volumes',
  },
  {
    id: 'elasticsearch',
    title: 'Elasticsearch',
    recognises: ({ body }) => body.includes('You Know, for Search'),
    severity: 'high',
    what: 'read and change its data',
  },
  {
    id: 'kibana',
    title: 'Kibana',
    recognises: hasHeader('kbn-name'),
    ask: '/api/spaces/space',
    severity: 'high',
    what: 'read the logs',
  },
  {
    id: 'mongo-express',
    title: 'mongo-express',
    recognises: hasTitle('Home - Mongo Express'),
    severity: 'high',
    what: 'read and change the database',
  },
  {
    id: 'consul',
    title: 'Consul',
    recognises: leadsTo(/^\/ui\//),
    ask: '/v1/catalog/nodes',
    severity: 'medium',
    what: 'read the catalogue of services',
  },
  {
    id: 'prometheus',
    title: 'Prometheus',
    recognises: either(hasTitle('Prometheus'), leadsTo(/^\/(?:graph|query)$/)),
    ask: '/api/v1/status/buildinfo',
    severity: 'medium',
    what: 'read all metrics',
  },
  {
    id: 'alertmanager',
    title: 'Alertmanager',
    recognises: hasTitle('Alertmanager'),
    ask: '/api/v2/silences',
    severity: 'medium',
    what: 'read and silence alerts',
  },
  {
    id: 'grafana',
    title: 'Grafana',
    recognises: either(hasTitle('Grafana'), leadsTo(/^\/login$/)),
    ask: '/api/search?limit=1',
    severity: 'medium',
    what: 'see the dashboards',
  },
  {
    id: 'kiali',
    title: 'Kiali',
    recognises: hasTitle('Kiali'),
    ask: '/api/namespaces',
    severity: 'medium',
    what: 'see the mesh',
  },
  {
    id: 'jaeger',
    title: 'Jaeger',
    recognises: hasTitle('Jaeger UI'),
    severity: 'medium',
    what: 'read traces, which hold data of users',
  },
];

/** Sources: the protocol of Redis (RESP) and of memcached, and their manuals. */
export const linePrograms: readonly LineProgram[] = [
  {
    id: 'redis',
    title: 'Redis',
    port: 6379,
    line: 'PING\r\n',
    open: /^\+PONG/,
    guarded: /^-(?:NOAUTH|DENIED|NOPERM)/,
    severity: 'high',
    what: 'read and change its data',
  },
  {
    id: 'memcached',
    title: 'memcached',
    port: 11_211,
    line: 'version\r\n',
    open: /^VERSION /,
    guarded: /^(?:CLIENT_)?ERROR/,
    severity: 'medium',
    what: 'read and change its data',
  },
];

export function programKnock({ ask = '/' }: Program, tls: boolean): Knock {
  return { tls, path: ask };
}
