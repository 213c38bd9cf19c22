// Finds pods that share the memory namespace of the node.

import { compromiseMeta } from './compromise-meta.ts';
import { podFlagCheck } from './pod-flag.ts';

export const hostIpc = podFlagCheck(
  compromiseMeta({
    id: 'host-ipc',
    title: 'Pods do not share memory with the node',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.4' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove hostIPC; containers of one pod share memory anyway.',
    minutes: 20,
  }),
  {
    field: 'hostIPC',
    consequence: 'share memory and semaphores with all processes of the node',
    loss: 'a program that shares memory with one of the node, or of another pod, loses it',
  },
);
