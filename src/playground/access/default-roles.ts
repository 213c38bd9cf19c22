// Roles and bindings that every cluster has from its first start, as far as apps and their users meet them.
// Source: the bootstrap policy of Kubernetes 1.34; admin, edit and view are shortened to the resources that the playground serves.

import { rightsOfEverybody } from '../../kube/rbac-defaults.ts';
import type { JsonObject } from '../../model/index.ts';

const rbac = 'rbac.authorization.k8s.io';
const read = ['get', 'list', 'watch'];
const write = ['create', 'delete', 'deletecollection', 'patch', 'update'];

interface Rule {
  readonly verbs: readonly string[];
  readonly groups?: readonly string[];
  readonly resources?: readonly string[];
  readonly urls?: readonly string[];
}

function ruleBody({ verbs, groups = [''], resources, urls }: Rule): JsonObject {
  return urls === undefined
    ? { verbs, apiGroups: groups, resources: resources ?? [] }
    : { verbs, nonResourceURLs: urls };
}

function clusterRole(name: string, rules: readonly Rule[]): JsonObject {
  const metadata = { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } };
  return { apiVersion: `${rbac}/v1`, kind: 'ClusterRole', metadata, rules: rules.map(ruleBody) };
}

function bindingTo(name: string, groups: readonly string[]): JsonObject {
  return {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' } },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: rbac, kind: 'Group', name: group })),
  };
}

const appResources: readonly (readonly [group: string, resources: readonly string[]])[] = [
  [
    '',
    [
      'configmaps',
      'endpoints',
      'persistentvolumeclaims',
      'persistentvolumeclaims/status',
      'pods',
      'replicationcontrollers',
      'replicationcontrollers/scale',
      'serviceaccounts',
      'services',
      'services/status',
    ],
  ],
  ['discovery.k8s.io', ['endpointslices']],
  [
    'apps',
    [
      'controllerrevisions',
      'daemonsets',
      'daemonsets/status',
      'deployments',
      'deployments/scale',
      'deployments/status',
      'replicasets',
      'replicasets/scale',
      'replicasets/status',
      'statefulsets',
      'statefulsets/scale',
      'statefulsets/status',
    ],
  ],
  ['autoscaling', ['horizontalpodautoscalers', 'horizontalpodautoscalers/status']],
  ['batch', ['cronjobs', 'cronjobs/status', 'jobs', 'jobs/status']],
  ['policy', ['poddisruptionbudgets', 'poddisruptionbudgets/status']],
  ['networking.k8s.io', ['ingresses', 'ingresses/status', 'networkpolicies']],
];
const watched = [
  'bindings',
  'events',
  'limitranges',
  'namespaces/status',
  'pods/log',
  'pods/status',
  'resourcequotas',
  'resourcequotas/status',
  'namespaces',
];

const viewRules: readonly Rule[] = [
  ...appResources.map(([group, resources]) => ({ verbs: read, groups: [group], resources })),
  { verbs: read, resources: watched },
];

const editRules: readonly Rule[] = [
  {
    verbs: read,
    resources: ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets', 'services/proxy'],
  },
  { verbs: ['impersonate'], resources: ['serviceaccounts'] },
  { verbs: write, resources: ['pods/attach', 'pods/exec', 'pods/portforward', 'pods/proxy', 'secrets'] },
  { verbs: ['create'], resources: ['pods/eviction', 'serviceaccounts/token'] },
  { verbs: write, resources: ['events'] },
  { verbs: [...read, ...write], groups: ['coordination.k8s.io'], resources: ['leases'] },
  ...appResources
    .filter(([group]) => group !== 'discovery.k8s.io')
    .map(([group, resources]) => ({
      verbs: write,
      groups: [group],
      resources: resources.filter((each) => !each.endsWith('/status')),
    })),
  ...viewRules,
];

const adminRules: readonly Rule[] = [
  { verbs: ['create'], groups: ['authorization.k8s.io'], resources: ['localsubjectaccessreviews'] },
  { verbs: [...read, ...write], groups: [rbac], resources: ['rolebindings', 'roles'] },
  ...editRules,
];

export const defaultRoles: readonly JsonObject[] = [
  clusterRole('cluster-admin', [
    { verbs: ['*'], groups: ['*'], resources: ['*'] },
    { verbs: ['*'], urls: ['*'] },
  ]),
  clusterRole('admin', adminRules),
  clusterRole('edit', editRules),
  clusterRole('view', viewRules),
  bindingTo('cluster-admin', ['system:masters']),
  ...rightsOfEverybody,
];
