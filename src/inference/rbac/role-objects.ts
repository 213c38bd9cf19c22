// Roles and bindings as objects of Kubernetes, for one subject.

import { rbacGroup, parseAccountUser } from '../../kube/rbac-authorizer.ts';
import type { PolicyRule } from '../../kube/rbac.ts';
import type { JsonObject } from '../../model/index.ts';
import type { ScopedRules } from './infer-rules.ts';

export interface RoleSubject {
  readonly kind: 'ServiceAccount' | 'User';
  /** '' for a user. */
  readonly namespace: string;
  readonly name: string;
}

/** Who a user name of the API server is. */
export function subjectOfUser(user: string): RoleSubject {
  const account = parseAccountUser(user);
  return account === undefined ? { kind: 'User', namespace: '', name: user } : { kind: 'ServiceAccount', ...account };
}

/** A role, its binding, and the place in which they hold. */
export interface RoleWithBinding {
  readonly scope: string;
  readonly rules: readonly PolicyRule[];
  readonly role: JsonObject;
  readonly binding: JsonObject;
}

/** A rule as it is written: without the lists that it does not have. */
function ruleObject({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule): JsonObject {
  if (nonResourceURLs.length > 0) return { nonResourceURLs, verbs };
  return { apiGroups, resources, ...(resourceNames.length === 0 ? {} : { resourceNames }), verbs };
}

function subjectObject({ kind, namespace, name }: RoleSubject): JsonObject {
  return kind === 'ServiceAccount' ? { kind, name, namespace } : { kind, name, apiGroup: rbacGroup };
}

/** A name that RBAC takes: anything that can be one part of a path. */
function plain(text: string): string {
  const name = text.replaceAll(/[/%\s]/g, '-');
  return name === '.' || name === '..' ? `user${name}` : name;
}

/** `web-api-access`; for the whole cluster with the namespace of the account: `shop-web-api-access`. */
function nameFor({ namespace, name }: RoleSubject, scope: string): string {
  const own = scope === namespace || namespace === '' ? name : `${namespace}-${name}`;
  return `${plain(own)}-api-access`;
}

export interface Naming {
  /** Of all roles and bindings; made from the subject where left out. */
  readonly name?: string | undefined;
  /** Names that others have and that must not be overwritten, as `roleKey` gives them. */
  readonly taken?: ReadonlySet<string>;
}

/** The name of a role or binding with its place: '' for the whole cluster. */
export function roleKey(scope: string, name: string): string {
  return `${scope}/${name}`;
}

function freeName(name: string, scope: string, taken: ReadonlySet<string>): string {
  let free = name;
  for (let number = 2; taken.has(roleKey(scope, free)); number += 1) free = `${name}-${number}`;
  return free;
}

/** A Role with its RoleBinding for a namespace, a ClusterRole with its ClusterRoleBinding for ''. */
export function assembleRole(subject: RoleSubject, { scope, rules }: ScopedRules, naming: Naming): RoleWithBinding {
  const name = freeName(naming.name ?? nameFor(subject, scope), scope, naming.taken ?? new Set());
  const metadata = scope === '' ? { name } : { name, namespace: scope };
  const kind = scope === '' ? 'ClusterRole' : 'Role';
  const apiVersion = `${rbacGroup}/v1`;
  return {
    scope,
    rules,
    role: { apiVersion, kind, metadata, rules: rules.map(ruleObject) },
    binding: {
      apiVersion,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: rbacGroup, kind, name },
      subjects: [subjectObject(subject)],
    },
  };
}
