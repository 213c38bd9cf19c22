// Finds kernel parameters that reach beyond the pod or that nodes refuse.

import { sysctls } from '../../kube/pod-security/controls/sysctls.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { controlCheck } from './pod-security-control.ts';
import { isLinux } from './security-context.ts';

export const unsafeSysctls = controlCheck(
  compromiseMeta({
    id: 'unsafe-sysctls',
    title: 'Pods set only safe kernel parameters',
    severity: 'medium',
    references: [{ framework: 'PSS', id: 'baseline' }],
    remediation: 'Remove the parameter, or have an administrator set it on nodes of its own.',
    minutes: 20,
  }),
  {
    control: sysctls,
    consequence:
      "it is not on Kubernetes' list of safe ones, so nodes refuse the pod unless they are configured to allow it",
    applies: isLinux,
    way: {
      title: 'Remove the kernel parameter',
      loss: 'the program runs with the value of the node',
    },
    above: 1,
  },
);
