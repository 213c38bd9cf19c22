// What a guard rail is: a check said once more in CEL, so that an API server can hold to it what is written from now on.

import type { PodPlace } from './pod-places.ts';

/** What the settings of the user or the target change about a rule. */
export interface RailOptions {
  /** Target Kubernetes 1.N; policies of v1 exist from 1.30. */
  readonly minor: number;
  readonly allowedRegistries: readonly string[];
}

export interface RailKind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  /** Plural, as in the rules of policies. */
  readonly resource: string;
  /** Where objects of a custom kind hold a pod, if not as a template at `spec.template`. */
  readonly place?: PodPlace;
}

/** CEL; a function where it depends on the options. Nothing where the options leave the rule without sense. */
export type RailText = string | ((options: RailOptions) => string | undefined);

/** `containers` are all of a pod, `started` those without the ones of a debugging session, `main` those that do the work; `object` asks once. */
export type RailScope = 'containers' | 'started' | 'main' | 'object';

/**
 * One condition that must hold. Over containers it is asked of each as `container`, and a breach names the container. All may use the
 * variables of pod-variables.ts, as `variables.spec`.
 */
export interface RailRule {
  readonly over: RailScope;
  /** True where all is well. */
  readonly good: RailText;
}

export interface GuardRail {
  /** Id of the check that it says. */
  readonly check: string;
  readonly kinds: readonly RailKind[];
  /** Paths such as `metadata.labels`: an update that leaves them as they are is not judged. None: only what is new is. */
  readonly judged: readonly string[];
  readonly rules: readonly RailRule[];
  /** Behind the name of its policy, where one check needs several. */
  readonly suffix?: string;
  /** Further variables in CEL, in their order, before the rules. */
  readonly variables?: Readonly<Record<string, string>>;
}

function kindOf(group: string, kind: string, resource: string, version = 'v1'): RailKind {
  return { group, version, kind, resource };
}

/** Built-in kinds that hold a pod template, and pods. Source: Kubernetes 1.36. */
export const podKinds: readonly RailKind[] = [
  kindOf('', 'Pod', 'pods'),
  kindOf('', 'PodTemplate', 'podtemplates'),
  kindOf('', 'ReplicationController', 'replicationcontrollers'),
  kindOf('apps', 'Deployment', 'deployments'),
  kindOf('apps', 'ReplicaSet', 'replicasets'),
  kindOf('apps', 'StatefulSet', 'statefulsets'),
  kindOf('apps', 'DaemonSet', 'daemonsets'),
  kindOf('batch', 'Job', 'jobs'),
  kindOf('batch', 'CronJob', 'cronjobs'),
];

const otherKinds = {
  Namespace: kindOf('', 'Namespace', 'namespaces'),
  PersistentVolume: kindOf('', 'PersistentVolume', 'persistentvolumes'),
  PersistentVolumeClaim: kindOf('', 'PersistentVolumeClaim', 'persistentvolumeclaims'),
  Secret: kindOf('', 'Secret', 'secrets'),
  Service: kindOf('', 'Service', 'services'),
  HorizontalPodAutoscaler: kindOf('autoscaling', 'HorizontalPodAutoscaler', 'horizontalpodautoscalers', 'v2'),
  Ingress: kindOf('networking.k8s.io', 'Ingress', 'ingresses'),
  NetworkPolicy: kindOf('networking.k8s.io', 'NetworkPolicy', 'networkpolicies'),
  PodDisruptionBudget: kindOf('policy', 'PodDisruptionBudget', 'poddisruptionbudgets'),
  Role: kindOf('rbac.authorization.k8s.io', 'Role', 'roles'),
  ClusterRole: kindOf('rbac.authorization.k8s.io', 'ClusterRole', 'clusterroles'),
  RoleBinding: kindOf('rbac.authorization.k8s.io', 'RoleBinding', 'rolebindings'),
  ClusterRoleBinding: kindOf('rbac.authorization.k8s.io', 'ClusterRoleBinding', 'clusterrolebindings'),
  StorageClass: kindOf('storage.k8s.io', 'StorageClass', 'storageclasses'),
  Gateway: kindOf('gateway.networking.k8s.io', 'Gateway', 'gateways'),
  HTTPRoute: kindOf('gateway.networking.k8s.io', 'HTTPRoute', 'httproutes'),
  TLSRoute: kindOf('gateway.networking.k8s.io', 'TLSRoute', 'tlsroutes'),
  GRPCRoute: kindOf('gateway.networking.k8s.io', 'GRPCRoute', 'grpcroutes'),
} as const;

export type OtherKind = keyof typeof otherKinds;

export function isPodKind({ group, kind }: Pick<RailKind, 'group' | 'kind'>): boolean {
  return podKinds.some((each) => each.group === group && each.kind === kind);
}

function podRail(check: string, rules: readonly RailRule[]): GuardRail {
  return { check, kinds: podKinds, judged: ['template'], rules };
}

/** A rule for every container of a pod template. */
export function containerRail(check: string, good: RailText, over: RailScope = 'containers'): GuardRail {
  return podRail(check, [{ over, good }]);
}

/** A rule for the pod template as a whole. */
export function templateRail(check: string, good: RailText): GuardRail {
  return podRail(check, [{ over: 'object', good }]);
}

/** A rule for the pod's own field, and one for the same field of each container. */
export function placesRail(check: string, pod: RailText, container: RailText): GuardRail {
  return podRail(check, [
    { over: 'object', good: pod },
    { over: 'containers', good: container },
  ]);
}

/** A rule for whole workloads of some kinds: what stands beside the pod template counts too. */
export function workloadRail(check: string, kinds: readonly string[], good: RailText): GuardRail {
  const chosen = podKinds.filter(({ kind }) => kinds.includes(kind));
  return { check, kinds: chosen, judged: ['spec'], rules: [{ over: 'object', good }] };
}

/** A rule for objects that are no workloads. `judged` are the paths that it looks at. */
export function objectRail(
  check: string,
  kinds: readonly OtherKind[],
  judged: readonly string[],
  good: RailText,
): GuardRail {
  return { check, kinds: kinds.map((kind) => otherKinds[kind]), judged, rules: [{ over: 'object', good }] };
}

/** A text as CEL writes it. */
export function celText(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

/** A list of texts as CEL writes it. */
export function celList(texts: Iterable<string>): string {
  return `[${[...texts].map(celText).join(', ')}]`;
}
