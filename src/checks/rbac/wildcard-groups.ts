// Finds rules for named resources in whatever API group.

import { rbacMeta } from './rbac-meta.ts';
import { ruleCheck } from './rule-check.ts';

export const wildcardGroups = ruleCheck(
  rbacMeta({
    id: 'wildcard-groups',
    title: 'Roles name their API groups',
    severity: 'low',
    references: [
      { framework: 'CIS', id: '5.1.3' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Write out the API group of each resource instead of "*".',
    minutes: 10,
  }),
  {
    ability: 'reach resources of these names in every API group',
    consequence: 'a definition that is installed later may use one of the names',
    find: ({ apiGroups, resources }) => {
      if (!apiGroups.includes('*') || resources.length === 0 || resources.includes('*')) return undefined;
      return { evidence: `allows ${resources.join(', ')} of apiGroups "*"` };
    },
  },
);
