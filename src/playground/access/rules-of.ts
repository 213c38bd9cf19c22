// The rules that bindings give a user, and through which binding. Source: the RBAC authorizer of Kubernetes.

import { parseRules, type PolicyRule } from '../../kube/rbac.ts';
import { asArray, asObject, asString, type JsonObject, toText } from '../../model/index.ts';
import type { Kernel, User } from '../kernel.ts';
import { nameOf, namespaceOf } from '../objects/edit.ts';

export interface GrantedRule {
  readonly rule: PolicyRule;
  /** As the authorizer tells it: `RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to User "z"`. */
  readonly reason: string;
}

const rbac = 'rbac.authorization.k8s.io';

/** The subject's name as messages have it; `undefined` where it is not this user. */
function subjectText(subject: JsonObject, user: User, bindingNamespace: string): string | undefined {
  const { kind } = subject;
  const name = asString(subject['name']) ?? '';
  if (kind === 'User') return user.name === name ? `User "${name}"` : undefined;
  if (kind === 'Group') return user.groups.includes(name) ? `Group "${name}"` : undefined;
  if (kind !== 'ServiceAccount') return undefined;
  const namespace = asString(subject['namespace']) ?? bindingNamespace;
  const isThisOne = user.name === `system:serviceaccount:${namespace}:${name}`;
  return isThisOne ? `ServiceAccount "${name}/${namespace}"` : undefined;
}

function rulesOfRole({ store }: Kernel, roleRef: JsonObject, namespace: string): PolicyRule[] {
  const name = asString(roleRef['name']) ?? '';
  const isNamespaced = roleRef['kind'] === 'Role';
  const role = isNamespaced ? store.get(`${rbac}/roles`, namespace, name) : store.get(`${rbac}/clusterroles`, '', name);
  return parseRules(role?.['rules']);
}

function grantsOf(kernel: Kernel, binding: JsonObject, user: User): GrantedRule[] {
  const namespace = namespaceOf(binding);
  const subject = asArray(binding['subjects'])
    .map((each) => subjectText(asObject(each), user, namespace))
    .find((each) => each !== undefined);
  if (subject === undefined) return [];
  const roleRef = asObject(binding['roleRef']);
  const place =
    namespace === '' ? `ClusterRoleBinding "${nameOf(binding)}"` : `RoleBinding "${nameOf(binding)}/${namespace}"`;
  const reason = `RBAC: allowed by ${place} of ${toText(roleRef['kind'])} "${toText(roleRef['name'])}" to ${subject}`;
  return rulesOfRole(kernel, roleRef, namespace).map((rule) => ({ rule, reason }));
}

/** Rules that hold in a namespace, those of the whole cluster first; only these for '' (no namespace). */
export function rulesOf(kernel: Kernel, user: User, namespace: string): GrantedRule[] {
  const { store } = kernel;
  const local =
    namespace === '' ? [] : store.list(`${rbac}/rolebindings`).filter((each) => namespaceOf(each) === namespace);
  return [...store.list(`${rbac}/clusterrolebindings`), ...local].flatMap((binding) => grantsOf(kernel, binding, user));
}
