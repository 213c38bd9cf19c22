// SELinux labels: container types only, and neither user nor role.

import { type Breach, breachAt, type Control, fieldOf, type Place, type PodView, textOf } from '../control.ts';

const field = ['securityContext', 'seLinuxOptions'];
const typesSince0 = ['', 'container_t', 'container_init_t', 'container_kvm_t'];
const typesSince31 = [...typesSince0, 'container_engine_t'];

/** The types that policy version 1.`minor` accepts; empty stands for none. */
export function acceptedTypes(minor: number): readonly string[] {
  return minor >= 31 ? typesSince31 : typesSince0;
}

function findLabels(place: Place, allowedTypes: readonly string[]): Breach[] {
  return ['type', 'user', 'role'].flatMap((key) => {
    const value = textOf(fieldOf(place, [...field, key]));
    const isAllowed = key === 'type' ? allowedTypes.includes(value) : value === '';
    return isAllowed ? [] : [breachAt(place, [...field, key], `sets the SELinux ${key} ${JSON.stringify(value)}`)];
  });
}

function findOptions(allowedTypes: readonly string[]) {
  return (pod: PodView): Breach[] => pod.places.flatMap((place) => findLabels(place, allowedTypes));
}

export const seLinuxOptions: Control = {
  id: 'seLinuxOptions',
  title: 'Containers keep a container type of SELinux',
  level: 'baseline',
  revisions: [
    { since: 0, find: findOptions(typesSince0) },
    { since: 31, find: findOptions(typesSince31) },
  ],
};
