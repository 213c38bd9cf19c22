// Finds rules that limit create by names, which allows no create at all.

import { parseRules, type PolicyRule, ruleAllows } from '../../kube/rbac.ts';
import { objectCheck } from '../check.ts';
import { isBootstrapped, roleKinds } from '../../inventory/rights/bindings.ts';
import { rbacMeta } from './rbac-meta.ts';

/** Top-level resources that this rule means to let be created, and that no other rule does. */
function refusedResources(rule: PolicyRule, rules: readonly PolicyRule[]): readonly string[] {
  if (rule.resourceNames.length === 0 || !rule.verbs.includes('create')) return [];
  return rule.resources.filter(
    (resource) =>
      !resource.includes('/') &&
      !rule.apiGroups.every((group) =>
        rules.some((other) => other !== rule && ruleAllows(other, { verb: 'create', group, resource })),
      ),
  );
}

export const resourceNamesWithCreate = objectCheck(
  rbacMeta({
    id: 'resource-names-with-create',
    title: 'No rule limits create by names',
    leg: 'deployment',
    severity: 'medium',
    references: [],
    remediation: 'Move create into a rule of its own without resourceNames.',
    minutes: 5,
  }),
  {
    kinds: roleKinds,
    applies: (role) => !isBootstrapped(role),
    find: (role) => {
      const rules = parseRules(role.raw['rules']);
      return rules.flatMap((rule, index) => {
        const resources = refusedResources(rule, rules);
        if (resources.length === 0) return [];
        return {
          message: `${role.kind} "${role.name}" limits create on ${resources.join(', ')} by names: a plain create request has no name yet and is refused`,
          path: ['rules', index, 'resourceNames'],
          evidence: `rules[${index}] has verb create and resourceNames ${rule.resourceNames.join(', ')}`,
        };
      });
    },
  },
);
