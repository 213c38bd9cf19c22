// The ways in from outside: ingress controllers and gateways that run, and the classes that an app may name.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import { readLabels } from '../workload.ts';
import { knownControllers } from '../entrances/known-controllers.ts';
import { type Family, findPrograms, type Signature } from './signatures.ts';
import type { ClusterView } from './view.ts';

/** A controller may be an ingress controller and a gateway at once. */
const controllers: readonly Signature[] = knownControllers.flatMap(({ name, image }) =>
  image === undefined ? [] : [{ name, image }],
);

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
