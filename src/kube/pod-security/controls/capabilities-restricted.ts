// Capabilities at the restricted level: all are dropped, and only the one for low ports may come back.

import { asArray } from '../../../model/index.ts';
import {
  type Breach,
  breachAt,
  type Control,
  except,
  fieldOf,
  isWindows,
  type Place,
  type PodView,
  textOf,
} from '../control.ts';

const drop = ['securityContext', 'capabilities', 'drop'];
const add = ['securityContext', 'capabilities', 'add'];

function findKept(place: Place): Breach[] {
  const dropsAll = asArray(fieldOf(place, drop)).includes('ALL');
  return dropsAll ? [] : [breachAt(place, drop, 'does not drop all capabilities (drop: ["ALL"])')];
}

function findAdded(place: Place): Breach[] {
  return asArray(fieldOf(place, add)).flatMap((value, index) => {
    const capability = textOf(value);
    if (capability === 'NET_BIND_SERVICE') return [];
    return [breachAt(place, [...add, index], `adds the capability ${JSON.stringify(capability)}`)];
  });
}

function findCapabilities(pod: PodView): Breach[] {
  return pod.containers.flatMap((place) => [...findKept(place), ...findAdded(place)]);
}

export const capabilitiesRestricted: Control = {
  id: 'capabilities_restricted',
  title: 'Containers drop all capabilities and add at most NET_BIND_SERVICE',
  level: 'restricted',
  replaces: 'capabilities_baseline',
  revisions: [
    { since: 22, find: findCapabilities },
    { since: 25, find: except(isWindows, findCapabilities) },
  ],
};
