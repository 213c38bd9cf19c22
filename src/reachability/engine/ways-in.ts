// Where the cluster's ingress controller leads: ports of workloads behind Ingresses, routes of gateways, and OpenShift's Routes.

import { type Inventory, type ServicePort, servicePorts, type Workload } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Json, type KubeObject } from '../../model/index.ts';
import type { Protocol } from '../ends.ts';

/** Kinds, as `group/Kind`, that lead from outside to Services. */
const gatewayRoutes: readonly string[] = ['HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute'].map(
  (kind) => `gateway.networking.k8s.io/${kind}`,
);
const routeKind = 'route.openshift.io/Route';

/** A port of pods that an object leads to from outside. */
export interface WayIn {
  readonly by: KubeObject;
  readonly service: KubeObject;
  readonly workload: Workload;
  readonly protocol: Protocol;
  readonly port: number;
}

interface Backend {
  readonly by: KubeObject;
  readonly namespace: string;
  readonly name: string;
  /** Whether a port of the Service is meant. */
  readonly picks: (port: ServicePort, target: number | undefined) => boolean;
}

/** By name or number; any where none is said. */
function pickPort(wanted: Json | undefined): Backend['picks'] {
  return ({ name, port }) => wanted === undefined || wanted === name || wanted === port;
}

/** A route between Services inside of a mesh does not lead in. Source: Gateway API, GAMMA. */
function isFromOutside({ raw }: KubeObject): boolean {
  const parents = asArray(asObject(raw['spec'])['parentRefs']);
  return parents.length === 0 || parents.some((parent) => asObject(parent)['kind'] !== 'Service');
}

function referenced(inventory: Inventory): Backend[] {
  const objects = ['networking.k8s.io/Ingress', ...gatewayRoutes].flatMap((kind) => inventory.ofKind(kind));
  return objects.filter(isFromOutside).flatMap((by) =>
    inventory
      .referencesFrom(by)
      .filter(({ use, kind, group }) => use === 'backend' && kind === 'Service' && group === '')
      .map(({ namespace, name, port }) => ({ by, namespace, name, picks: pickPort(port) })),
  );
}

/** The port of a Route is one of the Service's endpoints, by its name or by its number. Source: route.openshift.io/v1, RoutePort. */
function routed(inventory: Inventory): Backend[] {
  return inventory.ofKind(routeKind).flatMap((by) => {
    const spec = asObject(by.raw['spec']);
    const wanted = asObject(spec['port'])['targetPort'];
    return [spec['to'], ...asArray(spec['alternateBackends'])].flatMap((each): Backend[] => {
      const { kind = 'Service', name } = asObject(each);
      const service = asString(name);
      if (kind !== 'Service' || service === undefined) return [];
      const picks: Backend['picks'] = (port, target) => pickPort(wanted)(port, target) || wanted === target;
      return [{ by, namespace: by.namespace, name: service, picks }];
    });
  });
}

function arrive(inventory: Inventory, { by, namespace, name, picks }: Backend): WayIn[] {
  const service = inventory.find({ group: '', kind: 'Service', namespace, name });
  if (service === undefined) return [];
  const wanted = by.kind === 'UDPRoute' ? 'UDP' : 'TCP';
  return inventory.workloadsSelectedBy(service).flatMap((workload) =>
    servicePorts(service).flatMap((each): WayIn[] => {
      const port = each.targetOf(workload);
      if (port === undefined || each.protocol !== wanted || !picks(each, port)) return [];
      return [{ by, service, workload, protocol: each.protocol, port }];
    }),
  );
}

export function waysInOf(inventory: Inventory): WayIn[] {
  return [...referenced(inventory), ...routed(inventory)].flatMap((backend) => arrive(inventory, backend));
}
