// Host namespaces: the pod may not share the node's network, processes or IPC.

import { type Breach, breachAt, type Control, fieldOf, type PodView } from '../control.ts';

const namespaces = [
  ['hostNetwork', 'network'],
  ['hostPID', 'process'],
  ['hostIPC', 'IPC'],
] as const;

function findHostNamespaces(pod: PodView): Breach[] {
  const place = pod.self;
  return namespaces
    .filter(([field]) => fieldOf(place, [field]) === true)
    .map(([field, word]) => breachAt(place, [field], `shares the node's ${word} namespace (${field}: true)`));
}

export const hostNamespaces: Control = {
  id: 'hostNamespaces',
  title: 'Pods do not share the namespaces of the node',
  level: 'baseline',
  revisions: [{ since: 0, find: findHostNamespaces }],
};
