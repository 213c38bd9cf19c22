// What the objects of a restore will ask of the cluster that they go to: pure.

import { podTemplatePath } from '../../../kube/pod-template.ts';
import { addQuantities, parseQuantity, type Quantity } from '../../../kube/quantities.ts';
import { asArray, asNumber, asObject, asString, type Json, type JsonObject, valueAt } from '../../../model/index.ts';
import type { Visited } from '../restore-wish.ts';

/** Kinds of names that an object can call for, by the resource that they are of. */
export const classResources = {
  'storageclasses.storage.k8s.io': 'storage class',
  'ingressclasses.networking.k8s.io': 'ingress class',
  'priorityclasses.scheduling.k8s.io': 'priority class',
  'runtimeclasses.node.k8s.io': 'runtime class',
} as const;

export type ClassResource = keyof typeof classResources;

export interface NeededClass {
  readonly resource: ClassResource;
  readonly name: string;
  /** Who calls for it: `deployments.apps shop/web`. */
  readonly by: string;
}

export interface NeededPod {
  readonly by: string;
  readonly namespace: string;
  readonly replicas: number;
  /** A pod or a pod template: metadata and spec. */
  readonly template: JsonObject;
}

export interface NeededPort {
  readonly by: string;
  readonly protocol: string;
  readonly port: number;
}

/** Objects of one resource. */
export interface NeededResource {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

type Totals = Map<string, Quantity>;

function add(totals: Totals, name: string, value: Json | undefined, times = 1): void {
  const quantity = parseQuantity(typeof value === 'number' ? value : (asString(value) ?? ''));
  if (quantity === undefined) return;
  const known = totals.get(name) ?? { ...quantity, nano: 0n };
  totals.set(name, addQuantities(known, { ...quantity, nano: quantity.nano * BigInt(times) }));
}

/** Names as a ResourceQuota has them. */
const countedKinds: ReadonlySet<string> = new Set([
  'pods',
  'services',
  'secrets',
  'configmaps',
  'persistentvolumeclaims',
  'replicationcontrollers',
]);

export class Needs {
  readonly classes: NeededClass[] = [];
  readonly pods: NeededPod[] = [];
  readonly ports: NeededPort[] = [];
  readonly resources = new Map<string, NeededResource>();
  /** Classes that come back with all else: `storageclasses.storage.k8s.io fast`. */
  readonly brought = new Set<string>();
  /** Labels of namespaces that come back and were not there. */
  readonly namespaces = new Map<string, JsonObject>();
  /** By namespace, what a quota counts. */
  readonly totals = new Map<string, Totals>();

  /** `saved`: as it was, with its owners. */
  add({ place, resource, object }: Visited, saved: JsonObject): void {
    const { groupResource } = place;
    const { namespace: own, name, labels } = asObject(object['metadata']);
    const namespace = asString(own) ?? '';
    const title = `${groupResource} ${namespace === '' ? '' : `${namespace}/`}${asString(name) ?? ''}`;
    const { group, version } = resource;
    this.resources.set(groupResource, { group, version, resource: resource.resource });
    if (groupResource in classResources) this.brought.add(`${groupResource} ${asString(name) ?? ''}`);
    if (groupResource === 'namespaces') this.namespaces.set(asString(name) ?? '', asObject(labels));
    if (namespace !== '') this.count(groupResource, namespace);
    this.addSpec(groupResource, title, object);
    this.addPods(title, namespace, object, isControlled(saved) ? 0 : replicasOf(object));
  }

  private totalsOf(namespace: string): Totals {
    const known = this.totals.get(namespace) ?? new Map<string, Quantity>();
    this.totals.set(namespace, known);
    return known;
  }

  private count(groupResource: string, namespace: string): void {
    const totals = this.totalsOf(namespace);
    add(totals, `count/${groupResource}`, 1);
    if (countedKinds.has(groupResource) && groupResource !== 'pods') add(totals, groupResource, 1);
  }

  private needClass(resource: ClassResource, name: Json | undefined, by: string): void {
    const text = asString(name) ?? '';
    if (text !== '') this.classes.push({ resource, name: text, by });
  }

  private addSpec(groupResource: string, by: string, object: JsonObject): void {
    const spec = asObject(object['spec']);
    if (groupResource === 'persistentvolumeclaims') this.addClaim(by, object);
    if (groupResource === 'ingresses.networking.k8s.io')
      this.needClass('ingressclasses.networking.k8s.io', spec['ingressClassName'], by);
    if (groupResource === 'statefulsets.apps')
      for (const claim of asArray(spec['volumeClaimTemplates']))
        this.needClass('storageclasses.storage.k8s.io', asObject(asObject(claim)['spec'])['storageClassName'], by);
    if (groupResource === 'services') for (const port of asArray(spec['ports']).map(asObject)) this.addPort(by, port);
  }

  private addClaim(by: string, object: JsonObject): void {
    const { storageClassName, resources } = asObject(object['spec']);
    this.needClass('storageclasses.storage.k8s.io', storageClassName, by);
    const namespace = asString(asObject(object['metadata'])['namespace']) ?? '';
    add(this.totalsOf(namespace), 'requests.storage', asObject(asObject(resources)['requests'])['storage']);
  }

  private addPort(by: string, { protocol, nodePort }: JsonObject): void {
    const port = asNumber(nodePort) ?? 0;
    if (port > 0) this.ports.push({ by, protocol: asString(protocol) ?? 'TCP', port });
  }

  private addPods(by: string, namespace: string, object: JsonObject, replicas: number): void {
    const [, group = ''] = (asString(object['apiVersion']) ?? '').split('/').toReversed();
    const path = podTemplatePath(group, asString(object['kind']) ?? '');
    if (path === undefined) return;
    const template = asObject(valueAt(object, path));
    this.pods.push({ by, namespace, replicas, template });
    const { priorityClassName, runtimeClassName, containers } = asObject(template['spec']);
    this.needClass('priorityclasses.scheduling.k8s.io', priorityClassName, by);
    this.needClass('runtimeclasses.node.k8s.io', runtimeClassName, by);
    const totals = this.totalsOf(namespace);
    if (replicas > 0) add(totals, 'pods', 1, replicas);
    for (const { resources } of asArray(containers).map(asObject)) addContainer(totals, asObject(resources), replicas);
  }
}

/** Its pods are counted through what made it. */
function isControlled(object: JsonObject): boolean {
  const owners = asArray(asObject(object['metadata'])['ownerReferences']);
  return owners.some((owner) => asObject(owner)['controller'] === true);
}

function replicasOf(object: JsonObject): number {
  const { kind } = object;
  if (kind === 'Pod') return 1;
  if (kind === 'Deployment' || kind === 'StatefulSet' || kind === 'ReplicationController')
    return asNumber(asObject(object['spec'])['replicas']) ?? 1;
  return 0;
}

function addContainer(totals: Totals, { requests, limits }: JsonObject, replicas: number): void {
  if (replicas === 0) return;
  for (const name of ['cpu', 'memory']) {
    add(totals, `requests.${name}`, asObject(requests)[name], replicas);
    add(totals, `limits.${name}`, asObject(limits)[name], replicas);
  }
}
