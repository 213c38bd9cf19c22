// What the API server itself puts into an object when it is made: kind by kind, before validation.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { fill, inField } from '../defaults/fill.ts';
import type { Kernel } from '../kernel.ts';
import type { Resource } from '../resources/resource.ts';
import { timestamp } from '../clock.ts';
import { finalizersOf, labelsOf, nameOf, specOf, uidOf, withMetadata, withValue } from './edit.ts';
import { withPodAdmission } from './pod-admission.ts';
import { withServiceAddresses } from './service-addresses.ts';

type Preparation = (kernel: Kernel, object: JsonObject) => JsonObject;

function withFinalizer(object: JsonObject, name: string): JsonObject {
  const finalizers = finalizersOf(object);
  return finalizers.includes(name) ? object : withMetadata(object, { finalizers: [...finalizers, name] });
}

function withLabels(object: JsonObject, labels: JsonObject): JsonObject {
  return withMetadata(object, { labels: { ...labelsOf(object), ...labels } });
}

function namespace(_kernel: Kernel, object: JsonObject): JsonObject {
  const labelled = withLabels(object, { 'kubernetes.io/metadata.name': nameOf(object) });
  const finalizers = asArray(specOf(object)['finalizers']);
  const all = finalizers.includes('kubernetes') ? finalizers : [...finalizers, 'kubernetes'];
  return { ...inField(labelled, 'spec', (spec) => ({ ...spec, finalizers: all })), status: { phase: 'Active' } };
}

const defaultClassMark = 'storageclass.kubernetes.io/is-default-class';

/** The newest of the classes that are marked as default. Source: the DefaultStorageClass admission plugin. */
function defaultStorageClass({ store }: Kernel): string | undefined {
  const isDefault = (each: JsonObject): boolean =>
    asObject(asObject(each['metadata'])['annotations'])[defaultClassMark] === 'true';
  const time = (each: JsonObject): string => asString(asObject(each['metadata'])['creationTimestamp']) ?? '';
  const classes = store.list('storage.k8s.io/storageclasses').filter(isDefault);
  const newest = classes.toSorted((a, b) => (time(a) > time(b) ? -1 : 1))[0];
  return newest === undefined ? undefined : nameOf(newest);
}

function claim(kernel: Kernel, object: JsonObject): JsonObject {
  const spec = fill(specOf(object), { storageClassName: defaultStorageClass(kernel) });
  const protectedClaim = withFinalizer({ ...object, spec }, 'kubernetes.io/pvc-protection');
  return { ...protectedClaim, status: { phase: 'Pending' } };
}

function volume(kernel: Kernel, object: JsonObject): JsonObject {
  const status = { phase: 'Pending', lastPhaseTransitionTime: timestamp(kernel.clock) };
  return { ...withFinalizer(object, 'kubernetes.io/pv-protection'), status };
}

/** A job finds its pods by its own uid, unless its author insists on another selector. */
function job(_kernel: Kernel, object: JsonObject): JsonObject {
  if (specOf(object)['manualSelector'] === true) return { ...object, status: {} };
  const uid = uidOf(object);
  const name = nameOf(object);
  const labels = {
    'batch.kubernetes.io/controller-uid': uid,
    'batch.kubernetes.io/job-name': name,
    'controller-uid': uid,
    'job-name': name,
  };
  const spec = inField(specOf(object), 'template', (template) => withLabels(template, labels));
  const selector = { matchLabels: { 'batch.kubernetes.io/controller-uid': uid } };
  // Only the job's own labels are taken from the template where it has none: see the API's job strategy.
  const labelled =
    Object.keys(labelsOf(object)).length === 0 ? withLabels(object, labelsOf(asObject(spec['template']))) : object;
  return { ...labelled, spec: { ...spec, selector }, status: {} };
}

function daemonSet(_kernel: Kernel, object: JsonObject): JsonObject {
  const annotations = asObject(asObject(object['metadata'])['annotations']);
  const marked = withMetadata(object, {
    annotations: { ...annotations, 'deprecated.daemonset.template.generation': '1' },
  });
  const status = { currentNumberScheduled: 0, numberMisscheduled: 0, desiredNumberScheduled: 0, numberReady: 0 };
  return { ...marked, status };
}

const initialStatus =
  (status: JsonObject): Preparation =>
  (_kernel, object) => ({ ...object, status });

const preparations: Readonly<Record<string, Preparation>> = {
  '/namespaces': namespace,
  '/pods': withPodAdmission,
  '/services': withServiceAddresses,
  '/persistentvolumeclaims': claim,
  '/persistentvolumes': volume,
  '/resourcequotas': initialStatus({}),
  '/replicationcontrollers': initialStatus({ replicas: 0 }),
  'apps/deployments': initialStatus({}),
  'apps/replicasets': initialStatus({ replicas: 0 }),
  'apps/statefulsets': initialStatus({ replicas: 0, availableReplicas: 0 }),
  'apps/daemonsets': daemonSet,
  'batch/jobs': job,
  'batch/cronjobs': initialStatus({}),
  'autoscaling/horizontalpodautoscalers': initialStatus({ desiredReplicas: 0, currentMetrics: null }),
  'networking.k8s.io/ingresses': initialStatus({ loadBalancer: {} }),
  'policy/poddisruptionbudgets': initialStatus({
    disruptionsAllowed: 0,
    currentHealthy: 0,
    desiredHealthy: 0,
    expectedPods: 0,
  }),
  'apiextensions.k8s.io/customresourcedefinitions': (_kernel, object) => ({
    ...withFinalizer(object, 'customresourcecleanup.apiextensions.k8s.io'),
    status: { conditions: [], acceptedNames: { plural: '', kind: '' }, storedVersions: [] },
  }),
};

/** Kinds whose spec has a generation. Source: the strategies of Kubernetes 1.34. */
const versioned: ReadonlySet<string> = new Set([
  '/pods',
  '/replicationcontrollers',
  'admissionregistration.k8s.io/mutatingwebhookconfigurations',
  'admissionregistration.k8s.io/validatingadmissionpolicies',
  'admissionregistration.k8s.io/validatingwebhookconfigurations',
  'apiextensions.k8s.io/customresourcedefinitions',
  'apps/daemonsets',
  'apps/deployments',
  'apps/replicasets',
  'apps/statefulsets',
  'batch/cronjobs',
  'batch/jobs',
  'discovery.k8s.io/endpointslices',
  'flowcontrol.apiserver.k8s.io/flowschemas',
  'flowcontrol.apiserver.k8s.io/prioritylevelconfigurations',
  'networking.k8s.io/ingressclasses',
  'networking.k8s.io/ingresses',
  'networking.k8s.io/networkpolicies',
  'policy/poddisruptionbudgets',
  'scheduling.k8s.io/priorityclasses',
]);

export function hasGeneration(resource: Resource): boolean {
  return resource.isCustom || versioned.has(resource.key);
}

/** The object as its kind begins: with its status, generation, finalizers and what admission adds. */
export function prepareNew(kernel: Kernel, resource: Resource, object: JsonObject): JsonObject {
  const generation = hasGeneration(resource) ? 1 : undefined;
  const begun = withMetadata(object, { generation });
  return preparations[resource.key]?.(kernel, begun) ?? begun;
}

/** What an update may leave out although it stays. Source: `patchAllocatedValues` of services. */
export function prepareUpdate(resource: Resource, before: JsonObject, after: JsonObject): JsonObject {
  if (resource.key === '/namespaces')
    return inField(after, 'spec', (spec) => ({ ...spec, finalizers: specOf(before)['finalizers'] }));
  if (resource.key !== '/services') return after;
  const [old, next] = [specOf(before), specOf(after)];
  if (next['type'] === 'ExternalName' || next['clusterIP'] === 'None') return after;
  const kept = fill(next, { clusterIP: old['clusterIP'], clusterIPs: old['clusterIPs'] });
  const single = asString(next['clusterIP']);
  const list = next['clusterIPs'] === undefined || asArray(next['clusterIPs'])[0] !== single;
  const isMoved = single !== undefined && single !== old['clusterIP'] && list;
  const spec = isMoved ? { ...kept, clusterIPs: [single] } : kept;
  return withNodePorts(old, { ...after, spec });
}

/** A port that is the same but for its node port keeps the one it has. */
function withNodePorts(old: JsonObject, service: JsonObject): JsonObject {
  const type = specOf(service)['type'];
  if (type !== 'NodePort' && type !== 'LoadBalancer') return service;
  const known = asArray(old['ports']).map(asObject);
  const ports = asArray(specOf(service)['ports']).map((raw) => {
    const port = asObject(raw);
    const same = known.find((each) => each['port'] === port['port'] && each['protocol'] === port['protocol']);
    return fill(port, { nodePort: asNumber(same?.['nodePort']) });
  });
  return withValue(service, ['spec', 'ports'], ports);
}
