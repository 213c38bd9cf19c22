// The shape of two checks: a numeric user or group that may also be somebody's on the node.

import { asNumber, type CheckMeta } from '../../model/index.ts';
import { containerCheck, type ContainerCheck } from '../check.ts';
import { hasUserNamespace, isLinux, settingOf } from './security-context.ts';

/** Accounts of people and services on a node are below this; distributions give them from 1000 up. */
const firstUnusedId = 10_000;

/** A check that a container's `field`, where it is set and not root, is a number that no account of the node has. */
export function lowIdCheck(meta: CheckMeta, field: 'runAsUser' | 'runAsGroup'): ContainerCheck {
  const word = field === 'runAsUser' ? 'user' : 'group';
  return containerCheck(meta, {
    applies: (_container, workload, { options }) => isLinux(workload) && !hasUserNamespace(workload, options.minor),
    find: (container, workload) => {
      const { value, path } = settingOf(container, workload, field);
      const id = asNumber(value) ?? 0;
      if (id <= 0 || id >= firstUnusedId) return undefined;
      return {
        message: `container "${container.name}" runs as ${word} ${id}, which may be an account of the node too`,
        path,
        evidence: `${field} is ${id}, below ${firstUnusedId}`,
      };
    },
  });
}
