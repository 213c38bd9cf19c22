// Finds containers that see the node's /proc without masks.

import { procMount as control } from '../../kube/pod-security/controls/proc-mount.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { controlCheck } from './pod-security-control.ts';
import { isLinux } from './security-context.ts';

export const procMount = controlCheck(
  compromiseMeta({
    id: 'proc-mount',
    title: 'Containers keep the masks over /proc',
    severity: 'medium',
    references: [
      { framework: 'PSS', id: 'baseline' },
      { framework: 'MITRE', id: 'T1611' },
    ],
    remediation: 'Remove procMount, or use it together with hostUsers: false only.',
    minutes: 10,
  }),
  {
    control,
    consequence: 'kernel settings and memory of the node can be seen and changed through it',
    applies: isLinux,
    way: {
      title: 'Keep the usual masks over /proc',
      loss: 'a program that sets kernel parameters or runs containers of its own fails',
    },
  },
);
