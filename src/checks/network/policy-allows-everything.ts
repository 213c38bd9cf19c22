// Finds rules that allow everybody on every port.

import { type Direction, peersOf, rulesOf } from '../../kube/network-policy.ts';
import { asArray, asObject, type Diagnostic, type JsonObject, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

function isEverybody(peer: JsonObject): boolean {
  const block = asObject(peer['ipBlock']);
  return (block['cidr'] === '0.0.0.0/0' || block['cidr'] === '::/0') && asArray(block['except']).length === 0;
}

function judgeDirection({ raw, name }: KubeObject, direction: Direction): Diagnostic[] {
  return rulesOf(raw, direction).flatMap((rule, index): Diagnostic[] => {
    const open = peersOf(rule, direction)?.some(isEverybody) ?? true;
    if (!open || asArray(rule['ports']).length > 0) return [];
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
