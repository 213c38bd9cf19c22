// What the drills of a schedule must be permitted: all that an app may consist of, behind their own fence, and nothing outside of it. Pure.

import type { Discovery } from '../../api/index.ts';
import { findResource } from '../../api/index.ts';
import { fenceResources } from '../drill/fence-resources.ts';
import { classResource, contentResource, snapshotKinds, snapshotResource } from '../snapshots/snapshot-words.ts';
import { type Access, helperRights, toRules, type Wish } from './access-rules.ts';

export interface DrillNeeds {
  readonly discovery: Discovery;
  /** The namespaces that stand ready. */
  readonly fences: readonly string[];
  /** Data of volumes come back: a pod beside each, or out of their snapshots. */
  readonly restoresVolumes: boolean;
  /** Probes run commands in pods, and ask pods over the network. */
  readonly runsCommands: boolean;
  readonly asksPods: boolean;
}

const rbac = 'rbac.authorization.k8s.io';

/** Roles of the app come back, too: who makes one must hold what it gives, or be let do so. The API server asks in the namespace of the role. */
const roles: readonly Wish[] = [
  { group: rbac, resource: 'roles', verbs: ['bind', 'escalate'] },
  { group: rbac, resource: 'clusterroles', verbs: ['bind'] },
];

function objects(discovery: Discovery): Wish[] {
  const { made, asked } = fenceResources(discovery);
  return [
    ...made.map(({ group, resource }) => ({ group, resource, verbs: ['get', 'list', 'create', 'patch', 'delete'] })),
    ...asked.map(({ group, resource }) => ({ group, resource, verbs: ['list', 'create'] })),
  ];
}

function takesSnapshots(discovery: Discovery): boolean {
  return [snapshotResource, contentResource, classResource].every(
    (name) => findResource(discovery, name) !== undefined,
  );
}

/** Contents of snapshots are of the whole cluster, and have names that nobody knows beforehand. */
function snapshotsAround({ discovery, restoresVolumes }: DrillNeeds): Wish[] {
  if (!restoresVolumes || !takesSnapshots(discovery)) return [];
  return [
    { ...snapshotKinds.contents, verbs: ['get', 'list', 'create', 'patch', 'delete'] },
    { ...snapshotKinds.classes, verbs: ['list'] },
  ];
}

/** Whether a claim waits for its first pod, and whether one without a class gets a volume, stands in the classes. */
function classesAround({ restoresVolumes }: DrillNeeds): Wish[] {
  return restoresVolumes ? [{ group: 'storage.k8s.io', resource: 'storageclasses', verbs: ['get', 'list'] }] : [];
}

function inFence(needs: DrillNeeds): Wish[] {
  const { discovery, restoresVolumes, runsCommands, asksPods } = needs;
  const calls = ['get', 'create'];
  const snapshots = { ...snapshotKinds.snapshots, verbs: ['get', 'list', 'create', 'patch', 'delete'] };
  return [
    // A namespace is asked for in itself.
    { group: '', resource: 'namespaces', verbs: ['get'] },
    { group: 'networking.k8s.io', resource: 'networkpolicies', verbs: ['get'] },
    ...objects(discovery),
    ...roles,
    ...(restoresVolumes ? helperRights() : []),
    ...(restoresVolumes && takesSnapshots(discovery) ? [snapshots] : []),
    ...(runsCommands ? [{ group: '', resource: 'pods/exec', verbs: calls }] : []),
    ...(asksPods ? [{ group: '', resource: 'pods/portforward', verbs: calls }] : []),
  ];
}

export function accessOfDrills(needs: DrillNeeds): Access {
  return {
    namespaces: needs.fences,
    inNamespaces: toRules(inFence(needs)),
    inCluster: toRules([...classesAround(needs), ...snapshotsAround(needs)]),
  };
}
