// What the API server fills in where nobody said anything, by type and field. Source: the SetDefaults_ functions in pkg/apis of Kubernetes 1.34, read as facts.

import { asArray, asNumber, asObject, asString, type Json, type JsonObject, toText } from '../../model/index.ts';
import { parseImage } from '../images.ts';

/** A default, or what it is with these fields beside it; `undefined` where there is none. */
export type ServerDefault = Json | ((beside: JsonObject) => Json | undefined);

/** Source: SetDefaults_Container, where a digest without a tag is no `latest`. */
function pullPolicy({ image }: JsonObject): Json | undefined {
  const parsed = parseImage(asString(image) ?? '');
  if (!parsed.valid) return undefined;
  const tag = parsed.tag ?? (parsed.digest === undefined ? 'latest' : '');
  return tag === 'latest' ? 'Always' : 'IfNotPresent';
}

function isRouted({ type }: JsonObject): boolean {
  return type === 'NodePort' || type === 'LoadBalancer';
}

function policyTypes({ egress }: JsonObject): Json {
  return asArray(egress).length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}

const rollingQuarter = { maxSurge: '25%', maxUnavailable: '25%' };
const webhook: Readonly<Record<string, ServerDefault>> = {
  failurePolicy: 'Fail',
  matchPolicy: 'Equivalent',
  namespaceSelector: {},
  objectSelector: {},
  timeoutSeconds: 10,
};
const volumeMode: ServerDefault = 'Filesystem';
/** rw-r--r-- */
const usualMode = 420;

/** The larger of limits and requests of a LimitRange that were left out. Source: SetDefaults_LimitRangeItem. */
function limitDefault({ type, max }: JsonObject): Json | undefined {
  return type === 'Container' ? max : undefined;
}

function requestDefault({ type, min, max, default: limit }: JsonObject): Json | undefined {
  if (type !== 'Container') return undefined;
  return { ...asObject(max), ...asObject(limit), ...asObject(min) };
}

/** Values are held against what is written below them once that was cleaned, so that a list of defaults goes as a whole. */
export const serverDefaults: Readonly<Record<string, Readonly<Record<string, ServerDefault>>>> = {
  'core.v1.PodSpec': {
    restartPolicy: 'Always',
    dnsPolicy: 'ClusterFirst',
    schedulerName: 'default-scheduler',
    terminationGracePeriodSeconds: 30,
    securityContext: {},
    serviceAccount: ({ serviceAccountName }) => serviceAccountName ?? 'default',
  },
  'core.v1.Container': {
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy,
    resources: {},
  },
  'core.v1.ContainerPort': { protocol: 'TCP' },
  'core.v1.Probe': { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
  'core.v1.HTTPGetAction': { path: '/', scheme: 'HTTP' },
  'core.v1.GRPCAction': { service: '' },
  'core.v1.ObjectFieldSelector': { apiVersion: 'v1' },
  'core.v1.ResourceFieldSelector': { divisor: '0' },
  'core.v1.SecretVolumeSource': { defaultMode: usualMode },
  'core.v1.ConfigMapVolumeSource': { defaultMode: usualMode },
  'core.v1.DownwardAPIVolumeSource': { defaultMode: usualMode },
  'core.v1.ProjectedVolumeSource': { defaultMode: usualMode },
  'core.v1.ServiceAccountTokenProjection': { expirationSeconds: 3600 },
  'core.v1.HostPathVolumeSource': { type: '' },
  'core.v1.ISCSIVolumeSource': { iscsiInterface: 'default' },
  'core.v1.ISCSIPersistentVolumeSource': { iscsiInterface: 'default' },
  'core.v1.RBDVolumeSource': { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  'core.v1.RBDPersistentVolumeSource': { pool: 'rbd', user: 'admin', keyring: '/etc/ceph/keyring' },
  'core.v1.AzureDiskVolumeSource': { cachingMode: 'ReadWrite', kind: 'Shared', fsType: 'ext4', readOnly: false },
  'core.v1.PersistentVolumeClaimSpec': { volumeMode },
  'core.v1.PersistentVolumeSpec': { volumeMode, persistentVolumeReclaimPolicy: 'Retain' },
  'core.v1.ReplicationControllerSpec': { replicas: 1 },
  'core.v1.Secret': { type: 'Opaque' },
  'core.v1.LimitRangeItem': { default: limitDefault, defaultRequest: requestDefault },
  'core.v1.ServicePort': { protocol: 'TCP', targetPort: ({ port }) => port },
  'core.v1.ServiceSpec': {
    type: 'ClusterIP',
    sessionAffinity: 'None',
    sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } },
    externalTrafficPolicy: (spec) => (isRouted(spec) ? 'Cluster' : undefined),
    internalTrafficPolicy: 'Cluster',
    allocateLoadBalancerNodePorts: ({ type }) => (type === 'LoadBalancer' ? true : undefined),
    ipFamilyPolicy: 'SingleStack',
  },
  'core.v1.EndpointPort': { protocol: 'TCP' },
  'discovery.v1.EndpointPort': { protocol: 'TCP', name: '' },
  'apps.v1.DeploymentSpec': {
    replicas: 1,
    revisionHistoryLimit: 10,
    progressDeadlineSeconds: 600,
    strategy: {},
  },
  'apps.v1.DeploymentStrategy': { type: 'RollingUpdate', rollingUpdate: {} },
  'apps.v1.RollingUpdateDeployment': rollingQuarter,
  'apps.v1.ReplicaSetSpec': { replicas: 1 },
  'apps.v1.StatefulSetSpec': {
    replicas: 1,
    podManagementPolicy: 'OrderedReady',
    revisionHistoryLimit: 10,
    updateStrategy: {},
    persistentVolumeClaimRetentionPolicy: {},
  },
  'apps.v1.StatefulSetUpdateStrategy': { type: 'RollingUpdate', rollingUpdate: {} },
  'apps.v1.RollingUpdateStatefulSetStrategy': { partition: 0 },
  'apps.v1.StatefulSetPersistentVolumeClaimRetentionPolicy': { whenDeleted: 'Retain', whenScaled: 'Retain' },
  'apps.v1.DaemonSetSpec': { revisionHistoryLimit: 10, updateStrategy: {} },
  'apps.v1.DaemonSetUpdateStrategy': { type: 'RollingUpdate', rollingUpdate: {} },
  'apps.v1.RollingUpdateDaemonSet': { maxUnavailable: 1, maxSurge: 0 },
  'batch.v1.JobSpec': {
    // Without any number both are one; with one of them alone, the other has a meaning of its own.
    completions: ({ parallelism }) => ((parallelism ?? 1) === 1 ? 1 : undefined),
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    manualSelector: false,
    podReplacementPolicy: ({ podFailurePolicy }) => (podFailurePolicy === undefined ? 'TerminatingOrFailed' : 'Failed'),
  },
  'batch.v1.CronJobSpec': {
    concurrencyPolicy: 'Allow',
    suspend: false,
    successfulJobsHistoryLimit: 3,
    failedJobsHistoryLimit: 1,
  },
  'networking.v1.NetworkPolicySpec': { policyTypes },
  'networking.v1.NetworkPolicyPort': { protocol: 'TCP' },
  'networking.v1.IngressClassParametersReference': { scope: 'Cluster' },
  'autoscaling.v1.HorizontalPodAutoscalerSpec': { minReplicas: 1 },
  'autoscaling.v2.HorizontalPodAutoscalerSpec': { minReplicas: 1 },
  'rbac.v1.Subject': {
    apiGroup: ({ kind }) => (kind === 'ServiceAccount' ? '' : 'rbac.authorization.k8s.io'),
  },
  'scheduling.v1.PriorityClass': { preemptionPolicy: 'PreemptLowerPriority', globalDefault: false },
  'storage.v1.StorageClass': { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' },
  'admissionregistration.v1.MutatingWebhook': { ...webhook, reinvocationPolicy: 'Never' },
  'admissionregistration.v1.ValidatingWebhook': webhook,
  'admissionregistration.v1.RuleWithOperations': { scope: '*' },
  'admissionregistration.v1.NamedRuleWithOperations': { scope: '*' },
  'admissionregistration.v1.ServiceReference': { port: 443 },
  'admissionregistration.v1.MatchResources': {
    matchPolicy: 'Equivalent',
    namespaceSelector: {},
    objectSelector: {},
  },
  'admissionregistration.v1.ValidatingAdmissionPolicySpec': { failurePolicy: 'Fail' },
  'apiextensions.v1.CustomResourceDefinitionSpec': { conversion: { strategy: 'None' }, preserveUnknownFields: false },
  'apiextensions.v1.CustomResourceDefinitionNames': {
    singular: ({ kind }) => toText(kind).toLowerCase(),
    listKind: ({ kind }) => `${toText(kind)}List`,
  },
  'apiextensions.v1.ServiceReference': { port: 443 },
  'apiregistration.v1.ServiceReference': { port: 443 },
};

/** What the host's network does to ports: each is its own on the host. Source: SetDefaults_HostNetworkPorts. */
export function withoutHostPorts(spec: JsonObject): JsonObject {
  const strip = (container: Json): Json => {
    const ports = asArray(asObject(container)['ports']);
    if (ports.length === 0) return container;
    const plain = ports.map((port) => {
      const { hostPort, ...rest } = asObject(port);
      return hostPort === undefined || asNumber(hostPort) !== asNumber(rest['containerPort']) ? port : rest;
    });
    return { ...asObject(container), ports: plain };
  };
  if (spec['hostNetwork'] !== true) return spec;
  const lists = ['containers', 'initContainers'].flatMap((name) =>
    Array.isArray(spec[name]) ? [[name, asArray(spec[name]).map(strip)] as const] : [],
  );
  return { ...spec, ...Object.fromEntries(lists) };
}
