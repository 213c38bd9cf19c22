// Seccomp at the restricted level: a profile is named, by each container or for all of them by the pod.

import { type Breach, breachAt, type Control, except, isWindows, type PodView } from '../control.ts';
import { findForbiddenProfiles, hasSeccompProfile, seccompType } from '../seccomp.ts';

// A bad profile of the pod is a breach of its own: containers that inherit it are put right together with it.
function findMissingProfiles(pod: PodView): Breach[] {
  if (hasSeccompProfile(pod.self)) return [];
  return pod.containers
    .filter((place) => !hasSeccompProfile(place))
    .map((place) => breachAt(place, seccompType, 'has no seccomp profile, of its own or from the pod'));
}

function findProfiles(pod: PodView): Breach[] {
  return [...findForbiddenProfiles(pod), ...findMissingProfiles(pod)];
}

export const seccompProfileRestricted: Control = {
  id: 'seccompProfile_restricted',
  title: 'Containers run under a seccomp profile',
  level: 'restricted',
  replaces: 'seccompProfile_baseline',
  revisions: [
    { since: 19, find: findProfiles },
    { since: 25, find: except(isWindows, findProfiles) },
  ],
};
