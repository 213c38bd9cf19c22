// Finds security settings that exclude each other: the API server refuses the pod, or the kubelet never starts it.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asObject, type Diagnostic, type Path } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { capabilityEntries } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isLinux, settingOf } from './security-context.ts';
import { offer, removeWhole, way } from '../fix.ts';

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

/** What gives the privileges, from the end of lists on. */
function privilegesOf(container: PodContainer): Path[] {
  const admin = capabilityEntries(container, 'add').filter(({ written }) => written === 'CAP_SYS_ADMIN');
  return [...admin.map(({ path }) => path).toReversed(), [...container.path, 'securityContext', 'privileged']];
}

export const securityContextContradiction = containerCheck(
  compromiseMeta({
    id: 'security-context-contradiction',
    title: 'Security settings of a container fit together',
    leg: 'deployment',
    level: 1,
    severity: 'high',
    references: [],
    hides: ['privilege-escalation', 'seccomp-unset', 'capabilities-not-dropped', 'capabilities-net-raw'],
    remediation: 'Keep the setting that is meant and remove the other.',
    minutes: 10,
  }),
  {
    applies: (_container, workload) => isLinux(workload),
    find: (container, workload) => [...findNonRootAsRoot(container, workload), ...findEscalation(container)],
    fix: (container, { path = [] }, workload) => {
      const { raw } = workload.object;
      if (path.at(-1) === 'runAsUser')
        return offer(
          way(
            {
              id: 'not-root',
              title: 'Do not ask for the user root',
              consequence: 'the user of the image counts: it does not start where that is root, or named in letters',
            },
            [removeWhole(raw, path, workload.specPath)],
          ),
          way(
            {
              id: 'allow-root',
              leavesOpen: ['uid-zero', 'run-as-non-root'],
              title: 'Let the container run as root',
              consequence: 'whoever breaks into it is root in it',
            },
            [removeWhole(raw, settingOf(container, workload, 'runAsNonRoot').path, workload.specPath)],
          ),
        );
      return offer(
        way(
          {
            id: 'keep-privileges',
            title: 'Keep the privileges',
            consequence: 'the container has every right on its node, as its other setting says',
          },
          [removeWhole(raw, path, container.path)],
        ),
        way(
          {
            id: 'drop-privileges',
            title: 'Keep the container from gaining privileges',
            consequence:
              'devices, mounts and kernel settings of the node are out of reach: a program that needs them fails',
          },
          privilegesOf(container).map((at) => removeWhole(raw, at, container.path)),
        ),
      );
    },
  },
);
