// What decides on objects before they are stored: policy engines, admission policies, and webhooks with what they guard and leave out.

import { asArray, asNumber, asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import { type Labels, readLabels } from '../workload.ts';
import { type Family, findPrograms, type Signature } from './signatures.ts';
import type { ClusterView, Tri } from './view.ts';
import { guardsPods, reaches, webhookKinds, webhooksOf } from './webhooks.ts';

const engines: readonly Signature[] = [
  { name: 'Kyverno', image: /(?:^|\/)(?:kyverno|bitnami)\/kyverno$/ },
  { name: 'OPA Gatekeeper', image: /(?:^|\/)open-?policy-?agent\/gatekeeper$/ },
  { name: 'Kubewarden', image: /(?:^|\/)kubewarden\/(?:policy-server|kubewarden-controller)$/ },
  { name: 'jsPolicy', image: /(?:^|\/)jspolicy$/ },
  { name: 'Sigstore policy controller', image: /(?:^|\/)sigstore\/policy-controller/ },
];

export interface WebhookFacts {
  readonly configuration: string;
  readonly kind: 'Validating' | 'Mutating';
  readonly name: string;
  readonly failurePolicy: string;
  readonly timeoutSeconds: number;
  /** True where its rules take in pods or everything. */
  readonly guardsPods: boolean;
  /** Whether it decides on pods of `kube-system`; unknown where conditions or labels that were not seen decide. */
  readonly guardsSystem: Tri;
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

function serviceOf(webhook: JsonObject): { readonly namespace: string; readonly name: string } | undefined {
  const service = asObject(asObject(webhook['clientConfig'])['service']);
  const [namespace, name] = [asString(service['namespace']), asString(service['name'])];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

function systemLabels(view: ClusterView): Labels | undefined {
  const namespace = view.objects('/Namespace').find(({ name }) => name === 'kube-system');
  if (namespace === undefined) return undefined;
  return {
    ...readLabels(asObject(namespace.raw['metadata'])['labels']),
    'kubernetes.io/metadata.name': namespace.name,
  };
}

function exists(view: ClusterView, service: ReturnType<typeof serviceOf>): Tri {
  if (service === undefined) return true;
  const found = view
    .objects('/Service')
    .some(({ namespace, name }) => namespace === service.namespace && name === service.name);
  return found || (view.saw('/Service') ? false : 'unknown');
}

function toWebhooks(view: ClusterView, { kind, name, raw }: KubeObject): WebhookFacts[] {
  return webhooksOf({ raw }).map((webhook) => {
    const service = serviceOf(webhook);
    return {
      configuration: name,
      kind: kind === 'MutatingWebhookConfiguration' ? 'Mutating' : 'Validating',
      name: asString(webhook['name']) ?? '',
      failurePolicy: asString(webhook['failurePolicy']) ?? 'Fail',
      timeoutSeconds: asNumber(webhook['timeoutSeconds']) ?? 10,
      guardsPods: guardsPods(webhook),
      guardsSystem: reaches(webhook, 'kube-system', systemLabels(view)),
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
  return {
    engines: findPrograms(view, engines),
    policies: view.objects(`${group}/ValidatingAdmissionPolicy`).length,
    denyingBindings: bindings.filter(({ raw }) => asArray(asObject(raw['spec'])['validationActions']).includes('Deny'))
      .length,
    sawPolicies:
      view.saw(`${group}/ValidatingAdmissionPolicy`) && view.saw(`${group}/ValidatingAdmissionPolicyBinding`),
    podSecurity: podSecurity(view),
    webhooks: webhookKinds.flatMap((kind) => view.objects(kind).flatMap((object) => toWebhooks(view, object))),
    sawWebhooks: webhookKinds.every(view.saw),
  };
}
