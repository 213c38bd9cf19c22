// Finds Ingresses to which no controller gave an address.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { liveCheck, metadataOf, specOf, statusOf } from './live-check.ts';
import { minutesSince } from './seen-at.ts';

const kind = 'networking.k8s.io/Ingress';
/** Controllers write addresses within a minute, clouds take longer. */
const patience = 10;

function classOf(ingress: KubeObject): string {
  const annotation = asObject(metadataOf(ingress)['annotations'])['kubernetes.io/ingress.class'];
  return asString(specOf(ingress)['ingressClassName']) ?? asString(annotation) ?? '';
}

function hasAddress(ingress: KubeObject): boolean {
  return asArray(asObject(statusOf(ingress)['loadBalancer'])['ingress']).length > 0;
}

/** Classes whose controller writes addresses at all: not all of them do. */
function writingClasses(inventory: Inventory): ReadonlySet<string> {
  return new Set(inventory.ofKind(kind).filter(hasAddress).map(classOf));
}

export const ingressWithoutAddress = liveCheck(
  {
    id: 'ingress-without-address',
    family: 'running',
    title: 'Ingresses are served by a controller',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Name the class of a controller that runs here, and look at its logs for this Ingress.',
    minutes: 20,
    settledBy: 'a request to the host of the Ingress',
  },
  {
    kinds: [kind],
    find: (ingress, context) => {
      if (hasAddress(ingress)) return undefined;
      const name = classOf(ingress);
      const told = name === '' ? 'it names no class' : `class "${name}"`;
      const waits = minutesSince(context, metadataOf(ingress)['creationTimestamp']) >= patience;
      if (waits && context.inventory.derive(writingClasses).has(name))
        return {
          message: `no controller serves Ingress "${ingress.name}": others of its class have an address, this one has none`,
          path: ['status', 'loadBalancer'],
          evidence: `no address; ${told}`,
        };
      return {
        verdict: 'unknown',
        message: `whether a controller serves Ingress "${ingress.name}" is not known: it has no address`,
        path: ['status', 'loadBalancer'],
        evidence: `no address; ${told}; would be settled by a request to its host`,
      };
    },
  },
);
