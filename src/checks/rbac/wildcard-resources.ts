// Finds rules that reach every resource.

import { isUnlimited, type PolicyRule } from '../../kube/rbac.ts';
import { rbacMeta } from './rbac-meta.ts';
import { ruleCheck } from './rule-check.ts';
import { isCustomOnly } from './wildcard-verbs.ts';

function severityOf(rule: PolicyRule): 'critical' | 'high' | 'low' {
  if (isUnlimited(rule)) return 'critical';
  return isCustomOnly(rule) ? 'low' : 'high';
}

export const wildcardResources = ruleCheck(
  rbacMeta({
    id: 'wildcard-resources',
    title: 'Roles name their resources',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.3' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Write out the resources that are used instead of "*".',
    minutes: 30,
  }),
  {
    ability: 'reach every resource',
    consequence: 'this takes in Secrets, and resources that do not exist yet',
    find: (rule) => {
      if (!rule.resources.includes('*') || rule.verbs.length === 0) return undefined;
      const verbs = rule.verbs.includes('*') ? 'every verb' : rule.verbs.join(', ');
      return { severity: severityOf(rule), evidence: `allows ${verbs} on *` };
    },
  },
);
