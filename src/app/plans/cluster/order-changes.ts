// The order in which changes of a cluster keep the app up: what others need comes first, what restricts comes last.

import { asArray, asObject, type Json, type JsonObject, isJsonObject, toText } from '../../../model/index.ts';

/** One object that is to be made or changed. */
export interface OrderedChange {
  readonly object: JsonObject;
  readonly isNew: boolean;
}

const ranks: readonly (readonly string[])[] = [
  ['CustomResourceDefinition', 'PriorityClass', 'RuntimeClass', 'StorageClass'],
  ['ServiceAccount', 'Role', 'ClusterRole'],
  ['RoleBinding', 'ClusterRoleBinding'],
  ['ConfigMap', 'Secret', 'PersistentVolume', 'PersistentVolumeClaim', 'Service'],
  ['PodDisruptionBudget'],
];
const restrictive = [
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'ValidatingAdmissionPolicy',
  'ValidatingAdmissionPolicyBinding',
];

/** A policy that picks every pod and allows nothing closes what the others open: it is the last of them. */
function isDefaultDeny({ kind, spec }: JsonObject): boolean {
  const { podSelector, ingress, egress } = asObject(spec);
  const picksAll = Object.keys(asObject(podSelector)).length === 0;
  return kind === 'NetworkPolicy' && picksAll && asArray(ingress).length === 0 && asArray(egress).length === 0;
}

function rankOf({ object, isNew }: OrderedChange): number {
  const kind = toText(object['kind']);
  if (kind === 'Namespace') return isNew ? -1 : 30;
  if (isDefaultDeny(object)) return 21;
  if (restrictive.includes(kind)) return 20;
  const rank = ranks.findIndex((kinds) => kinds.includes(kind));
  return rank === -1 ? 10 : rank;
}

/** Changes of one rank stay in their order. Pure. */
export function orderChanges<T extends OrderedChange>(changes: readonly T[]): T[] {
  return changes.toSorted((a, b) => rankOf(a) - rankOf(b));
}

function holdsText(value: Json | undefined, text: string): boolean {
  if (value === text) return true;
  if (Array.isArray(value)) return (value as readonly Json[]).some((item) => holdsText(item, text));
  return isJsonObject(value) && Object.values(value).some((item) => holdsText(item, text));
}

function nameOf({ metadata }: JsonObject): { name: string; namespace: string } {
  const { name, namespace } = asObject(metadata);
  return { name: toText(name), namespace: typeof namespace === 'string' ? namespace : '' };
}

/** Whether a change needs another one to be made before: it is in the new namespace, it names the new object, or it restricts what that changes. */
export function comesAfter(change: OrderedChange, earlier: OrderedChange): boolean {
  const [own, other] = [nameOf(change.object), nameOf(earlier.object)];
  if (earlier.isNew && earlier.object['kind'] === 'Namespace') return own.namespace === other.name;
  const place = change.object['kind'] === 'Namespace' ? own.name : own.namespace;
  const isNear = other.namespace === '' || place === other.namespace;
  if (rankOf(change) >= 20) return isNear && rankOf(earlier) < rankOf(change);
  return earlier.isNew && isNear && holdsText(asObject(change.object['spec'] ?? change.object['roleRef']), other.name);
}
