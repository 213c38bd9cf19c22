// Finds roles that nobody is given: rights that wait for a binding.

import { type Inventory } from '../../inventory/index.ts';
import { bindingKinds, rbacGroup, readBinding } from '../../inventory/rights/bindings.ts';
import { isBuiltInClusterRole, isBuiltInRole } from '../../inventory/rights/built-in-roles.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { rbacMeta } from './rbac-meta.ts';

function keyOf({ kind, namespace, name }: Pick<KubeObject, 'kind' | 'namespace' | 'name'>): string {
  return `${kind}/${namespace}/${name}`;
}

function boundRoles(inventory: Inventory): ReadonlySet<string> {
  return new Set(
    bindingKinds.flatMap((kind) => inventory.ofKind(kind)).map((binding) => keyOf(readBinding(binding).role)),
  );
}

/** Part of another role by its labels: the aggregated role is bound, not this one. */
function isAggregated({ raw }: KubeObject): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  return Object.keys(labels).some((label) => label.startsWith('rbac.authorization.k8s.io/aggregate-to-'));
}

function isBuiltIn({ kind, namespace, name, raw }: KubeObject): boolean {
  const labels = asObject(asObject(raw['metadata'])['labels']);
  if (labels['kubernetes.io/bootstrapping'] === 'rbac-defaults') return true;
  return kind === 'ClusterRole' ? isBuiltInClusterRole(name) : isBuiltInRole(namespace, name);
}

export const roleUnused = objectCheck(
  rbacMeta({
    id: 'role-unused',
    title: 'Every role is given to somebody',
    level: 2,
    severity: 'low',
    references: [{ framework: 'NSA', id: 'RBAC' }],
    remediation: 'Remove the role, or bind it to the account it was made for.',
    minutes: 5,
    settledBy: 'a look at the target cluster',
  }),
  {
    kinds: [`${rbacGroup}/Role`, `${rbacGroup}/ClusterRole`],
    applies: (role) => !isBuiltIn(role) && !isAggregated(role) && role.raw['aggregationRule'] === undefined,
    find: (role, { inventory }) => {
      if (inventory.derive(boundRoles).has(keyOf(role))) return undefined;
      const { kind, name } = role;
      const path = ['metadata', 'name'];
      // A ClusterRole of files may be bound by somebody else in the cluster: that is what it is for.
      if (kind === 'ClusterRole' && inventory.snapshot.facts.cluster === undefined)
        return {
          verdict: 'unknown',
          message: `nothing in the input binds ClusterRole "${name}": whether anybody has its rights is not known`,
          path,
          evidence: 'would be settled by a look at the target cluster',
        };
      return {
        message: `nobody is given ${kind} "${name}": a binding by mistake or on purpose is enough to wake its rights`,
        path,
        evidence: 'no binding names it',
      };
    },
  },
);
