// Probes and lifecycle hooks that make the kubelet call another host than the pod.

import type { Path } from '../../../model/index.ts';
import { type Breach, breachAt, type Control, fieldOf, type PodView, textOf } from '../control.ts';

const callers: readonly Path[] = [
  ['livenessProbe'],
  ['readinessProbe'],
  ['startupProbe'],
  ['lifecycle', 'postStart'],
  ['lifecycle', 'preStop'],
];
const fields: readonly Path[] = callers.flatMap((caller) => [
  [...caller, 'httpGet', 'host'],
  [...caller, 'tcpSocket', 'host'],
]);

function findHosts(pod: PodView): Breach[] {
  return pod.containers.flatMap((place) =>
    fields.flatMap((field) => {
      const host = textOf(fieldOf(place, field));
      if (host === '') return [];
      return [breachAt(place, field, `makes the kubelet call ${JSON.stringify(host)} (${field.join('.')})`)];
    }),
  );
}

export const hostProbesAndHostLifecycle: Control = {
  id: 'hostProbesAndHostLifecycle',
  title: 'Probes and lifecycle hooks call only the pod itself',
  level: 'baseline',
  revisions: [{ since: 34, find: findHosts }],
};
