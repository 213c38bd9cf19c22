// Finds security settings that exclude each other: the API server refuses the pod, or the kubelet never starts it.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asObject, type Diagnostic } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { capabilityEntries } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux, settingOf } from './security-context.ts';

function findNonRootAsRoot(container: PodContainer, workload: Workload): Diagnostic[] {
  const user = settingOf(container, workload, 'runAsUser');
  if (user.value !== 0 || settingOf(container, workload, 'runAsNonRoot').value !== true) return [];
  return [
    {
      message: `container "${container.name}" never starts: it must not be root and is told to be root`,
      path: user.path,
      evidence: 'runAsNonRoot is true and runAsUser is 0',
    },
  ];
}

// Source: ValidateSecurityContext of Kubernetes 1.36, which compares this one capability with its prefix.
function findEscalation(container: PodContainer): Diagnostic[] {
  const context = asObject(container.raw['securityContext']);
  if (context['allowPrivilegeEscalation'] !== false) return [];
  const isAdmin = capabilityEntries(container, 'add').some(({ written }) => written === 'CAP_SYS_ADMIN');
  const reason = context['privileged'] === true ? 'privileged is true' : isAdmin ? 'CAP_SYS_ADMIN is added' : undefined;
  if (reason === undefined) return [];
  return [
    {
      message: `the API server refuses container "${container.name}": it cannot both have all privileges and be kept from gaining them`,
      path: [...container.path, 'securityContext', 'allowPrivilegeEscalation'],
      evidence: `allowPrivilegeEscalation is false and ${reason}`,
    },
  ];
}

export const securityContextContradiction = containerCheck(
  compromiseMeta({
    id: 'security-context-contradiction',
    title: 'Security settings of a container fit together',
    leg: 'deployment',
    level: 1,
    severity: 'high',
    references: [],
    remediation: 'Keep the setting that is meant and remove the other.',
    minutes: 10,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container, workload) => [...findNonRootAsRoot(container, workload), ...findEscalation(container)],
  },
);
