// In which order objects are restored: waves that each need only what came before, and within which the order does not matter.

/** Of each wave the resources; what is in none of them goes into the wave of `rest`. */
const waves: readonly (readonly string[])[] = [
  ['customresourcedefinitions.apiextensions.k8s.io'],
  ['namespaces'],
  [
    'storageclasses.storage.k8s.io',
    'volumesnapshotclasses.snapshot.storage.k8s.io',
    'priorityclasses.scheduling.k8s.io',
    'runtimeclasses.node.k8s.io',
    'ingressclasses.networking.k8s.io',
    'clusterroles.rbac.authorization.k8s.io',
    'persistentvolumes',
  ],
  [
    'roles.rbac.authorization.k8s.io',
    'serviceaccounts',
    'secrets',
    'configmaps',
    'limitranges',
    'persistentvolumeclaims',
    'services',
    'networkpolicies.networking.k8s.io',
  ],
  ['clusterrolebindings.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io', 'endpoints'],
  // Before those that adopt them, so that no controller makes others in their place.
  ['pods', 'controllerrevisions.apps'],
  ['replicasets.apps', 'replicationcontrollers', 'statefulsets.apps', 'daemonsets.apps'],
  ['deployments.apps'],
  ['*'],
  ['resourcequotas'],
  // Last: what they call may be what is being restored.
  [
    'apiservices.apiregistration.k8s.io',
    'mutatingwebhookconfigurations.admissionregistration.k8s.io',
    'validatingwebhookconfigurations.admissionregistration.k8s.io',
    'validatingadmissionpolicies.admissionregistration.k8s.io',
    'validatingadmissionpolicybindings.admissionregistration.k8s.io',
  ],
];

const waveOf: ReadonlyMap<string, number> = new Map(
  waves.flatMap((resources, wave) => resources.map((resource) => [resource, wave] as const)),
);
const rest = waves.findIndex(([first]) => first === '*');

export const waveCount: number = waves.length;
export const definitionWave = 0;

/** Pods stand by themselves here; what makes pods comes later. */
export const podWave: number = waveOf.get('pods') ?? rest;

export function waveOfResource(groupResource: string): number {
  return waveOf.get(groupResource) ?? rest;
}
