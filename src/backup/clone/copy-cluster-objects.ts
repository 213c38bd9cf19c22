// Objects of the whole cluster that an app has: its copy gets some of its own, under another name and for its own namespace only. Pure.

import { asArray, asObject, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';
import { type ClonedObject, type Decision, wordsFor } from './clone-plan.ts';

export interface CopyContext {
  readonly of: string;
  readonly name: string;
  /** Also webhooks for which nobody is known to make a certificate. */
  readonly webhooks: boolean;
}

type Copied = { readonly item: ClonedObject; readonly text: string } | { readonly decision: Decision } | undefined;

const binding = 'clusterrolebindings.rbac.authorization.k8s.io';
const webhookKinds: ReadonlySet<string> = new Set([
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
]);

export function isClusterCopy({ place }: ClonedObject): boolean {
  return place.groupResource === binding || webhookKinds.has(place.groupResource);
}

function renamed({ place, object }: ClonedObject, { of, name }: CopyContext, rest: JsonObject): ClonedObject {
  const to = of === name ? place.name : `${place.name}-${name}`;
  return {
    place: { ...place, name: to },
    object: { ...object, ...rest, metadata: { ...asObject(object['metadata']), name: to } },
  };
}

/** Whether a subject of a binding is of the namespace: an account, or the group of all of its accounts. */
export function isOfNamespace(subject: Json, namespace: string): boolean {
  const { kind, namespace: own, name } = asObject(subject);
  return kind === 'ServiceAccount' ? own === namespace : name === `system:serviceaccounts:${namespace}`;
}

function copyBinding(item: ClonedObject, context: CopyContext): Copied {
  const subjects = asArray(item.object['subjects']).filter((each) => isOfNamespace(each, context.of));
  if (subjects.length === 0) return undefined;
  return {
    item: renamed(item, context, { subjects }),
    text: `gives the copy's accounts what ${item.place.name} gives the original's`,
  };
}

function calls(webhook: JsonObject, namespace: string): boolean {
  return asObject(asObject(webhook['clientConfig'])['service'])['namespace'] === namespace;
}

/** Only for objects in the copy: what has no namespace is asked about already. */
function narrowWebhook(webhook: JsonObject, name: string): JsonObject[] {
  const rules = asArray(webhook['rules']).flatMap((rule): JsonObject[] =>
    isJsonObject(rule) && rule['scope'] !== 'Cluster' ? [{ ...rule, scope: 'Namespaced' }] : [],
  );
  if (rules.length === 0) return [];
  const selector = asObject(webhook['namespaceSelector']);
  const own = { key: 'kubernetes.io/metadata.name', operator: 'In', values: [name] };
  const matchExpressions = [...asArray(selector['matchExpressions']), own];
  return [{ ...webhook, rules, namespaceSelector: { ...selector, matchExpressions } }];
}

const injectors = ['cert-manager.io/inject-ca-from', 'cert-manager.io/inject-ca-from-secret'];

function copyWebhooks(item: ClonedObject, context: CopyContext): Copied {
  const own = asArray(item.object['webhooks']).flatMap((each) =>
    isJsonObject(each) && calls(each, context.of) ? narrowWebhook(each, context.name) : [],
  );
  if (own.length === 0) return undefined;
  const annotations = asObject(asObject(item.object['metadata'])['annotations']);
  const isGiven = injectors.some((key) => annotations[key] !== undefined);
  if (!isGiven && !context.webhooks)
    return {
      decision: {
        object: wordsFor(item),
        text: `is not copied: its certificate must name a Service in ${context.name}, and nobody is known to make one`,
        how: 'give the copy such a certificate, and say --webhooks',
      },
    };
  return {
    item: renamed(item, context, { webhooks: own }),
    text: `asks the copy, about objects in ${context.name} only`,
  };
}

/** `undefined` where the object has nothing to do with the namespace. */
export function copyClusterObject(item: ClonedObject, context: CopyContext): Copied {
  return item.place.groupResource === binding ? copyBinding(item, context) : copyWebhooks(item, context);
}
