// What webhook configurations have in common: their entries, whom they guard and whom they leave out.

import { compileSelector } from '../../kube/selectors.ts';
import { asArray, asObject, type Json, type JsonObject, type KubeObject } from '../../model/index.ts';
import type { Labels } from '../workload.ts';
import type { Tri } from './view.ts';

export const webhookKinds: readonly string[] = [
  'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
  'admissionregistration.k8s.io/MutatingWebhookConfiguration',
];

export function webhooksOf({ raw }: Pick<KubeObject, 'raw'>): readonly JsonObject[] {
  return asArray(raw['webhooks']).map(asObject);
}

function hits(list: Json | undefined, ...words: readonly string[]): boolean {
  return asArray(list).some((each) => words.some((word) => each === word));
}

/** True where the webhook is asked about new pods. `pods/*` stands for what is below pods, not for them. */
export function guardsPods(webhook: JsonObject): boolean {
  return asArray(webhook['rules']).some((rule) => {
    const { apiGroups, resources, operations, scope } = asObject(rule);
    const onPods = hits(apiGroups, '*', '') && hits(resources, '*', '*/*', 'pods');
    return onPods && hits(operations, '*', 'CREATE') && scope !== 'Cluster';
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

/**
 * Whether the webhook is asked about pods of a namespace. Conditions in CEL and selectors of objects leave it open, and so do labels of a
 * namespace that nobody saw (`labels` left out).
 */
export function reaches(webhook: JsonObject, namespace: string, labels: Labels | undefined): Tri {
  if (!guardsPods(webhook)) return false;
  const selector = asObject(webhook['namespaceSelector']);
  const known = labels !== undefined || asksOnlyForNames(selector);
  const around = labels ?? { 'kubernetes.io/metadata.name': namespace };
  if (known && !isEmpty(selector) && !compileSelector(selector).matches(around)) return false;
  const open = asArray(webhook['matchConditions']).length > 0 || !isEmpty(asObject(webhook['objectSelector']));
  return known && !open ? true : 'unknown';
}
