// What a refusal of the API server means, and who can do something about it.

import type { Owner } from '../model/index.ts';

export type RefusalKind =
  | 'not-permitted'
  | 'kind-missing'
  | 'version-missing'
  | 'namespace-missing'
  | 'pod-security'
  | 'quota'
  | 'limit-range'
  | 'admission'
  | 'invalid'
  | 'failed';

export interface RefusalFacts {
  /** HTTP status; 0 where no request was sent, as the target serves no such kind. */
  readonly status: number;
  /** The kind is served, in other versions. */
  readonly isServedOtherwise: boolean;
  readonly message: string;
  /** RBAC refused. */
  readonly isRbac: boolean;
}

/** Words of Kubernetes' own admission plugins. Sources: `podsecurity`, `resourcequota`, `limitranger`, and the webhook plugins of the API server. */
const signs: readonly (readonly [RegExp, RefusalKind])[] = [
  [/violates PodSecurity/, 'pod-security'],
  [/exceeded quota|failed quota/, 'quota'],
  [/(?:maximum|minimum) (?:cpu|memory|storage|ephemeral-storage)\S* usage per|limit to request ratio/, 'limit-range'],
  [/admission webhook "|denied (?:the )?request|ValidatingAdmissionPolicy/, 'admission'],
  [/^namespaces? "[^"]*" not found/, 'namespace-missing'],
];

export function readRefusal({ status, message, isRbac, isServedOtherwise }: RefusalFacts): RefusalKind {
  if (isRbac) return 'not-permitted';
  if (status === 0) return isServedOtherwise ? 'version-missing' : 'kind-missing';
  const sign = signs.find(([pattern]) => pattern.test(message));
  if (sign !== undefined) return sign[1];
  return status === 400 || status === 422 ? 'invalid' : status === 403 ? 'admission' : 'failed';
}

/** Who acts: the author of the manifest, or whoever rules the cluster. */
export const ownerOfRefusal: Readonly<Record<RefusalKind, Owner>> = {
  'not-permitted': 'cluster-administrator',
  'kind-missing': 'cluster-administrator',
  'version-missing': 'developer',
  'namespace-missing': 'cluster-administrator',
  'pod-security': 'developer',
  quota: 'cluster-administrator',
  'limit-range': 'developer',
  admission: 'developer',
  invalid: 'developer',
  failed: 'cluster-administrator',
};

/** Why an answer says nothing about the object. */
export type Obstacle = 'definition-in-app' | 'namespace-in-app' | 'webhook-without-dry-run';

/** What the app brings along and a dry run does not store. */
export interface Brought {
  readonly definesKind: boolean;
  readonly createsNamespace: boolean;
}

/** A refusal that comes from the dry run itself, and not from the object. */
export function findObstacle(
  kind: RefusalKind,
  message: string,
  { definesKind, createsNamespace }: Brought,
): Obstacle | undefined {
  if (/does not support dry run/.test(message)) return 'webhook-without-dry-run';
  if (kind === 'kind-missing' && definesKind) return 'definition-in-app';
  return kind === 'namespace-missing' && createsNamespace ? 'namespace-in-app' : undefined;
}
