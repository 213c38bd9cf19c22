// The rule that both controls of /proc share.

import { type Breach, breachAt, containerPlaces, fieldOf, type PodSecurityPod, textOf } from './control.ts';

const field = ['securityContext', 'procMount'];

export function findProcMounts(pod: PodSecurityPod): Breach[] {
  return containerPlaces(pod).flatMap((place) => {
    const mount = fieldOf(place, field);
    if (mount === undefined || mount === 'Default') return [];
    return [breachAt(place, field, `mounts /proc as ${JSON.stringify(textOf(mount))}`)];
  });
}
