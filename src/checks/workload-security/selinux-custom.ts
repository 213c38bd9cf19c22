// Finds SELinux labels that take a container out of the confinement of containers.

import { seLinuxOptions } from '../../kube/pod-security/controls/se-linux-options.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { controlCheck } from './pod-security-control.ts';
import { isLinux } from './security-context.ts';

export const selinuxCustom = controlCheck(
  compromiseMeta({
    id: 'selinux-custom',
    title: 'Containers keep a container type of SELinux',
    severity: 'medium',
    references: [{ framework: 'PSS', id: 'baseline' }],
    remediation: 'Remove user, role and type from seLinuxOptions; a level alone is fine.',
    minutes: 15,
  }),
  {
    control: seLinuxOptions,
    consequence: 'on nodes with SELinux it is no longer confined as containers are',
    applies: isLinux,
    way: {
      title: 'Remove the SELinux setting',
      loss: 'files and devices that this type opened are closed, on nodes with SELinux',
    },
  },
);
