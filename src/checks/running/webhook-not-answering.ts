// Finds webhooks of the API server that nobody answers now: their Service is missing, or has no ready pod.

import { type Inventory, podSelectorOf, viewOf, webhookKinds, webhooksOf } from '../../inventory/index.ts';
import { asObject, asString, type Diagnostic, type JsonObject, type KubeObject, type Path } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { specOf } from './live-check.ts';
import { isPodReady } from './pod-trouble.ts';
import { livePods } from './live-pods.ts';

const definitions = 'apiextensions.k8s.io/CustomResourceDefinition';

interface Call {
  /** Whom the API server asks: a part of clientConfig. */
  readonly service: JsonObject;
  readonly path: Path;
  /** Begins the message: `webhook "x" is not answered`. */
  readonly name: string;
  readonly consequence: string;
  readonly stops: boolean;
}

function callsOf(object: KubeObject): Call[] {
  if (object.kind === 'CustomResourceDefinition') {
    const conversion = asObject(specOf(object)['conversion']);
    const service = asObject(asObject(asObject(conversion['webhook'])['clientConfig'])['service']);
    const path = ['spec', 'conversion', 'webhook', 'clientConfig', 'service'];
    const consequence = 'its objects cannot be read in any other version than the stored one';
    return conversion['strategy'] === 'Webhook'
      ? [{ service, path, name: `the conversion of "${object.name}"`, consequence, stops: true }]
      : [];
  }
  return webhooksOf(object).map((webhook, index) => {
    const stops = (asString(webhook['failurePolicy']) ?? 'Fail') === 'Fail';
    return {
      service: asObject(asObject(webhook['clientConfig'])['service']),
      path: ['webhooks', index, 'clientConfig', 'service'],
      name: `webhook "${asString(webhook['name']) ?? object.name}"`,
      consequence: stops
        ? 'the API server refuses what it should judge'
        : 'the API server goes on without its judgement',
      stops,
    };
  });
}

/** A namespace that was not read says nothing. */
function wasRead({ snapshot }: Inventory, namespace: string): boolean {
  const read = snapshot.facts.cluster?.namespaces ?? [];
  return read.length === 0 || read.includes(namespace);
}

function whyNot({ service }: Call, inventory: Inventory): string | undefined {
  const [namespace, name] = [asString(service['namespace']) ?? '', asString(service['name']) ?? ''];
  if (name === '' || !wasRead(inventory, namespace)) return undefined;
  const found = inventory.find({ group: '', kind: 'Service', namespace, name });
  if (found === undefined) return `there is no Service ${namespace}/${name}`;
  const selector = podSelectorOf(found);
  // Endpoints that somebody keeps by hand are not read.
  if (selector === undefined || Object.keys(asObject(specOf(found)['selector'])).length === 0) return undefined;
  const pods = inventory.derive(livePods).matching(namespace, selector);
  if (pods.some(isPodReady)) return undefined;
  return `Service ${namespace}/${name} has ${pods.length === 0 ? 'no pods' : `${pods.length} pods, and none is ready`}`;
}

function judge(call: Call, inventory: Inventory): Diagnostic[] {
  const why = whyNot(call, inventory);
  if (why === undefined) return [];
  return [
    {
      ...(call.stops ? {} : { severity: 'medium' as const }),
      message: `${call.name} is not answered: ${call.consequence}`,
      path: call.path,
      evidence: why,
    },
  ];
}

export const webhookNotAnswering = objectCheck(
  {
    id: 'webhook-not-answering',
    family: 'running',
    title: 'Webhooks of the API server are answered',
    leg: 'deployment',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'critical',
    references: [],
    remediation: 'Start the pods of the webhook, or delete its configuration together with what is left of it.',
    minutes: 20,
  },
  {
    kinds: [...webhookKinds, definitions],
    applies: (object, { inventory }) =>
      viewOf(inventory).live && callsOf(object).some(({ service }) => service['name'] !== undefined),
    find: (object, { inventory }) => callsOf(object).flatMap((call) => judge(call, inventory)),
  },
);
