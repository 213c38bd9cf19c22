// runAsNonRoot: said by each container, or by the pod for those that say nothing.

import { type Breach, breachAt, type Control, except, fieldOf, inUserNamespace, type PodView } from '../control.ts';

const field = ['securityContext', 'runAsNonRoot'];

function findRefusals(pod: PodView): Breach[] {
  return pod.places.flatMap((place) => {
    const value = fieldOf(place, field);
    if (value === undefined || value === true) return [];
    return [breachAt(place, field, `sets runAsNonRoot to ${JSON.stringify(value)}`)];
  });
}

// A pod that says false is a breach of its own: containers that inherit it are put right together with it.
function findSilence(pod: PodView): Breach[] {
  if (fieldOf(pod.self, field) !== undefined) return [];
  return pod.containers
    .filter((place) => fieldOf(place, field) === undefined)
    .map((place) => breachAt(place, field, 'does not set runAsNonRoot to true, nor does the pod'));
}

function findRoot(pod: PodView): Breach[] {
  return [...findRefusals(pod), ...findSilence(pod)];
}

export const runAsNonRoot: Control = {
  id: 'runAsNonRoot',
  title: 'Containers must not start as root',
  level: 'restricted',
  revisions: [
    { since: 0, find: findRoot },
    { since: 35, find: except(inUserNamespace, findRoot) },
  ],
};
