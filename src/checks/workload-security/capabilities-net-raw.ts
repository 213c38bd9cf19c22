// Finds containers that can write raw network packets.

import type { Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asObject, type Diagnostic } from '../../model/index.ts';
import { containerCheck } from '../check.ts';
import { capabilityEntries, dropsAll } from './capabilities.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { isKeptFromRoot, isLinux, isPrivileged } from './security-context.ts';
import { offer, removeWhole, way } from '../fix.ts';

/** Capabilities of a process that is not root come from files of the image only, and not with no_new_privs. */
function canUseNone(container: PodContainer, workload: Workload): boolean {
  const context = asObject(container.raw['securityContext']);
  return isKeptFromRoot(container, workload) && context['allowPrivilegeEscalation'] === false;
}

function findNetRaw(container: PodContainer): Diagnostic | undefined {
  // A capability that is both added and dropped is dropped; `drop: [ALL]` comes before what is added.
  if (capabilityEntries(container, 'drop').some(({ name }) => name === 'NET_RAW')) return undefined;
  const added = capabilityEntries(container, 'add').find(({ name }) => name === 'NET_RAW');
  if (added === undefined && dropsAll(container)) return undefined;
  return {
    message: `container "${container.name}" can forge network packets and pose as another pod of its node`,
    path: added?.path ?? [...container.path, 'securityContext', 'capabilities', 'drop'],
    evidence:
      added === undefined ? 'NET_RAW is a default capability and is not dropped' : 'capabilities.add has NET_RAW',
  };
}

export const capabilitiesNetRaw = containerCheck(
  compromiseMeta({
    id: 'capabilities-net-raw',
    title: 'Containers cannot forge network packets',
    severity: 'medium',
    references: [
      { framework: 'CIS', id: '5.2.8' },
      { framework: 'MITRE', id: 'T1557' },
    ],
    remediation: 'Drop NET_RAW, or better ALL, in the capabilities of the container.',
    minutes: 5,
  }),
  {
    // Where nothing is dropped at all, capabilities-not-dropped says so.
    applies: (container, workload) =>
      isLinux(workload) &&
      !isPrivileged(container) &&
      !canUseNone(container, workload) &&
      (capabilityEntries(container, 'drop').length > 0 || capabilityEntries(container, 'add').length > 0),
    find: (container) => findNetRaw(container),
    fix: (container, { path = [] }, { object }) => {
      // What drops nothing at all here adds something: what it is left with says capabilities-not-dropped.
      if (path.at(-1) === 'drop') return [{ op: 'add', path, values: ['NET_RAW'] }];
      return offer(
        way(
          {
            id: 'remove-capability',
            title: 'Remove the capability',
            consequence: 'ping and programs that write packets themselves fail',
          },
          [
            removeWhole(object.raw, path, container.path),
            { op: 'add', path: [...container.path, 'securityContext', 'capabilities', 'drop'], values: ['NET_RAW'] },
          ],
        ),
      );
    },
  },
);
