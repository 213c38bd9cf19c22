// Finds rules that allow every verb.

import { isUnlimited, type PolicyRule } from '../../kube/rbac.ts';
import { rbacMeta } from './rbac-meta.ts';
import { ruleCheck } from './rule-check.ts';
import { offer, way } from '../fix.ts';

/** True where the rule is about custom resources alone: their groups have a domain that is not Kubernetes' own. */
export function isCustomOnly({ apiGroups }: PolicyRule): boolean {
  return apiGroups.every((group) => group.includes('.') && !group.endsWith('.k8s.io'));
}

export const wildcardVerbs = ruleCheck(
  rbacMeta({
    id: 'wildcard-verbs',
    title: 'Roles name their verbs',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.1.3' },
      { framework: 'OWASP', id: 'K03' },
    ],
    remediation: 'Write out the verbs that are used instead of "*".',
    minutes: 20,
  }),
  {
    ability: 'use every verb',
    consequence: 'this takes in deletecollection, impersonate, bind, escalate and verbs that do not exist yet',
    find: (rule) => {
      if (!rule.verbs.includes('*') || rule.resources.length === 0 || isUnlimited(rule)) return undefined;
      const resources = rule.resources.join(', ');
      return { ...(isCustomOnly(rule) ? { severity: 'low' } : {}), evidence: `allows * on ${resources}` };
    },
    fix: (_role, { path = [] }) =>
      offer(
        ...(
          [
            [
              'read',
              'Read only: get, list and watch',
              ['get', 'list', 'watch'],
              'whatever its holders write is refused',
            ],
            [
              'read-and-write',
              'The usual verbs: get, list, watch, create, update, patch and delete',
              ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete'],
              'verbs such as deletecollection, bind, escalate and impersonate are refused',
            ],
          ] as const
        ).map(([id, title, verbs, consequence]) =>
          way({ id, title, consequence }, [{ op: 'set', path: [...path, 'verbs'], value: verbs }]),
        ),
      ),
  },
);
