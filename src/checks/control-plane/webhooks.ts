// What webhook configurations have in common: their entries, whom they guard and whom they leave out.

import type { Inventory, Tri } from '../../inventory/index.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asArray, asObject, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';

export const webhookKinds: readonly string[] = [
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
];

export function webhooksOf({ raw }: KubeObject): readonly JsonObject[] {
  return asArray(raw['webhooks']).map(asObject);
}

function hits(list: Json | undefined, ...words: readonly string[]): boolean {
  return asArray(list).some((each) => words.some((word) => each === word));
}

/** True where the webhook is asked about every new pod. */
function guardsPods(webhook: JsonObject): boolean {
  return asArray(webhook['rules']).some((rule) => {
    const { apiGroups, resources, operations } = asObject(rule);
    return hits(apiGroups, '*', '') && hits(resources, '*', '*/*', 'pods', 'pods/*') && hits(operations, '*', 'CREATE');
  });
}

function isEmpty(selector: JsonObject): boolean {
  return (
    Object.keys(asObject(selector['matchLabels'])).length === 0 && asArray(selector['matchExpressions']).length === 0
  );
}

/** The name of a namespace is the only label that is known without the namespace. */
function asksOnlyForNames(selector: JsonObject): boolean {
  const keys = [
    ...Object.keys(asObject(selector['matchLabels'])),
    ...asArray(selector['matchExpressions']).map((item) => asObject(item)['key']),
  ];
  return keys.every((key) => key === 'kubernetes.io/metadata.name');
}

/** Whether the webhook is asked about pods of a namespace. Conditions in CEL and selectors of objects leave it open. */
export function reaches(webhook: JsonObject, namespace: string, inventory: Inventory): Tri {
  if (!guardsPods(webhook)) return false;
  const selector = asObject(webhook['namespaceSelector']);
  const labels = inventory.namespaceLabels(namespace);
  const known = labels !== undefined || asksOnlyForNames(selector);
  const around = labels ?? { 'kubernetes.io/metadata.name': namespace };
  if (known && !isEmpty(selector) && !compileSelector(selector).matches(around)) return false;
  const open = asArray(webhook['matchConditions']).length > 0 || !isEmpty(asObject(webhook['objectSelector']));
  return known && !open ? true : 'unknown';
}
