// Finds containers that run as whatever user the image names, root included.

import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hasUserNamespace, isKeptFromRoot, isLinux, settingOf, userOf } from './security-context.ts';
import { askUser, runAsImageDoes } from './users.ts';
import { offer, way } from '../fix.ts';

export const runAsNonRoot = containerCheck(
  compromiseMeta({
    id: 'run-as-non-root',
    title: 'Containers are kept from running as root',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.7' },
      { framework: 'PSS', id: 'restricted' },
      { framework: 'NSA', id: 'Non-root containers' },
      { framework: 'OWASP', id: 'K01' },
    ],
    remediation:
      'Set runAsNonRoot: true in the securityContext of the pod, and a numeric user in the image or runAsUser.',
    minutes: 20,
  }),
  {
    applies: (_container, workload, { options }) => isLinux(workload) && !hasUserNamespace(workload, options.minor),
    find: (container, workload) => {
      // A user named in the manifest is judged by uid-zero.
      if (userOf(container, workload) !== undefined || isKeptFromRoot(container, workload)) return undefined;
      const { value, path } = settingOf(container, workload, 'runAsNonRoot');
      return {
        message: `nothing keeps container "${container.name}" from running as root: its image decides, and most images say root`,
        path,
        evidence: `runAsNonRoot is ${value === undefined ? 'not set' : 'false'} and no runAsUser is given, by container or pod`,
      };
    },
    fix: (container, _diagnostic, workload) =>
      offer(
        runAsImageDoes(container),
        way(
          {
            id: 'refuse-root',
            title: 'Refuse to start the container as root',
            consequence: 'it does not start where its image runs as root, or names its user in letters',
          },
          [{ op: 'set', path: [...container.path, 'securityContext', 'runAsNonRoot'], value: true }],
        ),
        askUser(container, workload),
      ),
  },
);
