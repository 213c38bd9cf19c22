// What the API server fills in where an object leaves it out, kind by kind. Source: the defaults of Kubernetes' v1 types, tried on 1.34.

import { asArray, asObject, asString, isJsonObject, type JsonObject } from '../../model/index.ts';
import { compact } from '../objects/edit.ts';
import { changeField, changeItems, fill, inField } from './fill.ts';
import { podSpecDefaults, templateDefaults } from './pod-spec.ts';

type Defaults = (object: JsonObject) => JsonObject;

const inSpec =
  (change: Defaults): Defaults =>
  (object) =>
    inField(object, 'spec', change);

function withTemplate(defaults: JsonObject): Defaults {
  return (spec) => changeField(fill(spec, defaults), 'template', templateDefaults);
}

const rollingPods = { maxUnavailable: '25%', maxSurge: '25%' };

function deployment(raw: JsonObject): JsonObject {
  const spec = withTemplate({ replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })(raw);
  return inField(spec, 'strategy', (given) => {
    const strategy = fill(given, { type: 'RollingUpdate' });
    if (strategy['type'] !== 'RollingUpdate') return strategy;
    return inField(strategy, 'rollingUpdate', (each) => fill(each, rollingPods));
  });
}

function claimSpec(raw: JsonObject): JsonObject {
  return changeField(raw, 'spec', (spec) => fill(spec, { volumeMode: 'Filesystem' }));
}

function claimTemplate(raw: JsonObject): JsonObject {
  const claim = fill(raw, { kind: 'PersistentVolumeClaim', apiVersion: 'v1', status: { phase: 'Pending' } });
  return claimSpec(claim);
}

function statefulSet(raw: JsonObject): JsonObject {
  let spec = withTemplate({ replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 })(raw);
  spec = inField(spec, 'updateStrategy', (given) => {
    const strategy = fill(given, { type: 'RollingUpdate' });
    if (strategy['type'] !== 'RollingUpdate') return strategy;
    return inField(strategy, 'rollingUpdate', (each) => fill(each, { partition: 0 }));
  });
  const retention = { whenDeleted: 'Retain', whenScaled: 'Retain' };
  spec = inField(spec, 'persistentVolumeClaimRetentionPolicy', (given) => fill(given, retention));
  return changeItems(spec, 'volumeClaimTemplates', claimTemplate);
}

function daemonSet(raw: JsonObject): JsonObject {
  return inField(withTemplate({ revisionHistoryLimit: 10 })(raw), 'updateStrategy', (given) => {
    const strategy = fill(given, { type: 'RollingUpdate' });
    if (strategy['type'] !== 'RollingUpdate') return strategy;
    return inField(strategy, 'rollingUpdate', (each) => fill(each, { maxUnavailable: 1, maxSurge: 0 }));
  });
}

/** Neither completions nor parallelism: one of each; parallelism alone is a queue of work without an end known before. */
function job(raw: JsonObject): JsonObject {
  const isPlain = raw['completions'] === undefined && raw['parallelism'] === undefined;
  return withTemplate({
    completions: isPlain ? 1 : undefined,
    parallelism: 1,
    backoffLimit: 6,
    completionMode: 'NonIndexed',
    suspend: false,
    podReplacementPolicy: raw['podFailurePolicy'] === undefined ? 'TerminatingOrFailed' : 'Failed',
    manualSelector: false,
  })(raw);
}

function cronJob(raw: JsonObject): JsonObject {
  const limits = { successfulJobsHistoryLimit: 3, failedJobsHistoryLimit: 1 };
  const spec = fill(raw, { concurrencyPolicy: 'Allow', suspend: false, ...limits });
  return changeField(spec, 'jobTemplate', (template) =>
    // A CronJob's template keeps the job's own defaults for the day when the job is made.
    changeField(template, 'spec', (each) => changeField(each, 'template', templateDefaults)),
  );
}

function servicePort(raw: JsonObject): JsonObject {
  return fill(raw, { protocol: 'TCP', targetPort: raw['port'] });
}

function service(raw: JsonObject): JsonObject {
  const type = asString(raw['type']) ?? 'ClusterIP';
  if (type === 'ExternalName') return fill(raw, { type, sessionAffinity: 'None' });
  const isReachable = type === 'NodePort' || type === 'LoadBalancer';
  const spec = fill(raw, {
    type,
    sessionAffinity: 'None',
    internalTrafficPolicy: 'Cluster',
    ipFamilies: ['IPv4'],
    ipFamilyPolicy: 'SingleStack',
    externalTrafficPolicy: isReachable ? 'Cluster' : undefined,
    allocateLoadBalancerNodePorts: type === 'LoadBalancer' ? true : undefined,
  });
  return changeItems(spec, 'ports', servicePort);
}

function secret(raw: JsonObject): JsonObject {
  const { stringData, ...rest } = raw;
  if (!isJsonObject(stringData)) return fill(rest, { type: 'Opaque' });
  const encoded = Object.entries(stringData).map(([key, value]) => [
    key,
    Buffer.from(asString(value) ?? '').toString('base64'),
  ]);
  const data = { ...asObject(raw['data']), ...Object.fromEntries(encoded) };
  return fill({ ...rest, data }, { type: 'Opaque' });
}

function networkPolicy(raw: JsonObject): JsonObject {
  const hasEgress = asArray(raw['egress']).length > 0 || raw['egress'] !== undefined;
  const policyTypes = hasEgress ? ['Ingress', 'Egress'] : ['Ingress'];
  const rule: Defaults = (each) => changeItems(each, 'ports', (port) => fill(port, { protocol: 'TCP' }));
  return fill(changeItems(changeItems(raw, 'egress', rule), 'ingress', rule), { policyTypes, podSelector: {} });
}

const rbacGroup = 'rbac.authorization.k8s.io';

function binding(raw: JsonObject): JsonObject {
  const withRole = changeField(raw, 'roleRef', (role) => fill(role, { apiGroup: rbacGroup }));
  return changeItems(withRole, 'subjects', (subject) =>
    subject['kind'] === 'ServiceAccount' ? subject : fill(subject, { apiGroup: rbacGroup }),
  );
}

const cpuTarget = {
  type: 'Resource',
  resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 80 } },
};

function volume(raw: JsonObject): JsonObject {
  const spec = fill(raw, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' });
  const typed = changeField(spec, 'hostPath', (path) => fill(path, { type: '' }));
  return changeField(typed, 'claimRef', (claim) => fill(claim, { kind: 'PersistentVolumeClaim', apiVersion: 'v1' }));
}

function definition(raw: JsonObject): JsonObject {
  const kind = asString(asObject(raw['names'])['kind']) ?? '';
  const spec = inField(raw, 'names', (names) => fill(names, { singular: kind.toLowerCase(), listKind: `${kind}List` }));
  return fill(spec, { conversion: { strategy: 'None' } });
}

function webhooks(raw: JsonObject, more: JsonObject): JsonObject {
  return changeItems(raw, 'webhooks', (hook) => {
    const filled = fill(hook, {
      failurePolicy: 'Fail',
      matchPolicy: 'Equivalent',
      namespaceSelector: {},
      objectSelector: {},
      timeoutSeconds: 10,
      ...more,
    });
    const withPort = changeField(filled, 'clientConfig', (config) =>
      changeField(config, 'service', (each) => fill(each, { port: 443 })),
    );
    return changeItems(withPort, 'rules', (rule) => fill(rule, { scope: '*' }));
  });
}

const defaultsByKind: Readonly<Record<string, Defaults>> = {
  '/Pod': inSpec((spec) => fill(podSpecDefaults(spec), { enableServiceLinks: true })),
  '/PodTemplate': (raw) => changeField(raw, 'template', templateDefaults),
  '/ReplicationController': inSpec(withTemplate({ replicas: 1 })),
  '/Service': inSpec(service),
  '/Secret': secret,
  '/PersistentVolume': inSpec(volume),
  '/PersistentVolumeClaim': claimSpec,
  'apps/Deployment': inSpec(deployment),
  'apps/ReplicaSet': inSpec(withTemplate({ replicas: 1 })),
  'apps/StatefulSet': inSpec(statefulSet),
  'apps/DaemonSet': inSpec(daemonSet),
  'batch/Job': inSpec(job),
  'batch/CronJob': inSpec(cronJob),
  'networking.k8s.io/NetworkPolicy': inSpec(networkPolicy),
  'rbac.authorization.k8s.io/RoleBinding': binding,
  'rbac.authorization.k8s.io/ClusterRoleBinding': binding,
  'rbac.authorization.k8s.io/Role': (raw) => fill(raw, { rules: null }),
  'rbac.authorization.k8s.io/ClusterRole': (raw) => fill(raw, { rules: null }),
  'storage.k8s.io/StorageClass': (raw) => fill(raw, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }),
  'autoscaling/HorizontalPodAutoscaler': inSpec((spec) => fill(spec, { minReplicas: 1, metrics: [cpuTarget] })),
  'scheduling.k8s.io/PriorityClass': (raw) => fill(raw, { preemptionPolicy: 'PreemptLowerPriority' }),
  'apiextensions.k8s.io/CustomResourceDefinition': inSpec(definition),
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration': (raw) => webhooks(raw, {}),
  'admissionregistration.k8s.io/MutatingWebhookConfiguration': (raw) => webhooks(raw, { reinvocationPolicy: 'Never' }),
};

/** The object with the defaults of its kind; kinds that have none come back as they are. */
export function withBuiltInDefaults(group: string, kind: string, object: JsonObject): JsonObject {
  return compact((defaultsByKind[`${group}/${kind}`] ?? ((each: JsonObject) => each))(object));
}
