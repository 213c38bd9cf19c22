// API versions whose objects mean the same under their replacement, field by field: the version alone can be edited.

import { asObject, type JsonObject } from '../../model/index.ts';

/** A selector was guessed from the labels of the pods, before apps/v1. Source: Kubernetes' API deprecation guide, v1.16. */
const hasSelector = (raw: JsonObject): boolean =>
  Object.keys(asObject(asObject(asObject(raw['spec'])['selector'])['matchLabels'])).length > 0;

/** From the API deprecation guide of kubernetes.io: kinds without notable changes, by the version that they leave. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  'apps/v1beta1': ['Deployment', 'StatefulSet'],
  'apps/v1beta2': ['Deployment', 'StatefulSet', 'DaemonSet', 'ReplicaSet'],
  'extensions/v1beta1': ['Deployment', 'DaemonSet', 'ReplicaSet', 'NetworkPolicy'],
  'batch/v1beta1': ['CronJob'],
  'policy/v1beta1': ['PodDisruptionBudget'],
  'autoscaling/v2beta2': ['HorizontalPodAutoscaler'],
  'coordination.k8s.io/v1beta1': ['Lease'],
  'networking.k8s.io/v1beta1': ['IngressClass'],
  'node.k8s.io/v1beta1': ['RuntimeClass'],
  'rbac.authorization.k8s.io/v1alpha1': ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
  'rbac.authorization.k8s.io/v1beta1': ['Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding'],
  'scheduling.k8s.io/v1beta1': ['PriorityClass'],
  'storage.k8s.io/v1beta1': ['StorageClass', 'CSIDriver', 'CSINode', 'VolumeAttachment', 'CSIStorageCapacity'],
};

/** True where an edit of `apiVersion` is all there is to do. An empty selector means nothing in policy/v1beta1 and everything in v1. */
export function keepsShape(apiVersion: string, kind: string, raw: JsonObject): boolean {
  if (kinds[apiVersion]?.includes(kind) !== true) return false;
  const needsSelector = /^(?:apps|extensions|policy)\//.test(apiVersion) && kind !== 'NetworkPolicy';
  return !needsSelector || hasSelector(raw);
}
