// The ClusterRoles that every cluster has: their names, and the rules of those that people bind.

import type { PolicyRule } from '../../kube/rbac.ts';

type Grant = Readonly<Record<'verbs' | 'apiGroups' | 'resources', readonly string[]>>;

function rule({ verbs, apiGroups, resources }: Grant, nonResourceURLs: readonly string[] = []): PolicyRule {
  return { verbs, apiGroups, resources, resourceNames: [], nonResourceURLs };
}

const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

const view: readonly PolicyRule[] = [
  rule({
    verbs: read,
    apiGroups: [''],
    resources: [
      'bindings',
      'configmaps',
      'endpoints',
      'events',
      'limitranges',
      'namespaces',
      'namespaces/status',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'pods',
      'pods/log',
      'pods/status',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'replicationcontrollers/status',
      'resourcequotas',
      'resourcequotas/status',
      'serviceaccounts',
      'services',
      'services/status',
    ],
  }),
  rule({
    verbs: read,
    apiGroups: ['apps'],
    resources: ['controllerrevisions', 'daemonsets', 'deployments', 'replicasets', 'statefulsets'],
  }),
  rule({ verbs: read, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] }),
  rule({ verbs: read, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] }),
  rule({ verbs: read, apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'] }),
  rule({ verbs: read, apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] }),
  rule({ verbs: read, apiGroups: ['policy'], resources: ['poddisruptionbudgets'] }),
];

const insidePods = ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy'];

const edit: readonly PolicyRule[] = [
  ...view,
  rule({ verbs: read, apiGroups: [''], resources: [...insidePods, 'secrets', 'services/proxy'] }),
  rule({ verbs: ['impersonate'], apiGroups: [''], resources: ['serviceaccounts'] }),
  rule({ verbs: ['create'], apiGroups: [''], resources: ['serviceaccounts/token', 'pods/eviction'] }),
  rule({
    verbs: write,
    apiGroups: [''],
    resources: [
      'pods',
      ...insidePods,
      'configmaps',
      'events',
      'persistentvolumeclaims',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'secrets',
      'serviceaccounts',
      'services',
      'services/proxy',
    ],
  }),
  rule({
    verbs: write,
    apiGroups: ['apps'],
    resources: [
      'daemonsets',
      'deployments',
      'deployments/rollback',
      'deployments/scale',
      'replicasets',
      'replicasets/scale',
      'statefulsets',
      'statefulsets/scale',
    ],
  }),
  rule({ verbs: write, apiGroups: ['batch'], resources: ['cronjobs', 'jobs'] }),
  rule({ verbs: write, apiGroups: ['autoscaling'], resources: ['horizontalpodautoscalers'] }),
  rule({ verbs: write, apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'networkpolicies'] }),
  rule({ verbs: write, apiGroups: ['policy'], resources: ['poddisruptionbudgets'] }),
  rule({ verbs: [...read, ...write], apiGroups: ['coordination.k8s.io'], resources: ['leases'] }),
];

const admin: readonly PolicyRule[] = [
  ...edit,
  rule({ verbs: ['create'], apiGroups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] }),
  rule({
    verbs: [...read, ...write],
    apiGroups: ['rbac.authorization.k8s.io'],
    resources: ['rolebindings', 'roles'],
  }),
];

const clusterAdmin: readonly PolicyRule[] = [
  rule({ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }),
  rule({ verbs: ['*'], apiGroups: [], resources: [] }, ['*']),
];

const kubeletApiAdmin: readonly PolicyRule[] = [
  rule({ verbs: [...read, 'proxy'], apiGroups: [''], resources: ['nodes'] }),
  rule({
    verbs: ['*'],
    apiGroups: [''],
    resources: ['nodes/log', 'nodes/metrics', 'nodes/proxy', 'nodes/stats'],
  }),
];

/** Rules of the ClusterRoles that people bind. Source: bootstrap policy of the RBAC authorizer, Kubernetes 1.24 to 1.36. */
export const builtInRoles: ReadonlyMap<string, readonly PolicyRule[]> = new Map([
  ['cluster-admin', clusterAdmin],
  ['admin', admin],
  ['edit', edit],
  ['view', view],
  ['system:kubelet-api-admin', kubeletApiAdmin],
]);

/** Into which of those four a ClusterRole with the label `rbac.authorization.k8s.io/aggregate-to-…` flows. */
export const aggregatedInto: Readonly<Record<string, readonly string[]>> = {
  view: ['view', 'edit', 'admin'],
  edit: ['edit', 'admin'],
  admin: ['admin'],
};

const kubeSystemRoles = ['extension-apiserver-authentication-reader', 'kube-proxy'];

/** True for Roles that every cluster has in kube-system and kube-public, from the API server or kubeadm. */
export function isBuiltInRole(namespace: string, name: string): boolean {
  if (namespace === 'kube-public') return name.startsWith('system:') || name.startsWith('kubeadm:');
  if (namespace !== 'kube-system') return false;
  return kubeSystemRoles.includes(name) || name.startsWith('system:') || name.startsWith('kubeadm:');
}

/** True for a name that Kubernetes keeps for its own ClusterRoles, or kubeadm for its. */
export function isBuiltInClusterRole(name: string): boolean {
  return builtInRoles.has(name) || name.startsWith('system:') || name.startsWith('kubeadm:');
}
