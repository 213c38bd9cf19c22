// What decides on objects before they are stored: policy engines, admission policies, and webhooks with what they guard and leave out.

import {
  asArray,
  asNumber,
  asObject,
  asString,
  type Json,
  type JsonObject,
  type KubeObject,
} from '../../model/index.ts';
import { type Family, findPrograms, type Signature } from './signatures.ts';
import type { ClusterView, Tri } from './view.ts';

const engines: readonly Signature[] = [
  { name: 'Kyverno', image: /(?:^|\/)kyverno$/ },
  { name: 'OPA Gatekeeper', image: /(?:^|\/)gatekeeper$/ },
  { name: 'Kubewarden', image: /(?:^|\/)(?:kubewarden\/)?policy-server$|kubewarden-controller$/ },
  { name: 'jsPolicy', image: /(?:^|\/)jspolicy$/ },
  { name: 'Sigstore policy controller', image: /(?:^|\/)policy-webhook$|sigstore\/policy-controller/ },
];

export interface WebhookFacts {
  readonly configuration: string;
  readonly kind: 'Validating' | 'Mutating';
  readonly name: string;
  readonly failurePolicy: string;
  readonly timeoutSeconds: number;
  /** True where its rules take in pods or everything. */
  readonly guardsPods: boolean;
  /** Whether namespaces of the system are left out; unknown where a selector asks for labels that were not seen. */
  readonly sparesSystem: Tri;
  readonly service?: string;
  /** Whether the Service that it calls exists; true for an address outside. */
  readonly serviceExists: Tri;
}

export interface AdmissionFacts {
  readonly engines: Family;
  readonly policies: number;
  /** Bindings that deny. */
  readonly denyingBindings: number;
  readonly sawPolicies: boolean;
  /** Namespaces that enforce a Pod Security Standard, and all others but the system's. */
  readonly podSecurity: {
    readonly enforced: readonly string[];
    readonly open: readonly string[];
    readonly seen: boolean;
  };
  readonly webhooks: readonly WebhookFacts[];
  readonly sawWebhooks: boolean;
}

function hits(list: Json | undefined, word: string): boolean {
  return asArray(list).some((each) => each === '*' || each === '*/*' || each === word);
}

function guardsPods(webhook: JsonObject): boolean {
  return asArray(webhook['rules']).some((rule) => {
    const { apiGroups, resources, operations } = asObject(rule);
    return hits(apiGroups, '') && hits(resources, 'pods') && hits(operations, 'CREATE');
  });
}

/** The names that a selector shuts out by the label that every namespace has. */
function excludes(selector: JsonObject, namespace: string): boolean {
  return asArray(selector['matchExpressions']).some((item) => {
    const { key, operator, values } = asObject(item);
    return key === 'kubernetes.io/metadata.name' && operator === 'NotIn' && asArray(values).includes(namespace);
  });
}

function isEmpty(selector: JsonObject): boolean {
  return (
    Object.keys(asObject(selector['matchLabels'])).length === 0 && asArray(selector['matchExpressions']).length === 0
  );
}

function sparesSystem(webhook: JsonObject): Tri {
  const selector = asObject(webhook['namespaceSelector']);
  if (isEmpty(selector)) return asArray(webhook['matchConditions']).length > 0 ? 'unknown' : false;
  return excludes(selector, 'kube-system') ? true : 'unknown';
}

function serviceOf(webhook: JsonObject): { readonly namespace: string; readonly name: string } | undefined {
  const service = asObject(asObject(webhook['clientConfig'])['service']);
  const [namespace, name] = [asString(service['namespace']), asString(service['name'])];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

function exists(view: ClusterView, service: ReturnType<typeof serviceOf>): Tri {
  if (service === undefined) return true;
  const found = view
    .objects('/Service')
    .some(({ namespace, name }) => namespace === service.namespace && name === service.name);
  return found || (view.saw('/Service') ? false : 'unknown');
}

function toWebhooks(view: ClusterView, { kind, name, raw }: KubeObject): WebhookFacts[] {
  return asArray(raw['webhooks'])
    .map(asObject)
    .map((webhook) => {
      const service = serviceOf(webhook);
      return {
        configuration: name,
        kind: kind === 'MutatingWebhookConfiguration' ? 'Mutating' : 'Validating',
        name: asString(webhook['name']) ?? '',
        failurePolicy: asString(webhook['failurePolicy']) ?? 'Fail',
        timeoutSeconds: asNumber(webhook['timeoutSeconds']) ?? 10,
        guardsPods: guardsPods(webhook),
        sparesSystem: sparesSystem(webhook),
        ...(service === undefined ? {} : { service: `${service.namespace}/${service.name}` }),
        serviceExists: exists(view, service),
      };
    });
}

const group = 'admissionregistration.k8s.io';
const enforceLabel = 'pod-security.kubernetes.io/enforce';

function podSecurity(view: ClusterView): AdmissionFacts['podSecurity'] {
  const namespaces = view.objects('/Namespace').filter(({ name }) => !name.startsWith('kube-'));
  const enforces = ({ raw }: KubeObject): boolean => {
    const level = asString(asObject(asObject(raw['metadata'])['labels'])[enforceLabel]);
    return level === 'baseline' || level === 'restricted';
  };
  return {
    enforced: namespaces.filter(enforces).map(({ name }) => name),
    open: namespaces.filter((each) => !enforces(each)).map(({ name }) => name),
    seen: view.saw('/Namespace'),
  };
}

export function findAdmission(view: ClusterView): AdmissionFacts {
  const bindings = view.objects(`${group}/ValidatingAdmissionPolicyBinding`);
  const kinds = [`${group}/ValidatingWebhookConfiguration`, `${group}/MutatingWebhookConfiguration`];
  return {
    engines: findPrograms(view, engines),
    policies: view.objects(`${group}/ValidatingAdmissionPolicy`).length,
    denyingBindings: bindings.filter(({ raw }) => asArray(asObject(raw['spec'])['validationActions']).includes('Deny'))
      .length,
    sawPolicies:
      view.saw(`${group}/ValidatingAdmissionPolicy`) && view.saw(`${group}/ValidatingAdmissionPolicyBinding`),
    podSecurity: podSecurity(view),
    webhooks: kinds.flatMap((kind) => view.objects(kind).flatMap((object) => toWebhooks(view, object))),
    sawWebhooks: kinds.every(view.saw),
  };
}
