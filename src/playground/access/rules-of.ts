// The rules that bindings of the store give a user, and through which binding.

import { grantedRules, rbacGroup, type RbacObjects } from '../../kube/rbac-authorizer.ts';
import type { PolicyRule } from '../../kube/rbac.ts';
import { asObject, asString, type JsonObject, toText } from '../../model/index.ts';
import type { Kernel, User } from '../kernel.ts';
import { nameOf, namespaceOf } from '../objects/edit.ts';

export interface GrantedRule {
  readonly rule: PolicyRule;
  /** As the authorizer tells it: `RBAC: allowed by ClusterRoleBinding "x" of ClusterRole "y" to User "z"`. */
  readonly reason: string;
}

function objectsOf({ store }: Kernel): RbacObjects {
  return {
    clusterRoleBindings: () => store.list(`${rbacGroup}/clusterrolebindings`),
    roleBindings: (namespace) =>
      store.list(`${rbacGroup}/rolebindings`).filter((each) => namespaceOf(each) === namespace),
    role: (kind, namespace, name) =>
      store.get(`${rbacGroup}/${kind === 'Role' ? 'roles' : 'clusterroles'}`, namespace, name),
  };
}

function subjectText(subject: JsonObject, bindingNamespace: string): string {
  const name = asString(subject['name']) ?? '';
  if (subject['kind'] !== 'ServiceAccount') return `${toText(subject['kind'])} "${name}"`;
  return `ServiceAccount "${name}/${asString(subject['namespace']) || bindingNamespace}"`;
}

function reasonOf(binding: JsonObject, subject: JsonObject): string {
  const namespace = namespaceOf(binding);
  const roleRef = asObject(binding['roleRef']);
  const place =
    namespace === '' ? `ClusterRoleBinding "${nameOf(binding)}"` : `RoleBinding "${nameOf(binding)}/${namespace}"`;
  return `RBAC: allowed by ${place} of ${toText(roleRef['kind'])} "${toText(roleRef['name'])}" to ${subjectText(subject, namespace)}`;
}

/** Rules that hold in a namespace, those of the whole cluster first; only these for '' (no namespace). */
export function rulesOf(kernel: Kernel, user: User, namespace: string): GrantedRule[] {
  return grantedRules(objectsOf(kernel), user, namespace).map(({ rule, binding, subject }) => ({
    rule,
    reason: reasonOf(binding, subject),
  }));
}
