// Volumes from the node's own file system.

import { asArray } from '../../../model/index.ts';
import { type Breach, breachAt, type Control, fieldOf, type PodView, textOf } from '../control.ts';

function findHostPaths(pod: PodView): Breach[] {
  const place = pod.self;
  return asArray(fieldOf(place, ['volumes'])).flatMap((_, index) => {
    const source = ['volumes', index, 'hostPath'];
    if (fieldOf(place, source) === undefined) return [];
    const name = textOf(fieldOf(place, ['volumes', index, 'name']));
    return [breachAt(place, source, `mounts a path of the node as volume ${JSON.stringify(name)}`)];
  });
}

export const hostPathVolumes: Control = {
  id: 'hostPathVolumes',
  title: 'Pods mount no path of the node',
  level: 'baseline',
  revisions: [{ since: 0, find: findHostPaths }],
};
