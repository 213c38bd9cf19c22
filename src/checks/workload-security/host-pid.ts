// Finds pods that share the process namespace of the node.

import { compromiseMeta } from './compromise-meta.ts';
import { podFlagCheck } from './pod-flag.ts';

export const hostPid = podFlagCheck(
  compromiseMeta({
    id: 'host-pid',
    title: 'Pods do not see the processes of the node',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.3' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove hostPID; share processes between containers of the pod with shareProcessNamespace.',
    minutes: 20,
  }),
  {
    field: 'hostPID',
    consequence: 'see all processes of the node, with their environment, and may signal those of the same user',
    loss: 'a program that watches or signals processes of the node sees its own pod only',
  },
);
