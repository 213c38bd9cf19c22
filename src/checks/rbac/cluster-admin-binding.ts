// Finds bindings to the role cluster-admin.

import { objectCheck } from '../check.ts';
import { bindingKinds, isBootstrapped, readBinding } from '../../inventory/rights/bindings.ts';
import { rbacMeta } from './rbac-meta.ts';
import { subjectsText } from './rule-check.ts';
import { offer, way } from '../fix.ts';

export const clusterAdminBinding = objectCheck(
  rbacMeta({
    id: 'cluster-admin-binding',
    title: 'Nobody of the app is cluster administrator',
    severity: 'critical',
    references: [
      { framework: 'CIS', id: '5.1.1' },
      { framework: 'MITRE', id: 'T1078' },
      { framework: 'OWASP', id: 'K03' },
    ],
    hides: ['can-become-admin'],
    remediation: 'Bind a role with the rights that are used, in the namespaces where they are used.',
    minutes: 60,
  }),
  {
    kinds: bindingKinds,
    applies: (object) => !isBootstrapped(object) && !object.name.startsWith('kubeadm:'),
    find: (object) => {
      const binding = readBinding(object);
      const { role, scope, subjects } = binding;
      if (role.kind !== 'ClusterRole' || role.name !== 'cluster-admin' || subjects.length === 0) return undefined;
      const what =
        scope === ''
          ? 'administrator of the whole cluster: nothing is left to protect it from a mistake or a break-in there'
          : `owner of namespace "${scope}", its Secrets and roles included`;
      return {
        severity: scope === '' ? 'critical' : 'high',
        message: `${object.kind} "${object.name}" makes ${subjectsText([binding])} ${what}`,
        path: ['roleRef', 'name'],
        evidence: 'roleRef is ClusterRole cluster-admin',
      };
    },
    fix: ({ kind }, { path = [] }) =>
      offer(
        ...(
          [
            ['view', 'reads all but Secrets and roles'],
            ['edit', 'reads and writes all of an app, its Secrets too, and no roles'],
            ['admin', 'reads and writes all of a namespace, its roles too'],
          ] as const
        ).map(([role, can]) =>
          way(
            {
              id: role,
              title: `Bind the role ${role} instead`,
              consequence: `it ${can}${kind === 'ClusterRoleBinding' ? ', in every namespace' : ''}; what else is used is refused; a binding that the cluster has already must be made anew`,
            },
            [{ op: 'set', path, value: role }],
          ),
        ),
      ),
  },
);
