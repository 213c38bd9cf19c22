// Finds containers that turn the filter of system calls off.

import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { seccompOf } from './seccomp.ts';
import { isLinux } from './security-context.ts';
import { offerDefaultProfile } from './default-profile.ts';

export const seccompUnconfined = containerCheck(
  compromiseMeta({
    id: 'seccomp-unconfined',
    title: 'No container turns its seccomp profile off',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.6.2' },
      { framework: 'PSS', id: 'baseline' },
    ],
    remediation: 'Set seccompProfile.type to RuntimeDefault, or to Localhost with a profile of your own.',
    minutes: 15,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container, workload, { options }) => {
      const { type, path } = seccompOf(container, workload, options.minor);
      if (type !== 'Unconfined') return undefined;
      return {
        message: `container "${container.name}" may make any system call: its filter is turned off`,
        path,
        evidence: 'the seccomp profile is Unconfined',
      };
    },
    fix: offerDefaultProfile(
      'system calls that the default profile forbids are refused: a tracer or a program that mounts fails',
    ),
  },
);
