// Finds containers that name no seccomp profile.

import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { seccompOf } from './seccomp.ts';
import { isLinux, isPrivileged } from './security-context.ts';

export const seccompUnset = containerCheck(
  compromiseMeta({
    id: 'seccomp-unset',
    title: 'Containers run under a seccomp profile',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.6.2' },
      { framework: 'PSS', id: 'restricted' },
    ],
    remediation: 'Set seccompProfile.type: RuntimeDefault in the securityContext of the pod.',
    minutes: 5,
  }),
  {
    // Runtimes give no profile to a privileged container, whatever it asks for.
    applies: (container, workload) => isLinux(workload) && !isPrivileged(container),
    find: (container, workload, { options }) => {
      const { type, path, ignored } = seccompOf(container, workload, options.minor);
      if (type !== undefined) return undefined;
      return {
        message: `container "${container.name}" may make any system call, unless each node's kubelet has a default profile`,
        path,
        evidence:
          ignored === undefined
            ? 'seccompProfile is not set, by container or pod'
            : `seccompProfile is not set, and the annotation ${ignored} has no effect since Kubernetes 1.27`,
      };
    },
    fix: (_container, _diagnostic, { specPath }, { options }) =>
      options.minor < 19
        ? undefined
        : [{ op: 'set', path: [...specPath, 'securityContext', 'seccompProfile', 'type'], value: 'RuntimeDefault' }],
  },
);
