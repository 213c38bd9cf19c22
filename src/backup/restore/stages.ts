// What must be there before what: stages of a restore, each with the ones that it needs. Those that need nothing of each other run at once. Pure.

/** Needs are named in full: a stage of which the backup holds nothing holds up nobody. */
interface Stage {
  readonly resources: readonly string[];
  readonly needs: readonly string[];
}

const cluster = ['definitions', 'classes', 'clusterRoles'] as const;
const settings = [...cluster, 'namespaces', 'accounts', 'limits'] as const;
const surroundings = [...settings, 'snapshots', 'volumes', 'claims', 'data', 'services', 'bindings'] as const;

const stages = {
  definitions: { resources: ['customresourcedefinitions.apiextensions.k8s.io'], needs: [] },
  namespaces: { resources: ['namespaces'], needs: [] },
  classes: {
    resources: [
      'storageclasses.storage.k8s.io',
      'volumesnapshotclasses.snapshot.storage.k8s.io',
      'priorityclasses.scheduling.k8s.io',
      'runtimeclasses.node.k8s.io',
      'ingressclasses.networking.k8s.io',
    ],
    needs: [],
  },
  clusterRoles: { resources: ['clusterroles.rbac.authorization.k8s.io'], needs: [] },
  limits: { resources: ['limitranges'], needs: ['namespaces'] },
  accounts: {
    resources: ['roles.rbac.authorization.k8s.io', 'serviceaccounts', 'secrets', 'configmaps'],
    needs: ['namespaces'],
  },
  services: { resources: ['services', 'networkpolicies.networking.k8s.io'], needs: ['namespaces'] },
  snapshotContents: {
    resources: ['volumesnapshotcontents.snapshot.storage.k8s.io'],
    needs: ['definitions', 'classes'],
  },
  snapshots: {
    resources: ['volumesnapshots.snapshot.storage.k8s.io'],
    needs: ['definitions', 'classes', 'namespaces', 'snapshotContents'],
  },
  volumes: { resources: ['persistentvolumes'], needs: ['classes'] },
  claims: { resources: ['persistentvolumeclaims'], needs: ['namespaces', 'classes', 'volumes', 'snapshots'] },
  // Nothing of the backup's objects: here the contents of volumes come in, before anything runs that uses them.
  data: { resources: [], needs: ['namespaces', 'classes', 'accounts', 'volumes', 'snapshots', 'claims'] },
  bindings: {
    resources: ['clusterrolebindings.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
    needs: ['namespaces', 'clusterRoles', 'accounts'],
  },
  endpoints: { resources: ['endpoints', 'endpointslices.discovery.k8s.io'], needs: ['namespaces', 'services'] },
  // Before those that adopt them, so that no controller makes others in their place.
  pods: { resources: ['pods', 'controllerrevisions.apps'], needs: surroundings },
  adopters: {
    resources: ['replicasets.apps', 'replicationcontrollers', 'statefulsets.apps', 'daemonsets.apps', 'jobs.batch'],
    needs: [...surroundings, 'pods'],
  },
  deployments: { resources: ['deployments.apps', 'cronjobs.batch'], needs: [...surroundings, 'pods', 'adopters'] },
  // Read by operators, which are to find what they would make otherwise.
  custom: { resources: [], needs: surroundings },
  rest: { resources: [], needs: surroundings },
  // Last: they count what was there before them, and what they call may be what is being restored.
  quotas: { resources: ['resourcequotas'], needs: ['*'] },
  hooks: {
    resources: [
      'apiservices.apiregistration.k8s.io',
      'mutatingwebhookconfigurations.admissionregistration.k8s.io',
      'validatingwebhookconfigurations.admissionregistration.k8s.io',
      'mutatingadmissionpolicies.admissionregistration.k8s.io',
      'mutatingadmissionpolicybindings.admissionregistration.k8s.io',
      'validatingadmissionpolicies.admissionregistration.k8s.io',
      'validatingadmissionpolicybindings.admissionregistration.k8s.io',
    ],
    needs: ['*'],
  },
} as const satisfies Readonly<Record<string, Stage>>;

export type StageName = keyof typeof stages;

/** In an order in which they could run one by one. */
export const stageNames = Object.keys(stages) as readonly StageName[];

const stageOf: ReadonlyMap<string, StageName> = new Map(
  stageNames.flatMap((name) => stages[name].resources.map((resource) => [resource, name] as const)),
);

/** `isDefined`: whether the backup brings the definition of a resource along. */
export function stageOfResource(groupResource: string, isDefined: (groupResource: string) => boolean): StageName {
  return stageOf.get(groupResource) ?? (isDefined(groupResource) ? 'custom' : 'rest');
}

/** The stages that must be done before this one begins. */
export function needsOf(name: StageName): readonly StageName[] {
  const needs: readonly string[] = stages[name].needs;
  const isWanted = needs.includes('*')
    ? (each: StageName) => stageNames.indexOf(each) < stageNames.indexOf(name)
    : (each: StageName) => needs.includes(each);
  return stageNames.filter(isWanted);
}
