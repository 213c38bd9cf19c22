// Finds containers whose manifest asks for the user root.

import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hasUserNamespace, isLinux, settingOf } from './security-context.ts';
import { askUser } from './users.ts';
import { offer, way } from '../fix.ts';
import { sharesWithNode } from './user-namespace.ts';

export const uidZero = containerCheck(
  compromiseMeta({
    id: 'uid-zero',
    title: 'No container asks for the user root',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.7' },
      { framework: 'PSS', id: 'restricted' },
      { framework: 'NSA', id: 'Non-root containers' },
    ],
    remediation: 'Name another user in runAsUser, or give root its own user namespace with hostUsers: false.',
    minutes: 30,
  }),
  {
    applies: (_container, workload, { options }) => isLinux(workload) && !hasUserNamespace(workload, options.minor),
    find: (container, workload) => {
      const { value, path } = settingOf(container, workload, 'runAsUser');
      // With runAsNonRoot it never starts: security-context-contradiction tells that.
      if (value !== 0 || settingOf(container, workload, 'runAsNonRoot').value === true) return undefined;
      return {
        message: `container "${container.name}" runs as root, the same user as root on the node`,
        path,
        evidence: 'runAsUser is 0',
      };
    },
    fix: (container, _diagnostic, workload, { options }) =>
      offer(
        askUser(container, workload),
        options.minor >= 33 && !sharesWithNode(workload)
          ? way(
              {
                id: 'user-namespace',
                title: 'Keep root, in a user namespace of the pod',
                consequence:
                  'nodes whose kernel, runtime or file systems of volumes do not support it refuse to start the pod: try it on the target cluster',
              },
              [{ op: 'set', path: [...workload.specPath, 'hostUsers'], value: false }],
            )
          : undefined,
      ),
  },
);
