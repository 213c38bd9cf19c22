// Finds policy ports without a protocol.

import { asArray, asObject, asString } from '../../model/index.ts';
import { type Direction, rulesOf } from '../../kube/network-policy.ts';
import type { Diagnostic, KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

function judgeDirection({ raw, name }: KubeObject, direction: Direction): Diagnostic[] {
  return rulesOf(raw, direction).flatMap((rule, at) =>
    asArray(rule['ports']).flatMap((entry, index): Diagnostic[] => {
      const port = asObject(entry);
      if (asString(port['protocol']) !== undefined || port['port'] !== 53) return [];
      const message = `policy "${name}" allows port 53 for TCP only, but DNS asks over UDP`;
      return [
        { message, path: ['spec', direction, at, 'ports', index], evidence: 'protocol is not set, which means TCP' },
      ];
    }),
  );
}

export const policyProtocolImplicit = objectCheck(
  {
    id: 'policy-protocol-implicit',
    family: 'network',
    title: 'Ports of network policies name their protocol',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add protocol: TCP, UDP or SCTP to each port.',
    minutes: 2,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: (policy) => [...judgeDirection(policy, 'ingress'), ...judgeDirection(policy, 'egress')],
    fix: (_, { path = [] }) => [{ op: 'set', path: [...path, 'protocol'], value: 'TCP' }],
  },
);
