// Who made the cluster: told by the nodes' provider ids, labels, annotations and version suffixes, each with its evidence.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import { readLabels } from '../workload.ts';
import type { ClusterView, Tri } from './view.ts';

export interface ProviderFacts {
  /** `EKS`, `Minikube`, `kubeadm`; absent where nothing tells. */
  readonly name?: string;
  /** True where somebody else runs the control plane. */
  readonly managed: Tri;
  /** Where the machines are, when that is another name: `AWS`. */
  readonly cloud?: string;
  readonly evidence: readonly string[];
}

interface Mark {
  readonly name: string;
  readonly managed: Tri;
  readonly find: (node: NodeMarks) => string | undefined;
}

interface NodeMarks {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly providerId: string;
  readonly kubelet: string;
  readonly osImage: string;
  readonly serverVersion: string;
}

function key(kind: 'labels' | 'annotations', name: string | RegExp) {
  return (node: NodeMarks): string | undefined => {
    const found = Object.keys(node[kind]).find((each) => (typeof name === 'string' ? each === name : name.test(each)));
    return found === undefined ? undefined : `node ${node.name} has the ${kind.slice(0, -1)} ${found}`;
  };
}

function providerId(pattern: RegExp) {
  return ({ name, providerId: id }: NodeMarks): string | undefined =>
    pattern.test(id) ? `the provider id of node ${name} starts with ${id.split('://')[0] ?? ''}://` : undefined;
}

function version(pattern: RegExp) {
  return ({ name, kubelet, serverVersion }: NodeMarks): string | undefined => {
    if (pattern.test(serverVersion)) return `the server's version is ${serverVersion}`;
    return pattern.test(kubelet) ? `the kubelet of node ${name} is ${kubelet}` : undefined;
  };
}

function either(...ways: readonly Mark['find'][]): Mark['find'] {
  return (node) => ways.map((way) => way(node)).find((evidence) => evidence !== undefined);
}

/**
 * From the most telling to the least: OpenShift on AWS is OpenShift. Sources: well-known labels of each provider's documentation; provider ids of the
 * cloud controller managers (`kind://`, `k3s://`, `digitalocean://`, `openstack:///`); version suffixes as each distribution builds them.
 */
const marks: readonly Mark[] = [
  { name: 'Minikube', managed: false, find: key('labels', 'minikube.k8s.io/name') },
  { name: 'kind', managed: false, find: providerId(/^kind:\/\//) },
  {
    name: 'Docker Desktop',
    managed: false,
    find: ({ name }) => (name === 'docker-desktop' ? 'the node is called docker-desktop' : undefined),
  },
  { name: 'OpenShift', managed: 'unknown', find: key('labels', /^node\.openshift\.io\//) },
  { name: 'RKE2', managed: false, find: either(version(/\+rke2/), providerId(/^rke2:\/\//)) },
  { name: 'k3s', managed: false, find: either(version(/\+k3s/), providerId(/^k3s:\/\//)) },
  { name: 'EKS', managed: true, find: either(version(/-eks-/), key('labels', /^eks\.amazonaws\.com\//)) },
  { name: 'GKE', managed: true, find: either(version(/-gke\./), key('labels', /^cloud\.google\.com\/gke-/)) },
  { name: 'AKS', managed: true, find: key('labels', 'kubernetes.azure.com/cluster') },
  { name: 'DOKS', managed: true, find: key('labels', /^doks\.digitalocean\.com\//) },
  { name: 'OVHcloud', managed: true, find: key('labels', /^node\.k8s\.ovh\//) },
  { name: 'OKE', managed: true, find: key('labels', /^oke\.oraclecloud\.com\//) },
  { name: 'Scaleway Kapsule', managed: true, find: key('labels', /^k8s\.scaleway\.com\//) },
  { name: 'Gardener', managed: true, find: key('labels', 'worker.gardener.cloud/pool') },
  { name: 'LKE', managed: true, find: key('labels', /^lke\.linode\.com\//) },
  { name: 'IKS', managed: true, find: key('labels', /^ibm-cloud\.kubernetes\.io\//) },
  {
    name: 'Talos',
    managed: false,
    find: ({ name, osImage }) => (osImage.startsWith('Talos') ? `node ${name} runs ${osImage}` : undefined),
  },
  { name: 'MicroK8s', managed: false, find: key('labels', 'microk8s.io/cluster') },
  { name: 'k0s', managed: false, find: version(/\+k0s/) },
  { name: 'kubeadm', managed: false, find: key('annotations', 'kubeadm.alpha.kubernetes.io/cri-socket') },
];

const clouds: readonly (readonly [RegExp, string])[] = [
  [/^aws:\/\//, 'AWS'],
  [/^gce:\/\//, 'Google Cloud'],
  [/^azure:\/\//, 'Azure'],
  [/^openstack:\/\//, 'OpenStack'],
  [/^digitalocean:\/\//, 'DigitalOcean'],
  [/^hcloud:\/\//, 'Hetzner Cloud'],
  [/^vsphere:\/\//, 'vSphere'],
  [/^ocid1\./, 'Oracle Cloud'],
  [/^scaleway:\/\//, 'Scaleway'],
  [/^linode:\/\//, 'Linode'],
];

function marksOf({ name, raw }: KubeObject, serverVersion: string): NodeMarks {
  const metadata = asObject(raw['metadata']);
  const info = readLabels(asObject(raw['status'])['nodeInfo']);
  return {
    name,
    labels: readLabels(metadata['labels']),
    annotations: readLabels(metadata['annotations']),
    providerId: asString(asObject(raw['spec'])['providerID']) ?? '',
    kubelet: info['kubeletVersion'] ?? '',
    osImage: info['osImage'] ?? '',
    serverVersion,
  };
}

const nobody: NodeMarks = {
  name: '',
  labels: {},
  annotations: {},
  providerId: '',
  kubelet: '',
  osImage: '',
  serverVersion: '',
};

/** True where a static pod of the API server is seen: nobody else runs it. */
function runsOwnControlPlane({ programs }: ClusterView): string | undefined {
  const own = programs.find(
    ({ object, words }) => object.kind === 'Pod' && words[0]?.split('/').at(-1) === 'kube-apiserver',
  );
  return own === undefined ? undefined : `the pod ${own.object.namespace}/${own.object.name} runs the API server`;
}

/** A distribution of a managed service may be run by its users (EKS Anywhere): then they see the API server's pod. */
function runBy(facts: ProviderFacts, own: string | undefined): ProviderFacts {
  return own === undefined ? facts : { ...facts, managed: false, evidence: [...facts.evidence, own] };
}

export function findProvider(view: ClusterView): ProviderFacts {
  const nodes = view.objects('/Node').map((node) => marksOf(node, view.serverVersion));
  const own = runsOwnControlPlane(view);
  // Who may not list nodes still sees the server's version.
  const candidates = nodes.length === 0 ? [{ ...nobody, serverVersion: view.serverVersion }] : nodes;
  const cloud = clouds.find(([pattern]) => nodes.some(({ providerId: id }) => pattern.test(id)))?.[1];
  const inCloud = cloud === undefined ? {} : { cloud };
  for (const { name, managed, find } of marks)
    for (const node of candidates) {
      const evidence = find(node);
      if (evidence !== undefined) return runBy({ name, managed, ...inCloud, evidence: [evidence] }, own);
    }
  if (own !== undefined) return { managed: false, ...inCloud, evidence: [own] };
  return { managed: 'unknown', ...inCloud, evidence: [] };
}
