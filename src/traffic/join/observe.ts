// Puts what was seen onto the edges, and folds what every cluster has: DNS, probes, talk within a pod.

import { type Arrival, arrivalsOf, type Inventory, namedPorts, type Workload } from '../../inventory/index.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { asArray, asNumber, asObject, asString, type KubeObject } from '../../model/index.ts';
import type { Flow } from '../flow.ts';
import type { Folded, Sighting } from '../report.ts';
import { type Identified, identifyEnds, type Register } from '../who/identify.ts';
import { objectParty, type Party } from '../who/party.ts';
import { addSighting, type Drafts, type EdgeDraft } from './draft.ts';
import { nameOf } from './declare.ts';

function sightingOf({ where, outcome, count, time, last }: Flow): Sighting {
  return {
    where,
    outcome,
    count,
    ...(time === undefined ? {} : { first: time }),
    ...(last === undefined ? {} : { last }),
  };
}

const probeFields = ['livenessProbe', 'readinessProbe', 'startupProbe'];
const probeKinds = ['httpGet', 'tcpSocket', 'grpc'];

/** Ports that the kubelet asks. */
function probedPorts(workload: Workload): ReadonlySet<number> {
  const named = namedPorts(workload);
  return new Set(
    workload.containers.flatMap(({ raw }) =>
      probeFields.flatMap((field) =>
        probeKinds.flatMap((kind) => {
          const { port } = asObject(asObject(raw[field])[kind]);
          const name = asString(port);
          return asNumber(port) ?? named.find((each) => each.name === name)?.port ?? [];
        }),
      ),
    ),
  );
}

/** Counts what is folded, by class. */
export class Folds {
  readonly #folds = new Map<Folded['class'], { flows: number; connections: number; workloads: Set<string> }>();

  add(name: Folded['class'], flow: Flow, workload: string | undefined): void {
    const fold = this.#folds.get(name) ?? { flows: 0, connections: 0, workloads: new Set<string>() };
    fold.flows += 1;
    fold.connections += flow.count;
    if (workload !== undefined) fold.workloads.add(workload);
    this.#folds.set(name, fold);
  }

  result(): Folded[] {
    return [...this.#folds].map(([name, { flows, connections, workloads }]) => ({
      class: name,
      flows,
      connections,
      workloads: [...workloads].sort(),
    }));
  }
}

interface Ends {
  readonly from: Identified;
  readonly to: Identified;
}

/** Of an address in the cluster that may not be seen, the port has to do: the cluster's DNS is in a namespace of the system. */
function isDns({ port, to: { address } }: Flow, to: Identified, { book }: Register): boolean {
  if (port !== 53) return false;
  // Node-local DNS listens on a link-local address.
  if (address?.startsWith('169.254.') === true) return true;
  if (to.kind === 'service') return systemNamespaces.has(to.service.namespace);
  if (to.kind === 'party' && to.party.kind === 'cluster') return !book.isComplete;
  return to.kind === 'party' && (to.party.kind === 'node' || systemNamespaces.has(to.party.namespace ?? ''));
}

export class Observer {
  readonly folds = new Folds();
  readonly #register: Register;
  readonly #drafts: Drafts;
  readonly #probed = new Map<string, ReadonlySet<number>>();

  constructor(register: Register, drafts: Drafts) {
    this.#register = register;
    this.#drafts = drafts;
    for (const workload of register.inventory.workloads)
      this.#probed.set(objectParty('workload', workload.object).id, probedPorts(workload));
  }

  see(flow: Flow): void {
    const ends = identifyEnds(this.#register, flow);
    const from = partyOf(ends.from);
    const folded = this.#classOf(flow, ends);
    if (folded !== undefined || from === undefined) {
      const about = folded === 'probes' ? partyOf(ends.to) : (from ?? partyOf(ends.to));
      this.folds.add(folded ?? 'loopback', flow, about?.kind === 'workload' ? about.id : undefined);
      return;
    }
    for (const edge of this.#edgesFor(flow, from, ends.to)) addSighting(edge, sightingOf(flow));
  }

  #classOf(flow: Flow, { from, to }: Ends): Folded['class'] | undefined {
    if (from.kind === 'loopback' || to.kind === 'loopback') return 'loopback';
    if (isDns(flow, to, this.#register)) return 'dns';
    const isProbe =
      from.kind === 'party' &&
      from.party.kind === 'node' &&
      to.kind === 'party' &&
      flow.port !== undefined &&
      this.#probed.get(to.party.id)?.has(flow.port) === true;
    return isProbe ? 'probes' : undefined;
  }

  #edgesFor(flow: Flow, from: Party, to: Identified): EdgeDraft[] {
    const { protocol, port } = flow;
    if (to.kind === 'service') return this.#throughService(flow, from, to.service, to.via);
    if (to.kind === 'loopback') return [];
    if (port !== undefined) return [this.#drafts.edge({ from, to: to.party, protocol, port })];
    const known = this.#drafts.between(from, to.party);
    return known.length > 0 ? known : [this.#drafts.edge({ from, to: to.party, protocol })];
  }

  #throughService(flow: Flow, from: Party, service: KubeObject, via: 'cluster' | 'node'): EdgeDraft[] {
    const { protocol } = flow;
    const port = via === 'node' ? portBehind(service, flow.port) : flow.port;
    const arrivals = arrivalsIn(this.#register.inventory, service, port, protocol);
    if (arrivals.length === 0)
      return [this.#drafts.edge({ from, to: objectParty('service', service), protocol, port })];
    return arrivals.flatMap(({ workload, port: target, servicePort }) => {
      const to = objectParty('workload', workload.object);
      if (port === undefined) {
        const known = this.#drafts.between(from, to);
        if (known.length > 0) return known;
      }
      const key = port === undefined ? {} : { port: target, servicePort };
      return [this.#drafts.edge({ from, to, protocol, service: nameOf(service), ...key })];
    });
  }
}

/** The caller as a party; a Service's address as caller is a translation on the way. */
function partyOf(end: Identified): Party | undefined {
  if (end.kind === 'party') return end.party;
  return end.kind === 'service' ? objectParty('service', end.service) : undefined;
}

function arrivalsIn(
  inventory: Inventory,
  service: KubeObject,
  port: number | undefined,
  protocol: Flow['protocol'],
): Arrival[] {
  const arrivals = arrivalsOf(inventory, service, port);
  return port === undefined ? arrivals : arrivals.filter((each) => each.protocol === protocol);
}

function portBehind(service: KubeObject, nodePort: number | undefined): number | undefined {
  const found = asArray(asObject(service.raw['spec'])['ports'])
    .map(asObject)
    .find((each) => each['nodePort'] === nodePort);
  return asNumber(found?.['port']);
}
