// What every cluster gives to whoever has logged in, and to every service account, from its first start.

import type { JsonObject } from '../model/index.ts';
import { rbacGroup } from './rbac-authorizer.ts';

interface Rule {
  readonly verbs: readonly string[];
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

const labels = { 'kubernetes.io/bootstrapping': 'rbac-defaults' };

function clusterRole(name: string, rules: readonly Rule[]): JsonObject {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'ClusterRole',
    metadata: { name, labels },
    rules: rules.map((rule) => ({ ...rule })),
  };
}

function binding(name: string, groups: readonly string[]): JsonObject {
  return {
    apiVersion: `${rbacGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name, labels },
    roleRef: { apiGroup: rbacGroup, kind: 'ClusterRole', name },
    subjects: groups.map((group) => ({ apiGroup: rbacGroup, kind: 'Group', name: group })),
  };
}

const health = ['/healthz', '/livez', '/readyz', '/version', '/version/'];
const openId = [
  '/.well-known/openid-configuration',
  '/.well-known/openid-configuration/',
  '/openid/v1/jwks',
  '/openid/v1/jwks/',
];

/** ClusterRoles and their bindings to groups that everybody is in. Source: the bootstrap policy of Kubernetes, 1.28 to 1.36. */
export const rightsOfEverybody: readonly JsonObject[] = [
  clusterRole('system:basic-user', [
    {
      verbs: ['create'],
      apiGroups: ['authorization.k8s.io'],
      resources: ['selfsubjectaccessreviews', 'selfsubjectrulesreviews'],
    },
    { verbs: ['create'], apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'] },
  ]),
  binding('system:basic-user', ['system:authenticated']),
  clusterRole('system:discovery', [
    {
      verbs: ['get'],
      nonResourceURLs: [...health, '/openapi', '/openapi/*', '/api', '/api/*', '/apis', '/apis/*'].sort(),
    },
  ]),
  binding('system:discovery', ['system:authenticated']),
  clusterRole('system:public-info-viewer', [{ verbs: ['get'], nonResourceURLs: health }]),
  binding('system:public-info-viewer', ['system:authenticated', 'system:unauthenticated']),
  clusterRole('system:service-account-issuer-discovery', [{ verbs: ['get'], nonResourceURLs: openId }]),
  binding('system:service-account-issuer-discovery', ['system:serviceaccounts']),
];
