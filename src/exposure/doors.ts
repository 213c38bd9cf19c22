// The doors of a cluster that are known: where they are, what to ask, and what an open one answers.

import type { Severity } from '../model/index.ts';
import type { Answer, Knock } from './answer.ts';

type HttpAnswer = Answer & { readonly kind: 'http' };

export interface Door {
  readonly id: string;
  /** For people: `etcd, for clients`. */
  readonly title: string;
  /** Asked in this order; those behind the first that is answered in HTTP are asked only where `all` says so. */
  readonly knocks: readonly Knock[];
  readonly all?: true;
  readonly severity: Severity;
  /** What somebody without a login may do, where this answer gives it away; `undefined` where the answer is harmless. */
  readonly open: (answer: HttpAnswer, knock: Knock) => string | undefined;
}

/** Where on a node a door is. */
export interface NodeDoor extends Door {
  readonly port: number;
  /** Only nodes of the control plane have it. */
  readonly controlPlane: boolean;
}

const plain = (path: string): Knock => ({ tls: false, path });
const secure = (path: string): Knock => ({ tls: true, path });

const isOk = ({ status }: HttpAnswer): boolean => status === 200;

function etcd({ status, body }: HttpAnswer): string | undefined {
  return status === 200 && body.includes('"etcdserver"')
    ? 'read and change every object of the cluster, Secrets too'
    : undefined;
}

function podList(what: string): Door['open'] {
  return (answer) => (isOk(answer) && answer.body.includes('"PodList"') ? what : undefined);
}

function metrics(what: string): Door['open'] {
  return (answer) => (isOk(answer) && answer.body.includes('# HELP') ? what : undefined);
}

/** Ports of Kubernetes' own programs. Source: kubernetes.io, "Ports and Protocols"; the insecure ones went with 1.20 and 1.24. */
export const nodeDoors: readonly NodeDoor[] = [
  {
    id: 'etcd-client',
    title: 'etcd, for clients',
    port: 2379,
    controlPlane: true,
    knocks: [plain('/version'), secure('/version')],
    severity: 'critical',
    open: etcd,
  },
  {
    id: 'etcd-peer',
    title: 'etcd, for its peers',
    port: 2380,
    controlPlane: true,
    knocks: [plain('/version'), secure('/version')],
    severity: 'critical',
    open: etcd,
  },
  {
    id: 'kubelet',
    title: 'kubelet',
    port: 10_250,
    controlPlane: false,
    knocks: [secure('/pods')],
    severity: 'critical',
    open: podList('see the pods of the node, and run commands in them'),
  },
  {
    id: 'kubelet-read-only',
    title: 'kubelet, read-only port',
    port: 10_255,
    controlPlane: false,
    knocks: [plain('/pods')],
    severity: 'high',
    open: podList('see the pods of the node with their environment'),
  },
  {
    id: 'controller-manager',
    title: 'controller manager',
    port: 10_257,
    controlPlane: true,
    knocks: [secure('/metrics')],
    severity: 'medium',
    open: metrics('read the metrics of the control plane'),
  },
  {
    id: 'scheduler',
    title: 'scheduler',
    port: 10_259,
    controlPlane: true,
    knocks: [secure('/metrics')],
    severity: 'medium',
    open: metrics('read the metrics of the control plane'),
  },
  {
    id: 'kube-proxy-metrics',
    title: 'kube-proxy, metrics',
    port: 10_249,
    controlPlane: false,
    knocks: [plain('/metrics')],
    severity: 'low',
    open: metrics('read the metrics and settings of kube-proxy'),
  },
  {
    id: 'apiserver-insecure',
    title: 'API server, insecure port',
    port: 8080,
    controlPlane: true,
    knocks: [plain('/api')],
    severity: 'critical',
    open: (answer) =>
      isOk(answer) && answer.body.includes('"APIVersions"') ? 'do anything in the cluster' : undefined,
  },
];

/** What nobody without a name may read; `/version` and the health paths are open by design. */
export const apiServerDoor: Door = {
  id: 'apiserver-anonymous',
  title: 'API server, without a login',
  knocks: [secure('/api/v1/secrets?limit=1'), secure('/api/v1/namespaces?limit=1'), secure('/api')],
  all: true,
  severity: 'critical',
  open: (answer, { path = '' }) => {
    if (!isOk(answer)) return undefined;
    if (path.startsWith('/api/v1/secrets')) return 'read the Secrets of the cluster';
    return path === '/api' ? 'see which APIs there are' : 'list the namespaces of the cluster';
  },
};

/** The clouds' metadata services, all at one address. Sources: the clouds' own manuals. Asked from pods only. */
export const metadataDoor: Door = {
  id: 'metadata-service',
  title: 'metadata service of the cloud',
  knocks: [
    plain('/latest/meta-data/'),
    { ...plain('/computeMetadata/v1/instance/'), headers: { 'Metadata-Flavor': 'Google' } },
    { ...plain('/metadata/instance?api-version=2021-02-01'), headers: { Metadata: 'true' } },
    plain('/openstack/latest/meta_data.json'),
  ],
  all: true,
  severity: 'high',
  open: (answer) => (isOk(answer) ? 'read what the cloud tells the node, its credentials among it' : undefined),
};

export const metadataAddress = '169.254.169.254';

/** The first questions to a Service: which program it is tells what to ask next. */
export const serviceKnocks: readonly Knock[] = [plain('/'), secure('/')];
