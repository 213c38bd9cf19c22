// Resources as people name them on a command line: plural or short name, with or without group, with a subresource.

import type { ResourceRequest } from './rbac.ts';

/** Kubernetes' own resources by group, with the short names that kubectl takes. Source: `kubectl api-resources` of 1.34. */
const groups: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  '': {
    bindings: [],
    componentstatuses: ['cs'],
    configmaps: ['cm'],
    endpoints: ['ep'],
    events: ['ev'],
    limitranges: ['limits'],
    namespaces: ['ns'],
    nodes: ['no'],
    persistentvolumeclaims: ['pvc'],
    persistentvolumes: ['pv'],
    pods: ['po'],
    podtemplates: [],
    replicationcontrollers: ['rc'],
    resourcequotas: ['quota'],
    secrets: [],
    serviceaccounts: ['sa'],
    services: ['svc'],
  },
  apps: {
    controllerrevisions: [],
    daemonsets: ['ds'],
    deployments: ['deploy'],
    replicasets: ['rs'],
    statefulsets: ['sts'],
  },
  batch: { cronjobs: ['cj'], jobs: [] },
  autoscaling: { horizontalpodautoscalers: ['hpa'] },
  policy: { poddisruptionbudgets: ['pdb'] },
  'networking.k8s.io': { ingressclasses: [], ingresses: ['ing'], networkpolicies: ['netpol'] },
  'rbac.authorization.k8s.io': { clusterrolebindings: [], clusterroles: [], rolebindings: [], roles: [] },
  'storage.k8s.io': { csidrivers: [], csinodes: [], storageclasses: ['sc'], volumeattachments: [] },
  'certificates.k8s.io': { certificatesigningrequests: ['csr'] },
  'admissionregistration.k8s.io': {
    mutatingwebhookconfigurations: [],
    validatingadmissionpolicies: [],
    validatingadmissionpolicybindings: [],
    validatingwebhookconfigurations: [],
  },
  'apiextensions.k8s.io': { customresourcedefinitions: ['crd', 'crds'] },
  'apiregistration.k8s.io': { apiservices: [] },
  'coordination.k8s.io': { leases: [] },
  'discovery.k8s.io': { endpointslices: [] },
  'node.k8s.io': { runtimeclasses: [] },
  'scheduling.k8s.io': { priorityclasses: ['pc'] },
};

export type NamedResource = Pick<ResourceRequest, 'group' | 'resource' | 'subresource'>;

interface Known {
  readonly group: string;
  readonly resource: string;
}

function index(): ReadonlyMap<string, Known> {
  const entries = Object.entries(groups).flatMap(([group, resources]) =>
    Object.entries(resources).flatMap(([resource, shortNames]) =>
      [resource, singular(resource), ...shortNames].map((name): [string, Known] => [name, { group, resource }]),
    ),
  );
  return new Map(entries);
}

function singular(plural: string): string {
  if (plural === 'endpoints' || plural === 'componentstatuses') return plural;
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`;
  return plural.endsWith('sses') ? plural.slice(0, -2) : plural.slice(0, -1);
}

const known = index();

/** The short names that kubectl takes for one of Kubernetes' own resources: `['po']` for pods. */
export function shortNamesOf(group: string, resource: string): readonly string[] {
  return groups[group]?.[resource] ?? [];
}

/** Names that `parseResource` takes without a group. */
export function resourceNames(): string[] {
  return [...known.keys()];
}

/**
 * `pods`, `deploy`, `deployments.apps`, `pods/exec`, `certificates.cert-manager.io`, `*`. Without a group, one of Kubernetes' own resources;
 * `undefined` for a name that is none of them.
 */
export function parseResource(text: string): NamedResource | undefined {
  const [path = '', subresource = ''] = text.split('/');
  const dot = path.indexOf('.');
  const [name, group] = dot === -1 ? [path, undefined] : [path.slice(0, dot), path.slice(dot + 1)];
  const found = findResource(name, group);
  return found === undefined || subresource === '' ? found : { ...found, subresource };
}

function findResource(name: string, group: string | undefined): Known | undefined {
  if (name === '*') return { group: group ?? '*', resource: '*' };
  const found = known.get(name.toLowerCase());
  if (group === undefined) return found;
  return { group, resource: found?.group === group ? found.resource : name };
}
