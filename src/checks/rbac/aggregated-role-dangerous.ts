// Finds ClusterRoles that put strong rights into the roles admin, edit or view.

import { parseRules, type PolicyRule, ruleCovers, type ResourceRequest } from '../../kube/rbac.ts';
import { objectCheck } from '../check.ts';
import { aggregatesInto, isBootstrapped, rbacGroup } from '../../inventory/rights/bindings.ts';
import { requestsFor } from './grant-check.ts';
import { rbacMeta } from './rbac-meta.ts';

const takeover = [
  ...['clusterroles', 'roles'].flatMap((resource) => requestsFor(['bind', 'escalate'], rbacGroup, resource)),
  ...['users', 'groups'].flatMap((resource) => requestsFor(['impersonate'], '', resource)),
];

/** What edit has already; it is news for those who hold view. */
const moreThanView = [
  ...requestsFor(['get', 'list', 'watch'], '', 'secrets'),
  ...requestsFor(['create'], '', 'serviceaccounts', 'token'),
  ...requestsFor(['impersonate'], '', 'serviceaccounts'),
  ...['pods/exec', 'pods/attach'].flatMap((path) => requestsFor(['get', 'create'], '', 'pods', path.slice(5))),
];

const moreThanEdit = ['roles', 'rolebindings'].flatMap((resource) =>
  requestsFor(['create', 'update', 'patch'], rbacGroup, resource),
);

const reading = ['get', 'list', 'watch'];

/** The weakest role that the rights flow into decides what is too much. */
function findTooMuch(rule: PolicyRule, weakest: string): string | undefined {
  if (rule.resourceNames.length > 0) return undefined;
  const forbidden: readonly ResourceRequest[] = [
    ...takeover,
    ...(weakest === 'view' ? moreThanView : []),
    ...(weakest === 'admin' ? [] : moreThanEdit),
  ];
  if (forbidden.some((request) => ruleCovers(rule, request)))
    return `allows ${rule.verbs.join(', ')} on ${rule.resources.join(', ')}`;
  const writes = rule.verbs.filter((verb) => !reading.includes(verb));
  if (weakest !== 'view' || writes.length === 0 || rule.resources.length === 0) return undefined;
  return `allows ${writes.join(', ')} on ${rule.resources.join(', ')}`;
}

export const aggregatedRoleDangerous = objectCheck(
  rbacMeta({
    id: 'aggregated-role-dangerous',
    title: 'The roles admin, edit and view stay what people take them for',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'OWASP', id: 'K03' }],
    remediation: 'Remove the aggregation label, or keep the strong rules in a role of their own.',
    minutes: 20,
  }),
  {
    kinds: [`${rbacGroup}/ClusterRole`],
    applies: (role) => !isBootstrapped(role) && aggregatesInto(role).length > 0,
    find: (role) => {
      const targets = aggregatesInto(role);
      const weakest = targets.find((name) => name === 'view') ?? targets.find((name) => name === 'edit') ?? 'admin';
      for (const [index, rule] of parseRules(role.raw['rules']).entries()) {
        const tooMuch = findTooMuch(rule, weakest);
        if (tooMuch === undefined) continue;
        return {
          message: `ClusterRole "${role.name}" adds rights to the role "${weakest}" that it is not meant to have: everybody who holds it anywhere gets them`,
          path: ['rules', index],
          evidence: `rules[${index}] ${tooMuch}; label aggregate-to-${weakest}`,
        };
      }
      return undefined;
    },
  },
);
