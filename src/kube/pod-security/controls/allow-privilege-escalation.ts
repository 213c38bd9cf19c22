// Privilege escalation: every container says that its processes gain no rights by set-user-ID files.

import { type Breach, breachAt, type Control, except, fieldOf, isWindows, type PodView } from '../control.ts';

const field = ['securityContext', 'allowPrivilegeEscalation'];

function findEscalation(pod: PodView): Breach[] {
  return pod.containers
    .filter((place) => fieldOf(place, field) !== false)
    .map((place) => breachAt(place, field, 'does not set allowPrivilegeEscalation to false'));
}

export const allowPrivilegeEscalation: Control = {
  id: 'allowPrivilegeEscalation',
  title: 'Processes cannot gain privileges',
  level: 'restricted',
  revisions: [
    { since: 8, find: findEscalation },
    { since: 25, find: except(isWindows, findEscalation) },
  ],
};
