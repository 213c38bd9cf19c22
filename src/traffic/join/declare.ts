// The edges that the app declares: the calls in its settings, and the ways in that lead to its workloads.

import {
  type Arrival,
  arrivalsOf,
  callsOf,
  carriageOf,
  type CallSource,
  type DeclaredCall,
  type Inventory,
  ownObjects,
  positionOf,
} from '../../inventory/index.ts';
import { asObject, type KubeObject, type Path, pushTo, toJsonPointer } from '../../model/index.ts';
import type { Declaration } from '../report.ts';
import { apiServer, objectParty, type Party, plainParty } from '../who/party.ts';
import type { Drafts, EdgeDraft } from './draft.ts';

/** A call without a port: it means one of several, and only a sighting tells which. */
export interface LooseCall {
  readonly from: Party;
  readonly to: Party;
  readonly arrivals: readonly Arrival[];
  readonly service: string;
  readonly declarations: readonly Declaration[];
}

export function toDeclaration(inventory: Inventory, object: KubeObject, path: Path, what: string): Declaration {
  const { apiVersion, kind, namespace, name } = object;
  const place = object.source.origin.kind === 'cluster' ? {} : { position: positionOf(inventory, object, path) };
  return { object: { apiVersion, kind, namespace, name }, path: toJsonPointer(path), ...place, what };
}

function declarationsOf(inventory: Inventory, sources: readonly CallSource[]): Declaration[] {
  return sources.map(({ object, path, what }) => toDeclaration(inventory, object, path, what));
}

export function nameOf({ namespace, name }: KubeObject): string {
  return `${namespace}/${name}`;
}

function declareAt(drafts: Drafts, from: Party, { port }: DeclaredCall, to: Party): EdgeDraft {
  return drafts.edge({ from, to, protocol: 'TCP', port });
}

function declareService(inventory: Inventory, drafts: Drafts, call: DeclaredCall, service: KubeObject): LooseCall[] {
  const from = objectParty('workload', call.from.object);
  const declarations = declarationsOf(inventory, call.sources);
  const arrivals = arrivalsOf(inventory, service, call.port);
  if (arrivals.length === 0) {
    declareAt(drafts, from, call, objectParty('service', service)).declared.push(...declarations);
    return [];
  }
  const byWorkload = new Map<KubeObject, Arrival[]>();
  for (const arrival of arrivals) pushTo(byWorkload, arrival.workload.object, arrival);
  return [...byWorkload].flatMap(([object, own]) => {
    const to = objectParty('workload', object);
    const [only] = own;
    if (own.length > 1) return [{ from, to, arrivals: own, service: nameOf(service), declarations }];
    const { port, servicePort, protocol = 'TCP' } = only ?? {};
    drafts.edge({ from, to, protocol, port, service: nameOf(service), servicePort }).declared.push(...declarations);
    return [];
  });
}

function declareCall(inventory: Inventory, drafts: Drafts, call: DeclaredCall): LooseCall[] {
  const from = objectParty('workload', call.from.object);
  const { to } = call;
  if (to.kind === 'service') return declareService(inventory, drafts, call, to.service);
  const party =
    to.kind === 'api-server'
      ? apiServer
      : to.kind === 'outside'
        ? plainParty('outside', to.host)
        : objectParty('service', { kind: 'Service', namespace: to.namespace, name: to.name }, false);
  declareAt(drafts, from, call, party).declared.push(...declarationsOf(inventory, call.sources));
  return [];
}

/** Edges for all calls of the app's own workloads; calls without a port are given back, to be placed after the sightings. */
export function declareCalls(inventory: Inventory, drafts: Drafts): LooseCall[] {
  const isOwn = ownObjects(inventory.snapshot);
  return inventory.workloads
    .filter(({ object }) => isOwn(object) && object.kind !== 'PodTemplate')
    .flatMap((workload) => callsOf(inventory, workload))
    .flatMap((call) => declareCall(inventory, drafts, call));
}

/** One that was seen is the one that was meant; without any, the edge stays without a port. */
export function placeLooseCalls(loose: readonly LooseCall[], drafts: Drafts): void {
  for (const { from, to, arrivals, service, declarations } of loose) {
    const ports = new Set(arrivals.map(({ port }) => port));
    const seen = drafts.between(from, to).filter((edge) => ports.has(edge.port));
    const edges = seen.length > 0 ? seen : [drafts.edge({ from, to, protocol: 'TCP', service })];
    for (const edge of edges) edge.declared.push(...declarations);
  }
}

const fromOutside = ['LoadBalancer', 'NodePort'];

/** Something that leads in to a Service. */
interface WayTo {
  readonly declaration: Declaration;
  /** Ids of those who bring its requests; absent where that is not known. */
  readonly bringers?: ReadonlySet<string>;
}

/** Only where all of them are objects of the input: others are known by no id. */
function bringersBy(inventory: Inventory, by: KubeObject): Pick<WayTo, 'bringers'> {
  const { carriers, isSure } = carriageOf(inventory, by);
  const objects = carriers.flatMap((each) => (each.kind === 'workload' ? each.object : []));
  if (!isSure || objects.length < carriers.length) return {};
  return { bringers: new Set(objects.map((object) => objectParty('workload', object).id)) };
}

/** Services that lead in from outside, each with what says so. */
function waysIn(inventory: Inventory): Map<KubeObject, WayTo[]> {
  const ways = new Map<KubeObject, WayTo[]>();
  for (const service of inventory.ofKind('/Service')) {
    const { type } = asObject(service.raw['spec']);
    if (typeof type === 'string' && fromOutside.includes(type))
      pushTo(ways, service, {
        declaration: toDeclaration(inventory, service, ['spec', 'type'], `Service of type ${type}`),
      });
  }
  for (const { use, from, path, ...target } of inventory.references) {
    const service = use === 'backend' ? inventory.find(target) : undefined;
    if (service?.kind === 'Service')
      pushTo(ways, service, {
        declaration: toDeclaration(inventory, from, path, `backend of ${from.kind}`),
        ...bringersBy(inventory, from),
      });
  }
  return ways;
}

function comesBy({ bringers }: WayTo, { from, to }: EdgeDraft): boolean {
  if (bringers !== undefined && from.kind === 'workload') return bringers.has(from.id);
  return from.kind !== 'workload' || from.namespace !== to.namespace;
}

/** Marks edges that come in through a declared door: from outside, from a node, or from the pods that serve it (of another namespace, where these are not known). */
export function declareWaysIn(inventory: Inventory, drafts: Drafts): void {
  const ways = waysIn(inventory);
  for (const edge of drafts.all) {
    const { to, port } = edge;
    if (to.kind !== 'workload') continue;
    for (const [service, found] of ways) {
      const declared = found.filter((way) => comesBy(way, edge));
      const leads = (arrival: Arrival): boolean =>
        objectParty('workload', arrival.workload.object).id === to.id && (port === undefined || port === arrival.port);
      if (declared.length > 0 && arrivalsOf(inventory, service, undefined).some(leads))
        edge.declared.push(...declared.map(({ declaration }) => declaration));
    }
  }
}
