// Endpoints of Services: slices, and the older Endpoints, of the pods that a Service selects.

import { compileEqualitySelector } from '../../kube/selectors.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isSameJson,
  type Json,
  type JsonObject,
  toText,
} from '../../model/index.ts';
import { compact, isDeleting, labelsOf, nameOf, namespaceOf, specOf, statusOf, uidOf } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { keyOfObject } from './keys.ts';
import { isActive, isReady, ownerReference } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const slices = 'discovery.k8s.io/endpointslices';
const serviceLabel = 'kubernetes.io/service-name';

/** The pod's own number of a named port. */
function portNumber(
  target: Json | undefined,
  protocol: Json | undefined,
  pods: readonly JsonObject[],
): number | undefined {
  if (typeof target === 'number') return target;
  const ports = pods
    .flatMap((pod) => asArray(specOf(pod)['containers']))
    .flatMap((each) => asArray(asObject(each)['ports']))
    .map(asObject);
  const found = ports.find((each) => each['name'] === target && (each['protocol'] ?? 'TCP') === (protocol ?? 'TCP'));
  return asNumber(found?.['containerPort']);
}

function targetReference(pod: JsonObject): JsonObject {
  return { kind: 'Pod', namespace: namespaceOf(pod), name: nameOf(pod), uid: uidOf(pod) };
}

function endpointOf(pod: JsonObject, publishesAll: boolean): JsonObject {
  const ready = publishesAll || (isReady(pod) && !isDeleting(pod));
  return compact({
    addresses: [toText(statusOf(pod)['podIP'])],
    conditions: { ready, serving: isReady(pod), terminating: isDeleting(pod) },
    hostname: specOf(pod)['hostname'],
    targetRef: targetReference(pod),
    nodeName: specOf(pod)['nodeName'],
  });
}

function slicePorts(service: JsonObject, pods: readonly JsonObject[]): JsonObject[] {
  return asArray(specOf(service)['ports']).map((raw) => {
    const { name, protocol, port, targetPort, appProtocol } = asObject(raw);
    const number = portNumber(targetPort ?? port, protocol, pods);
    return compact({ name: name ?? '', protocol, port: number, appProtocol });
  });
}

function selectedPods(actor: Actor, service: JsonObject): JsonObject[] {
  const selector = compileEqualitySelector(specOf(service)['selector']);
  return actor
    .list('/pods', namespaceOf(service))
    .filter(
      (pod) => selector.matches(labelsOf(pod)) && isActive(pod) && asString(statusOf(pod)['podIP']) !== undefined,
    );
}

function writeSlice(actor: Actor, service: JsonObject, pods: readonly JsonObject[]): void {
  const publishesAll = specOf(service)['publishNotReadyAddresses'] === true;
  const endpoints = pods.map((pod) => endpointOf(pod, publishesAll));
  const body = compact({ endpoints: endpoints.length === 0 ? undefined : endpoints, ports: slicePorts(service, pods) });
  const known = actor.ownedBy(service, slices)[0];
  if (known !== undefined) {
    actor.change(slices, known, ({ endpoints: _endpoints, ports: _ports, ...rest }) => ({ ...rest, ...body }));
    return;
  }
  const labels = {
    'endpointslice.kubernetes.io/managed-by': 'endpointslice-controller.k8s.io',
    [serviceLabel]: nameOf(service),
  };
  const metadata = {
    generateName: `${nameOf(service)}-`,
    namespace: namespaceOf(service),
    labels,
    ownerReferences: [ownerReference(service)],
  };
  actor.create(slices, {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata,
    addressType: 'IPv4',
    ...body,
  });
}

function subsetsOf(service: JsonObject, pods: readonly JsonObject[]): JsonObject[] {
  if (pods.length === 0) return [];
  const address = (pod: JsonObject): JsonObject =>
    compact({ ip: statusOf(pod)['podIP'], nodeName: specOf(pod)['nodeName'], targetRef: targetReference(pod) });
  const ready = pods.filter(isReady).map(address);
  const others = pods.filter((pod) => !isReady(pod)).map(address);
  const ports = slicePorts(service, pods).map((port) =>
    compact({ ...port, name: port['name'] === '' ? undefined : port['name'] }),
  );
  return [
    compact({
      addresses: ready.length === 0 ? undefined : ready,
      notReadyAddresses: others.length === 0 ? undefined : others,
      ports,
    }),
  ];
}

function writeEndpoints(actor: Actor, service: JsonObject, pods: readonly JsonObject[]): void {
  const name = nameOf(service);
  const namespace = namespaceOf(service);
  const subsets = subsetsOf(service, pods);
  const known = actor.get('/endpoints', namespace, name);
  if (known === undefined) {
    const labels = { 'endpoints.kubernetes.io/managed-by': 'endpoint-controller' };
    actor.create('/endpoints', { apiVersion: 'v1', kind: 'Endpoints', metadata: { name, namespace, labels }, subsets });
  } else if (!isSameJson(known['subsets'] ?? [], subsets))
    actor.change('/endpoints', known, (each) => ({ ...each, subsets }));
}

function reconcile(actor: Actor, key: string): void {
  const service = actor.find('/services', key);
  if (service === undefined) {
    const endpoints = actor.find('/endpoints', key);
    if (endpoints !== undefined) actor.delete('/endpoints', endpoints);
    return;
  }
  if (specOf(service)['selector'] === undefined || isDeleting(service)) return;
  const pods = selectedPods(actor, service);
  writeSlice(actor, service, pods);
  writeEndpoints(actor, service, pods);
}

function servicesOf(actor: Actor, pod: JsonObject): string[] {
  return actor
    .list('/services', namespaceOf(pod))
    .filter((each) => compileEqualitySelector(specOf(each)['selector']).matches(labelsOf(pod)))
    .map(keyOfObject);
}

export const endpoints: Controller = {
  name: 'endpoints',
  keysFor: (actor, { resource, object, previous }) => {
    if (resource === '/services') return [keyOfObject(object)];
    if (resource !== '/pods') return [];
    return [...servicesOf(actor, object), ...(previous === undefined ? [] : servicesOf(actor, previous))];
  },
  reconcile,
};
