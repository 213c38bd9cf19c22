// Ports opened on the node itself.

import { asArray } from '../../../model/index.ts';
import { type Breach, breachAt, type Control, fieldOf, type PodView, textOf } from '../control.ts';

function findHostPorts(pod: PodView): Breach[] {
  return pod.containers.flatMap((place) =>
    asArray(fieldOf(place, ['ports'])).flatMap((_, index) => {
      const field = ['ports', index, 'hostPort'];
      const port = fieldOf(place, field);
      if (port === undefined || port === 0) return [];
      return [breachAt(place, field, `opens port ${textOf(port)} on the node`)];
    }),
  );
}

export const hostPorts: Control = {
  id: 'hostPorts',
  title: 'Containers open no port on the node',
  level: 'baseline',
  revisions: [{ since: 0, find: findHostPorts }],
};
