// Kubernetes' own resources, with the subresources that the playground serves. Source: discovery of 1.34.

import { shortNamesOf } from '../../kube/resources.ts';
import { type BuiltInKind, schemaNode, type Schemas } from '../../kube/schema/index.ts';
import { type Resource, resourceKey } from './resource.ts';

const subresources: Readonly<Record<string, readonly string[]>> = {
  '/namespaces': ['finalize', 'status'],
  '/nodes': ['proxy', 'status'],
  '/persistentvolumeclaims': ['status'],
  '/persistentvolumes': ['status'],
  '/pods': ['binding', 'ephemeralcontainers', 'eviction', 'exec', 'log', 'resize', 'status'],
  '/replicationcontrollers': ['scale', 'status'],
  '/resourcequotas': ['status'],
  '/serviceaccounts': ['token'],
  '/services': ['status'],
  'admissionregistration.k8s.io/validatingadmissionpolicies': ['status'],
  'apiextensions.k8s.io/customresourcedefinitions': ['status'],
  'apiregistration.k8s.io/apiservices': ['status'],
  'apps/daemonsets': ['status'],
  'apps/deployments': ['scale', 'status'],
  'apps/replicasets': ['scale', 'status'],
  'apps/statefulsets': ['scale', 'status'],
  'autoscaling/horizontalpodautoscalers': ['status'],
  'batch/cronjobs': ['status'],
  'batch/jobs': ['status'],
  'certificates.k8s.io/certificatesigningrequests': ['approval', 'status'],
  'flowcontrol.apiserver.k8s.io/flowschemas': ['status'],
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations': ['status'],
  'networking.k8s.io/ingresses': ['status'],
  'networking.k8s.io/servicecidrs': ['status'],
  'policy/poddisruptionbudgets': ['status'],
  'resource.k8s.io/resourceclaims': ['status'],
  'storage.k8s.io/volumeattachments': ['status'],
};

const inAll: ReadonlySet<string> = new Set([
  '/pods',
  '/replicationcontrollers',
  '/services',
  'apps/daemonsets',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'autoscaling/horizontalpodautoscalers',
  'batch/cronjobs',
  'batch/jobs',
]);
const extensionGroups: ReadonlySet<string> = new Set([
  'admissionregistration.k8s.io',
  'apiextensions.k8s.io',
  'apiregistration.k8s.io',
]);

/** Reviews are answered and never kept; a Binding is a wish. */
const createOnly: ReadonlySet<string> = new Set([
  'Binding',
  'LocalSubjectAccessReview',
  'SelfSubjectAccessReview',
  'SelfSubjectReview',
  'SelfSubjectRulesReview',
  'SubjectAccessReview',
  'TokenReview',
]);

/**
 * Not served: the same objects under another group or version, which would need a conversion, and component statuses,
 * which are made up by the server.
 */
const notServed: ReadonlySet<string> = new Set([
  'autoscaling/v1 HorizontalPodAutoscaler',
  'events.k8s.io/v1 Event',
  'v1 ComponentStatus',
]);

export const allVerbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const;

function categoriesOf(key: string, group: string): string[] {
  if (inAll.has(key)) return ['all'];
  return extensionGroups.has(group) ? ['api-extensions'] : [];
}

function describe(kind: BuiltInKind): Resource {
  const key = resourceKey(kind.group, kind.resource);
  const schema = schemaNode('reference', { reference: kind.type });
  return {
    key,
    group: kind.group,
    kind: kind.kind,
    listKind: `${kind.kind}List`,
    plural: kind.resource,
    singular: kind.kind.toLowerCase(),
    shortNames: shortNamesOf(kind.group, kind.resource),
    categories: categoriesOf(key, kind.group),
    namespaced: kind.namespaced,
    verbs: createOnly.has(kind.kind) ? ['create'] : allVerbs,
    isCustom: false,
    versions: [{ version: kind.version, schema, subresources: subresources[key] ?? [] }],
    storageVersion: kind.version,
  };
}

function isServed(kind: BuiltInKind, minor: number): boolean {
  if (/(?:alpha|beta)\d+$/.test(kind.version) || notServed.has(`${kind.apiVersion} ${kind.kind}`)) return false;
  return (kind.since === undefined || minor >= kind.since) && (kind.until === undefined || minor < kind.until);
}

/** What a minor serves by default: stable versions. */
export function builtInResources(schemas: Schemas, minor: number): Resource[] {
  return schemas.kinds.filter((kind) => isServed(kind, minor)).map(describe);
}
