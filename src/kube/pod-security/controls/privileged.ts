// Privileged containers: none may have all rights on the node.

import { type Breach, breachAt, type Control, fieldOf, type PodView } from '../control.ts';

const field = ['securityContext', 'privileged'];

function findPrivileged(pod: PodView): Breach[] {
  return pod.containers
    .filter((place) => fieldOf(place, field) === true)
    .map((place) => breachAt(place, field, 'runs privileged'));
}

export const privileged: Control = {
  id: 'privileged',
  title: 'Containers run without privileges',
  level: 'baseline',
  revisions: [{ since: 0, find: findPrivileged }],
};
