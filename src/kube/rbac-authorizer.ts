// Which rules hold for a user in a place, from roles and bindings: the lookup of Kubernetes' RBAC authorizer over raw objects.

import { asArray, asObject, asString, type JsonObject, pushTo } from '../model/index.ts';
import { parseRules, type PolicyRule, type ResourceRequest, ruleAllows, ruleAllowsUrl } from './rbac.ts';

export interface RbacUser {
  /** As the API server has it: `jana`, `system:serviceaccount:shop:web`. */
  readonly name: string;
  readonly groups: readonly string[];
}

/** Where roles and bindings come from: a store, or lists. */
export interface RbacObjects {
  readonly clusterRoleBindings: () => Iterable<JsonObject>;
  readonly roleBindings: (namespace: string) => Iterable<JsonObject>;
  /** `namespace` is '' for a ClusterRole. */
  readonly role: (kind: 'Role' | 'ClusterRole', namespace: string, name: string) => JsonObject | undefined;
}

export interface GrantedRule {
  readonly rule: PolicyRule;
  /** Place of the rule in the role's `rules`. */
  readonly index: number;
  readonly role: JsonObject;
  readonly binding: JsonObject;
  /** The first subject of the binding that is the user. */
  readonly subject: JsonObject;
}

export const rbacGroup = 'rbac.authorization.k8s.io';
const accountPrefix = 'system:serviceaccount:';

/** The user name of a service account, as tokens carry it. */
export function accountUserName(namespace: string, name: string): string {
  return `${accountPrefix}${namespace}:${name}`;
}

/** Groups of every service account's token. Source: `MakeGroupNames` of the API server, and what authentication adds. */
export function accountGroups(namespace: string): readonly string[] {
  return ['system:serviceaccounts', `system:serviceaccounts:${namespace}`, 'system:authenticated'];
}

/** `{namespace, name}` of the account that a user name stands for. */
export function parseAccountUser(user: string): { readonly namespace: string; readonly name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

/** Whether a subject of a binding is the user; an account without namespace is one of the binding's own. */
export function isSubject(subject: JsonObject, user: RbacUser, bindingNamespace: string): boolean {
  const name = asString(subject['name']) ?? '';
  switch (subject['kind']) {
    case 'User':
      return user.name === name;
    case 'Group':
      return user.groups.includes(name);
    case 'ServiceAccount':
      return user.name === accountUserName(asString(subject['namespace']) || bindingNamespace, name);
    default:
      return false;
  }
}

function namespaceOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['namespace']) ?? '';
}

function grantsOf(objects: RbacObjects, binding: JsonObject, user: RbacUser): GrantedRule[] {
  const namespace = binding['kind'] === 'ClusterRoleBinding' ? '' : namespaceOf(binding);
  const subject = asArray(binding['subjects'])
    .map(asObject)
    .find((each) => isSubject(each, user, namespace));
  if (subject === undefined) return [];
  const reference = asObject(binding['roleRef']);
  const kind = reference['kind'] === 'Role' ? 'Role' : 'ClusterRole';
  const role = objects.role(kind, kind === 'Role' ? namespace : '', asString(reference['name']) ?? '');
  if (role === undefined) return [];
  return parseRules(role['rules']).map((rule, index) => ({ rule, index, role, binding, subject }));
}

/** Rules that hold in a namespace, those of the whole cluster first; only these for '' (no namespace). */
export function grantedRules(objects: RbacObjects, user: RbacUser, namespace: string): GrantedRule[] {
  const local = namespace === '' ? [] : objects.roleBindings(namespace);
  return [...objects.clusterRoleBindings(), ...local].flatMap((binding) => grantsOf(objects, binding, user));
}

/** A request for a resource in a namespace ('' for none), or for a path that is no resource. */
export type AccessRequest =
  | (ResourceRequest & { readonly namespace: string })
  | { readonly verb: string; readonly url: string };

/** The first rule that allows the request; `undefined` where none does. Members of `system:masters` need none. */
export function findGrant(objects: RbacObjects, user: RbacUser, request: AccessRequest): GrantedRule | undefined {
  if ('url' in request)
    return grantedRules(objects, user, '').find(({ rule }) => ruleAllowsUrl(rule, request.verb, request.url));
  return grantedRules(objects, user, request.namespace).find(({ rule }) => ruleAllows(rule, request));
}

/** Where an object belongs: '' for the whole cluster; `undefined` for what is none of ours, or has no namespace and needs one. */
function scopeOf(object: JsonObject): string | undefined {
  const { kind } = object;
  if (kind === 'ClusterRole' || kind === 'ClusterRoleBinding') return '';
  return kind === 'Role' || kind === 'RoleBinding' ? namespaceOf(object) || undefined : undefined;
}

/** Roles and bindings of a list, by kind and namespace. Without its namespace, a Role is no role and a RoleBinding binds nobody. */
export function rbacObjectsOf(list: readonly JsonObject[]): RbacObjects {
  const roles = new Map<string, JsonObject>();
  const bindings = new Map<string, JsonObject[]>();
  for (const object of list) {
    const scope = scopeOf(object);
    if (scope === undefined) continue;
    const name = asString(asObject(object['metadata'])['name']) ?? '';
    if (object['roleRef'] === undefined) roles.set(`${scope}/${name}`, object);
    else pushTo(bindings, scope, object);
  }
  return {
    clusterRoleBindings: () => bindings.get('') ?? [],
    roleBindings: (namespace) => bindings.get(namespace) ?? [],
    role: (_, namespace, name) => roles.get(`${namespace}/${name}`),
  };
}
