// Finds containers that run as a user or group number which nodes give to their own accounts.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asNumber, type Path } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { hasUserNamespace, isLinux, settingOf } from './security-context.ts';
import { asking, offer } from '../fix.ts';
import { numberOf } from '../questions.ts';

/** Accounts of people and services on a node are below this; distributions give them from 1000 up. */
const firstUnusedId = 10_000;

interface LowId {
  readonly field: string;
  readonly words: string;
  readonly path: Path;
}

/** Fields whose number is low, root aside: that is told by checks of its own. */
function findLowIds(container: PodContainer, workload: Workload): LowId[] {
  const fields = [['runAsUser', 'user'] as const, ['runAsGroup', 'group'] as const];
  return fields.flatMap(([field, word]) => {
    const { value, path } = settingOf(container, workload, field);
    const id = asNumber(value) ?? 0;
    return id > 0 && id < firstUnusedId ? [{ field: `${field} is ${id}`, words: `${word} ${id}`, path }] : [];
  });
}

export const uidGidLow = containerCheck(
  compromiseMeta({
    id: 'uid-gid-low',
    title: 'User and group numbers of containers are no accounts of the node',
    severity: 'low',
    references: [],
    remediation: 'Choose numbers of 10000 or more, and give the files of the image to them.',
    minutes: 15,
  }),
  {
    applies: (_container, workload, { options }) => isLinux(workload) && !hasUserNamespace(workload, options.minor),
    find: (container, workload) => {
      const low = findLowIds(container, workload);
      const [first] = low;
      if (first === undefined) return undefined;
      const words = low.map((item) => item.words).join(' and ');
      return {
        message: `container "${container.name}" runs as ${words}, which an account of the node may have too`,
        path: first.path,
        evidence: `${low.map(({ field }) => field).join(', ')}; accounts of nodes are below ${firstUnusedId}`,
      };
    },
    fix: (container, _diagnostic, workload) => {
      const low = findLowIds(container, workload);
      return offer(
        asking(
          {
            id: 'name-number',
            title: 'Run under a number that no account of a node has',
            consequence:
              'files of the image and of volumes that belong to the former number are those of somebody else',
          },
          numberOf('number of the user, and of its group', 10_001, firstUnusedId, 2_147_483_647),
          (answer) => low.map(({ path }) => ({ op: 'set', path, value: Number(answer) }) as const),
        ),
      );
    },
  },
);
