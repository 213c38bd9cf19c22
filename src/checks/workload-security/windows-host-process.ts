// Finds Windows containers that are processes of the node.

import { windowsHostProcess as control } from '../../kube/pod-security/controls/windows-host-process.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { controlCheck } from './pod-security-control.ts';

export const windowsHostProcess = controlCheck(
  compromiseMeta({
    id: 'windows-host-process',
    title: 'Windows containers are not processes of the node',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.10' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove windowsOptions.hostProcess and run the program in an ordinary container.',
    minutes: 30,
  }),
  {
    control,
    consequence: 'it has the rights of its user on the whole node',
    way: {
      title: 'Run the program in an ordinary container',
      loss: 'what it does to the node itself fails',
    },
  },
);
