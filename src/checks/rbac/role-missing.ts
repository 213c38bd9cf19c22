// Finds bindings to roles that are not there.

import { asObject, asString, type Diagnostic, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { bindingKinds, rbacGroup, readBinding } from '../../inventory/rights/bindings.ts';
import { isBuiltInClusterRole, isBuiltInRole } from '../../inventory/rights/built-in-roles.ts';
import { rbacMeta } from './rbac-meta.ts';
import { nearName } from '../near-name.ts';
import { offer, way } from '../fix.ts';

/** What the API server refuses, or `undefined`. */
function findRefused(object: KubeObject): Diagnostic | undefined {
  const reference = asObject(object.raw['roleRef']);
  const kind = asString(reference['kind']) ?? '';
  const allowed = object.kind === 'RoleBinding' ? ['Role', 'ClusterRole'] : ['ClusterRole'];
  if (kind === '' || allowed.includes(kind)) return undefined;
  return {
    message: `${object.kind} "${object.name}" names a ${kind}, which the API server refuses here`,
    path: ['roleRef', 'kind'],
    evidence: `roleRef.kind is ${kind}; allowed: ${allowed.join(', ')}`,
  };
}

export const roleMissing = objectCheck(
  rbacMeta({
    id: 'role-missing',
    title: 'Bindings name roles that exist',
    severity: 'medium',
    references: [{ framework: 'OWASP', id: 'K03' }],
    remediation: 'Add the role to the manifests or correct the name; a binding to nothing is best removed.',
    minutes: 10,
    settledBy: 'a look at the target cluster',
  }),
  {
    kinds: bindingKinds,
    find: (object, { inventory }) => {
      const refused = findRefused(object);
      if (refused !== undefined) return refused;
      const { role } = readBinding(object);
      if (role.name === '' || inventory.find({ group: rbacGroup, ...role }) !== undefined) return undefined;
      if (role.kind === 'ClusterRole' && isBuiltInClusterRole(role.name)) return undefined;
      if (role.kind === 'Role' && isBuiltInRole(role.namespace, role.name)) return undefined;
      const name = `${role.kind} "${role.name}"`;
      const path = ['roleRef', 'name'];
      if (role.kind === 'Role')
        return {
          message: `${object.kind} "${object.name}" binds ${name}, which is not in the input: it gives no rights, until somebody makes a role of this name`,
          path,
          evidence: `no Role of this name in namespace ${role.namespace}`,
        };
      return {
        verdict: 'unknown',
        message: `${object.kind} "${object.name}" binds ${name}, which is not in the input: its rights are not known`,
        path,
        evidence: `would be settled by a look at the target cluster: ClusterRole ${role.name}`,
      };
    },
    fix: (object, { path = [] }, { inventory }) => {
      const { role } = readBinding(object);
      if (path.at(-1) !== 'name') return undefined;
      const known = inventory
        .ofKind(`${rbacGroup}/${role.kind}`)
        .filter(({ namespace }) => namespace === role.namespace);
      const near = nearName(
        role.name,
        known.map(({ name }) => name),
      );
      if (near === undefined) return undefined;
      return offer(
        way(
          {
            id: 'near-name',
            title: `Bind ${role.kind} "${near}"`,
            consequence:
              'its holders get the rights of that role; a binding that the cluster has already must be made anew',
          },
          [{ op: 'set', path, value: near }],
        ),
      );
    },
  },
);
