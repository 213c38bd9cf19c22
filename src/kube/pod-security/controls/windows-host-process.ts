// Windows containers that run as processes of the node.

import { type Breach, breachAt, type Control, fieldOf, type PodView } from '../control.ts';

const field = ['securityContext', 'windowsOptions', 'hostProcess'];

function findHostProcesses(pod: PodView): Breach[] {
  return pod.places
    .filter((place) => fieldOf(place, field) === true)
    .map((place) => breachAt(place, field, 'runs as a process of the Windows node'));
}

export const windowsHostProcess: Control = {
  id: 'windowsHostProcess',
  title: 'Windows containers do not run as processes of the node',
  level: 'baseline',
  revisions: [{ since: 0, find: findHostProcesses }],
};
