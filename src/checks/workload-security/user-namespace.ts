// Finds pods that need root or capabilities and could have them in a user namespace of their own.

import type { Workload } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';
import { capabilityEntries } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux, isPrivileged, userOf } from './security-context.ts';
import { offerValue } from '../fix.ts';

export function sharesWithNode({ spec, containers }: Workload): boolean {
  const isShared = ['hostNetwork', 'hostPID', 'hostIPC'].some((field) => spec[field] === true);
  return isShared || containers.some(isPrivileged);
}

function needsRights(workload: Workload): boolean {
  return workload.containers.some(
    (container) =>
      userOf(container, workload) === 0 ||
      capabilityEntries(container, 'add').some(({ name }) => name !== 'NET_BIND_SERVICE'),
  );
}

export const userNamespace = workloadCheck(
  compromiseMeta({
    id: 'user-namespace',
    title: 'Pods that need root have it in a user namespace',
    severity: 'low',
    references: [{ framework: 'Kubernetes', id: 'User Namespaces' }],
    remediation: 'Set hostUsers: false, and try it on the nodes: kernel and runtime must support it.',
    minutes: 20,
  }),
  {
    // On by default from 1.33 (KEP-127); pods that share namespaces with the node cannot have one.
    applies: (workload, { options }) =>
      options.minor >= 33 && isLinux(workload) && needsRights(workload) && !sharesWithNode(workload),
    find: ({ object, spec, specPath }) => {
      if (spec['hostUsers'] === false) return undefined;
      return {
        message: `pods of "${object.name}" have rights of root that count on the node too`,
        path: [...specPath, 'hostUsers'],
        evidence: 'hostUsers is not false, and a container runs as root or adds capabilities',
      };
    },
    fix: offerValue(false, {
      id: 'user-namespace',
      title: 'Give the pods users of their own',
      consequence:
        'nodes whose kernel, runtime or file systems of volumes do not support it refuse to start them: try it on the target cluster',
    }),
  },
);
