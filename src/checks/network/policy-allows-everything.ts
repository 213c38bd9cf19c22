// Finds rules that allow everybody on every port.

import { type Direction, rulesOf } from '../../kube/network-policy.ts';
import type { Diagnostic, KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { allowsEverything } from './isolation.ts';

function judgeDirection({ raw, name }: KubeObject, direction: Direction): Diagnostic[] {
  return rulesOf(raw, direction).flatMap((rule, index): Diagnostic[] => {
    if (!allowsEverything(rule, direction)) return [];
    const message = `policy "${name}" allows ${direction} ${direction === 'ingress' ? 'from' : 'to'} everybody on every port`;
    return [
      { message, path: ['spec', direction, index], evidence: 'the rule names neither peers nor ports that narrow it' },
    ];
  });
}

export const policyAllowsEverything = objectCheck(
  {
    id: 'policy-allows-everything',
    family: 'network',
    title: 'Network policies narrow something down',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Name the peers or the ports of the rule.',
    minutes: 15,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: (policy) => [...judgeDirection(policy, 'ingress'), ...judgeDirection(policy, 'egress')],
  },
);
