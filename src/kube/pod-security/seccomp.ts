// What the two seccomp controls share: the fields and values of Kubernetes 1.19 and later.

import { type Breach, breachAt, fieldOf, type Place, type PodView, textOf } from './control.ts';

const profile = ['securityContext', 'seccompProfile'];
export const seccompType = [...profile, 'type'];
const allowed = new Set(['RuntimeDefault', 'Localhost']);

export function hasSeccompProfile(place: Place): boolean {
  return fieldOf(place, profile) !== undefined;
}

/** Profiles that are set, to something else than the runtime's default or one of the node's own. */
export function findForbiddenProfiles(pod: PodView): Breach[] {
  return pod.places.flatMap((place) => {
    const type = textOf(fieldOf(place, seccompType));
    if (!hasSeccompProfile(place) || allowed.has(type)) return [];
    return [breachAt(place, seccompType, `sets the seccomp profile type ${JSON.stringify(type)}`)];
  });
}
