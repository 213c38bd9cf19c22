// Who brings the requests of an Ingress or a route to the pods: controllers that were found, or those that its class and gateway stand for.

import { readLabels } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import type { Decision, Peer } from './need.ts';
import type { Platform } from './platform.ts';

export interface Bringers {
  readonly callers: readonly Peer[];
  readonly decision?: Omit<Decision, 'about'>;
}

/** Labels that the charts of controllers give their pods, by the class of Ingresses. */
const namesByClass: Readonly<Record<string, string>> = {
  nginx: 'ingress-nginx',
  traefik: 'traefik',
  contour: 'contour',
  kong: 'ingress',
  haproxy: 'kubernetes-ingress',
};

const advice =
  'Name its pods: --peer ingress=ingress-nginx/app.kubernetes.io/name=ingress-nginx, or look at the cluster with --context';

function labelled(labels: Readonly<Record<string, string>>, name: string): Peer {
  return { kind: 'pods', name, labels };
}

function ofGateway(gateway: string): Bringers {
  // Source: GEP-1762, labels of what a controller makes for a Gateway.
  const key = 'gateway.networking.k8s.io/gateway-name';
  return {
    callers: [labelled({ [key]: gateway }, `gateway "${gateway}"`)],
    decision: { done: `the pods of gateway "${gateway}" are taken to carry the label ${key}`, advice },
  };
}

function ofClass(named: string | undefined): Bringers {
  const name = namesByClass[named ?? ''];
  if (name === undefined)
    return {
      callers: [labelled({}, 'pods of every namespace')],
      decision: { done: 'which pods bring its requests is not known: opened for the pods of every namespace', advice },
    };
  return {
    callers: [labelled({ 'app.kubernetes.io/name': name }, `ingress controller ${name}`)],
    decision: {
      done: `the controller of class "${named}" is taken to carry the label app.kubernetes.io/name: ${name}`,
      advice,
    },
  };
}

/** Source: docs.openshift.com, its router runs in `openshift-ingress`. */
const openShiftRouter: Peer = {
  kind: 'pods',
  name: 'router of OpenShift',
  namespaces: ['openshift-ingress'],
  labels: {},
};

export function bringersOf({ controllers, answers }: Platform, { kind, raw }: KubeObject): Bringers {
  const told = answers.get('ingress');
  if (told !== undefined) return { callers: [told] };
  if (kind === 'Route') return { callers: [openShiftRouter] };
  if (controllers.length > 0) return { callers: controllers };
  const spec = asObject(raw['spec']);
  const gateway = asString(asObject(asArray(spec['parentRefs'])[0])['name']);
  if (gateway !== undefined) return ofGateway(gateway);
  const annotations = readLabels(asObject(raw['metadata'])['annotations']);
  return ofClass(asString(spec['ingressClassName']) ?? annotations['kubernetes.io/ingress.class']);
}
