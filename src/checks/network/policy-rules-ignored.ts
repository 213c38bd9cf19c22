// Finds rules for a direction that policyTypes leaves out.

import { isolatedDirections, rulesOf } from '../../kube/network-policy.ts';
import { objectCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

export const policyRulesIgnored = objectCheck(
  {
    id: 'policy-rules-ignored',
    family: 'network',
    title: 'Every rule of a network policy counts',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the direction to policyTypes, or remove its rules.',
    minutes: 2,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: ({ name, raw }) =>
      (['ingress', 'egress'] as const)
        .filter((direction) => rulesOf(raw, direction).length > 0 && !isolatedDirections(raw).includes(direction))
        .map((direction) => ({
          message: `the ${direction} rules of policy "${name}" are ignored: pods stay open in that direction`,
          path: ['spec', direction],
          evidence: `policyTypes does not list ${direction === 'ingress' ? 'Ingress' : 'Egress'}`,
        })),
    fix: ({ raw }, { path = [] }) => {
      const direction = path.at(-1) === 'ingress' ? 'Ingress' : 'Egress';
      return offer(
        way(
          {
            id: 'let-rules-count',
            leavesOpen: ['dns-blocked'],
            title: `Let the rules count: add ${direction} to policyTypes`,
            consequence: `the pods are closed for ${direction.toLowerCase()} but for what these rules, and those of other policies, allow`,
          },
          [{ op: 'add', path: ['spec', 'policyTypes'], values: [direction] }],
        ),
        way(
          {
            id: 'remove-rules',
            title: 'Remove the rules that do not count',
            consequence: 'nothing changes; the pods stay open in that direction',
          },
          [removeWhole(raw, path, ['spec'])],
        ),
      );
    },
  },
);
