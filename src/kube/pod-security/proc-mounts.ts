// The rule that both controls of /proc share.

import { type Breach, breachAt, fieldOf, type PodView, textOf } from './control.ts';

const field = ['securityContext', 'procMount'];

export function findProcMounts(pod: PodView): Breach[] {
  return pod.containers.flatMap((place) => {
    const mount = fieldOf(place, field);
    if (mount === undefined || mount === 'Default') return [];
    return [breachAt(place, field, `mounts /proc as ${JSON.stringify(textOf(mount))}`)];
  });
}
