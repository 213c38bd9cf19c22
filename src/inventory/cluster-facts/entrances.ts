// The ways in from outside: ingress controllers and gateways that run, and the classes that an app may name.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import { readLabels } from '../workload.ts';
import { type Family, findPrograms, programsOf, type Signature } from './signatures.ts';
import type { ClusterView, Program } from './view.ts';

/** A controller may be an ingress controller and a gateway at once. */
const controllers: readonly Signature[] = [
  {
    name: 'ingress-nginx',
    image: /(?:^|\/)(?:ingress-nginx|nginx-ingress)-controller$|ingress-nginx\/controller(?:-chroot)?$/,
  },
  { name: 'NGINX Ingress Controller (F5)', image: /(?:^|\/)nginx\/nginx-ingress$|^nginx-ic\// },
  { name: 'NGINX Gateway Fabric', image: /(?:^|\/)nginx-gateway-fabric$/ },
  { name: 'Traefik', image: /(?:^|\/)(?:mirrored-library-)?traefik$/ },
  { name: 'HAProxy Ingress', image: /(?:^|\/)haproxy-ingress$|(?:^|\/)haproxytech\/kubernetes-ingress$/ },
  { name: 'Contour', image: /(?:^|\/)contour$/ },
  { name: 'Envoy Gateway', image: /(?:^|\/)envoyproxy\/gateway$/ },
  { name: 'Kong', image: /(?:^|\/)kong\/kubernetes-ingress-controller$/ },
  { name: 'AWS Load Balancer Controller', image: /(?:^|\/)aws-load-balancer-controller$/ },
  { name: 'Emissary', image: /(?:^|\/)emissary(?:-ingress)?$/ },
  { name: 'Application Gateway Ingress Controller', image: /(?:^|\/)azure-application-gateway\/kubernetes-ingress$/ },
  { name: 'Istio gateway', image: /(?:^|\/)istio\/proxyv2$/ },
];

export interface ClassFacts {
  readonly name: string;
  readonly controller: string;
  readonly isDefault: boolean;
}

export interface EntranceFacts {
  readonly controllers: Family;
  readonly ingressClasses: readonly ClassFacts[];
  readonly gatewayClasses: readonly ClassFacts[];
  /** False where classes may not be listed. */
  readonly sawClasses: boolean;
}

/** Ingress controllers and gateways, with the objects that run them. */
export function entrancePrograms(view: ClusterView): Program[] {
  return programsOf(view, controllers);
}

function toClass(field: 'controller' | 'controllerName') {
  return ({ name, raw }: KubeObject): ClassFacts => {
    const annotations = readLabels(asObject(raw['metadata'])['annotations']);
    return {
      name,
      controller: asString(asObject(raw['spec'])[field]) ?? '',
      isDefault: annotations['ingressclass.kubernetes.io/is-default-class'] === 'true',
    };
  };
}

export function findEntrances(view: ClusterView): EntranceFacts {
  return {
    controllers: findPrograms(view, controllers),
    ingressClasses: view.objects('networking.k8s.io/IngressClass').map(toClass('controller')),
    gatewayClasses: view.objects('gateway.networking.k8s.io/GatewayClass').map(toClass('controllerName')),
    sawClasses: view.saw('networking.k8s.io/IngressClass') && view.saw('gateway.networking.k8s.io/GatewayClass'),
  };
}
