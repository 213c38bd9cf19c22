// runAsNonRoot: said by each container, or by the pod for those that say nothing.

import {
  allPlaces,
  type Breach,
  breachAt,
  containerPlaces,
  type Control,
  except,
  fieldOf,
  inUserNamespace,
  podPlace,
  type PodSecurityPod,
} from '../control.ts';

const field = ['securityContext', 'runAsNonRoot'];

function findRefusals(pod: PodSecurityPod): Breach[] {
  return allPlaces(pod).flatMap((place) => {
    const value = fieldOf(place, field);
    if (value === undefined || value === true) return [];
    return [breachAt(place, field, `sets runAsNonRoot to ${JSON.stringify(value)}`)];
  });
}

// A pod that says false is a breach of its own: containers that inherit it are put right together with it.
function findSilence(pod: PodSecurityPod): Breach[] {
  if (fieldOf(podPlace(pod), field) !== undefined) return [];
  return containerPlaces(pod)
    .filter((place) => fieldOf(place, field) === undefined)
    .map((place) => breachAt(place, field, 'does not set runAsNonRoot to true, nor does the pod'));
}

function findRoot(pod: PodSecurityPod): Breach[] {
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
