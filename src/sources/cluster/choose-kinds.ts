// Which kinds of a cluster are read: all that say what runs and who may do what, without the noise of each second.

import type { ListedKind } from './cluster-reader.ts';

/** Answers to questions, heartbeats and measurements: they change all the time and describe nothing that anybody wrote. */
const noise: ReadonlySet<string> = new Set([
  '/Binding',
  '/ComponentStatus',
  '/Endpoints',
  '/Event',
  '/PodTemplate',
  'apps/ControllerRevision',
  'coordination.k8s.io/Lease',
  'coordination.k8s.io/LeaseCandidate',
  'discovery.k8s.io/EndpointSlice',
  'events.k8s.io/Event',
  'storage.k8s.io/CSIStorageCapacity',
]);

const noisyGroups: ReadonlySet<string> = new Set([
  'metrics.k8s.io',
  'custom.metrics.k8s.io',
  'external.metrics.k8s.io',
]);

/** False for a group of measurements: without them a snapshot is whole. */
export function isReadGroup(group: string): boolean {
  return !noisyGroups.has(group);
}

export function isRead({ group, kind }: ListedKind): boolean {
  return isReadGroup(group) && !noise.has(`${group}/${kind}`);
}
