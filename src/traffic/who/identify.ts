// Finds out who an end of a flow is, from whatever the source tells: a pod, its workload, labels, a Service, an address.

import { type Inventory, resolveHost, type Workload } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import type { Flow, FlowEnd } from '../flow.ts';
import type { AddressBook, Who } from './address-book.ts';
import { apiServer, objectParty, type Party, plainParty } from './party.ts';
import type { PodFact } from './pod-facts.ts';

/** `class`: what is folded together instead of being an edge. */
export type Identified =
  | { readonly kind: 'party'; readonly party: Party }
  | { readonly kind: 'service'; readonly service: KubeObject; readonly via: 'cluster' | 'node' }
  | { readonly kind: 'loopback' };

export interface Register {
  readonly inventory: Inventory;
  readonly book: AddressBook;
  readonly podsByName: ReadonlyMap<string, PodFact>;
}

function ofParty(party: Party): Identified {
  return { kind: 'party', party };
}

function workloadParty({ object }: Workload): Party {
  return objectParty('workload', object);
}

function workloadsIn({ inventory }: Register, namespace: string | undefined): readonly Workload[] {
  return inventory.workloads.filter(({ object }) => namespace === undefined || object.namespace === namespace);
}

/** The pod of a live cluster; in files the workload whose pods have such names. */
function byPod(register: Register, end: FlowEnd): Party | undefined {
  const { pod, namespace = '' } = end;
  if (pod === undefined) return undefined;
  const known = register.podsByName.get(`${namespace}/${pod}`);
  if (known !== undefined) return known.owner;
  // Names that controllers make. Source: Kubernetes docs, Deployments, StatefulSets, Jobs.
  const endings: Readonly<Record<string, RegExp>> = {
    Deployment: /^-[a-z0-9]{1,10}-[a-z0-9]{5}$/,
    StatefulSet: /^-\d+$/,
    Pod: /^$/,
    CronJob: /^-\d+-(?:\d+-)?[a-z0-9]{5}$/,
  };
  const found = workloadsIn(register, end.namespace).filter(
    ({ object: { kind, name } }) =>
      pod.startsWith(name) && (endings[kind] ?? /^-(?:\d+-)?[a-z0-9]{5}$/).test(pod.slice(name.length)),
  );
  const [only] = found;
  return only === undefined || found.length > 1 ? undefined : workloadParty(only);
}

function byWorkload(register: Register, end: FlowEnd): Party | undefined {
  const { workload, namespace } = end;
  if (workload === undefined) return undefined;
  const found = workloadsIn(register, namespace).filter(
    ({ object }) => object.name === workload.name && (workload.kind ?? object.kind) === object.kind,
  );
  const [first] = found;
  if (first !== undefined && found.length === 1) return workloadParty(first);
  if (namespace === undefined) return undefined;
  const named = { kind: workload.kind ?? 'Workload', namespace, name: workload.name };
  return objectParty('workload', named, false);
}

/** All labels of a template must be told; where several fit, the one that asks for most. */
function byLabels(register: Register, { labels, namespace }: FlowEnd): Party | undefined {
  if (labels === undefined || namespace === undefined) return undefined;
  const fitting = workloadsIn(register, namespace)
    .filter((workload) => Object.entries(workload.labels).every(([key, value]) => labels[key] === value))
    .map((workload) => ({ workload, size: Object.keys(workload.labels).length }))
    .filter(({ size }) => size > 0)
    .sort((a, b) => b.size - a.size);
  const [first, second] = fitting;
  return first === undefined || first.size === second?.size ? undefined : workloadParty(first.workload);
}

function byService({ inventory }: Register, end: FlowEnd): Identified | undefined {
  const { service: name, namespace } = end;
  if (name === undefined || namespace === undefined) return undefined;
  if (namespace === 'default' && name === 'kubernetes') return ofParty(apiServer);
  const service = inventory.find({ group: '', kind: 'Service', namespace, name });
  if (service !== undefined) return { kind: 'service', service, via: 'cluster' };
  return ofParty(objectParty('service', { kind: 'Service', namespace, name }, false));
}

function byHost({ inventory }: Register, { host, namespace = '' }: FlowEnd): Identified | undefined {
  if (host === undefined) return undefined;
  // A single word is a name of the cluster only where it is told in which namespace.
  if (namespace === '' && !host.includes('.')) return ofParty(plainParty('outside', host));
  const to = resolveHost(inventory, { host, namespace });
  if (to.kind === 'service') return { kind: 'service', service: to.service, via: 'cluster' };
  if (to.kind === 'api-server') return ofParty(apiServer);
  if (to.kind === 'outside') return ofParty(plainParty('outside', to.host));
  return ofParty(objectParty('service', { kind: 'Service', namespace: to.namespace, name: to.name }, false));
}

function ofWho(who: Who, address: string): Identified {
  switch (who.kind) {
    case 'pod':
      return ofParty(who.pod.owner);
    case 'service':
      return { kind: 'service', service: who.service, via: who.via };
    case 'node':
      return ofParty(plainParty('node', who.node));
    case 'api-server':
      return ofParty(apiServer);
    case 'loopback':
      return { kind: 'loopback' };
    case 'cluster':
    case 'outside':
      return ofParty(plainParty(who.kind, address));
  }
}

function byAddress({ book }: Register, { address }: FlowEnd, time?: string, port?: number): Identified | undefined {
  if (address === undefined) return undefined;
  return ofWho(book.at(address, time === undefined ? undefined : Date.parse(time), port), address);
}

/** What a source knows by itself, where it tells no more. */
function byNature({ is, pod, namespace }: FlowEnd): Party {
  if (is === 'api-server') return apiServer;
  if (is === 'node') return plainParty('node', 'node');
  if (is === 'outside') return plainParty('outside', 'outside');
  return plainParty('cluster', [namespace, pod].filter((each) => each !== undefined).join('/') || 'unknown');
}

function identify(register: Register, end: FlowEnd, time?: string, port?: number): Identified {
  const named = byPod(register, end) ?? byWorkload(register, end) ?? byLabels(register, end);
  if (named !== undefined) return ofParty(named);
  if (end.is === 'api-server') return ofParty(apiServer);
  const found = byService(register, end) ?? byHost(register, end) ?? byAddress(register, end, time, port);
  return found ?? ofParty(byNature(end));
}

/** Both ends. A caller is never a Service: an address that looks like one was translated on the way. */
export function identifyEnds(register: Register, flow: Flow): { from: Identified; to: Identified } {
  // A pod that calls an address of its own is told apart from one that calls another pod.
  const isOwn = flow.from.address !== undefined && flow.from.address === flow.to.address;
  const from = identify(register, flow.from, flow.time);
  const to = isOwn ? ({ kind: 'loopback' } as const) : identify(register, flow.to, flow.time, flow.port);
  return { from, to };
}
