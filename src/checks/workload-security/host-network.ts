// Finds pods that share the network namespace of the node.

import { compromiseMeta } from './compromise-meta.ts';
import { podFlagCheck } from './pod-flag.ts';

export const hostNetwork = podFlagCheck(
  compromiseMeta({
    id: 'host-network',
    title: 'Pods do not use the network of the node',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.5' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    hides: ['ingress-not-isolated', 'egress-not-isolated'],
    remediation: 'Remove hostNetwork and reach the pod through a Service.',
    minutes: 20,
  }),
  {
    field: 'hostNetwork',
    consequence:
      'use the network of the node: no network policy holds them, and they reach services that listen on the node alone',
    loss: 'the pod gets an address of its own: callers that use that of the node, and calls to what listens on the node alone, fail',
  },
);
