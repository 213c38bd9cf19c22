// All connections of an input: who reaches whom on which ports, as its policies have it.

import type { Inventory } from '../../inventory/index.ts';
import type { IpAddress } from '../../kube/cidr.ts';
import type { Direction } from '../../kube/network-policy.ts';
import { noPorts, unitePorts } from '../ports/port-set.ts';
import type { PolicySet } from '../compile-policies.ts';
import type { PodEnd } from '../ends.ts';
import { policiesOf } from '../workload-end.ts';
import { blocksOf, type Classes, classify, peersOfSet } from './classes.ts';
import { certain, type Graded, GradeTable } from './grades.ts';
import { partiesOf, type WorkloadParty } from './parties.ts';
import { PeerIndex } from './peer-index.ts';
import { type AddressRange, cutRanges, rangeId } from './ranges.ts';
import { SideTable } from './side-table.ts';
import { portsFromOutside, type WayIn, waysInOf } from './ways-in.ts';

/** The id of the cluster's way in. */
export const ingressController = '{ingress-controller}';

export interface Edge {
  /** `namespace/name[Kind]`, `10.0.0.0-10.255.255.255[External]` or `{ingress-controller}`. */
  readonly from: string;
  readonly to: string;
  readonly ports: Graded;
}

/** Nothing is told of the pods of the ingress controller, not even their namespace. */
export const controllerEnd: PodEnd = {
  kind: 'pod',
  namespace: '',
  labels: { values: {}, isOpen: () => true },
  namespaceLabels: { values: {}, isOpen: () => true },
  isHostNetwork: false,
  addresses: [],
  ports: [],
};

interface Plan {
  readonly inventory: Inventory;
  readonly set: PolicySet;
}

function familiesOf(set: PolicySet, pods: readonly PodEnd[]): (4 | 6)[] {
  const addresses = pods.flatMap((pod) => pod.addresses);
  const blocks = blocksOf(peersOfSet(set));
  const has = (family: 4 | 6): boolean =>
    addresses.some((each) => each.family === family) || blocks.some(({ cidr }) => cidr?.family === family);
  // IPv6 is left out where nothing speaks of it, IPv4 only where every address that is known is of the other kind.
  return [...(has(4) || addresses.length === 0 ? [4 as const] : []), ...(has(6) ? [6 as const] : [])];
}

export class Connections {
  readonly inventory: Inventory;
  readonly set: PolicySet;
  readonly workloads: readonly WorkloadParty[];
  /** Ranges of addresses outside that are told apart, as callers and as those who are called. */
  readonly ranges: Readonly<Record<Direction, readonly AddressRange[]>>;
  readonly waysIn: readonly WayIn[];
  private readonly classes: Classes;
  private readonly grades = new GradeTable();
  private readonly sides: Readonly<Record<Direction, SideTable>>;
  private readonly byId = new Map<string, WorkloadParty>();

  constructor({ inventory, set }: Plan) {
    this.inventory = inventory;
    this.set = set;
    this.workloads = partiesOf(inventory);
    for (const party of this.workloads) this.byId.set(party.id, party);
    this.waysIn = waysInOf(inventory);
    this.classes = classify(
      this.workloads.flatMap(({ ends }) => ends),
      set,
    );
    const families = familiesOf(set, this.classes.pods);
    const ranges = (direction: Direction) => cutRanges(blocksOf(peersOfSet(set, direction)), families);
    this.ranges = { ingress: ranges('ingress'), egress: ranges('egress') };
    this.sides = {
      ingress: this.side('ingress', [controllerEnd], this.ranges.ingress),
      egress: this.side('egress', [controllerEnd], this.ranges.egress),
    };
  }

  workload(id: string): WorkloadParty | undefined {
    return this.byId.get(id);
  }

  /** What some pod of one workload may call at some pod of another; with `every`, what each of them may. */
  between(from: WorkloadParty, to: WorkloadParty, of: 'some' | 'every' = 'some'): Graded {
    const pairs = this.classesOf(from).flatMap((a) =>
      this.classesOf(to).map((b) =>
        this.grades.meet(this.sides.egress.verdict(a, b), this.sides.ingress.verdict(b, a)),
      ),
    );
    return this.grades.of(
      of === 'some'
        ? pairs.reduce(this.grades.unite, this.grades.none)
        : pairs.reduce(this.grades.meet, this.grades.all),
    );
  }

  /** What a range of addresses may call at a workload (`ingress`), or the workload there (`egress`). */
  withRange(workload: WorkloadParty, range: AddressRange, direction: Direction): Graded {
    return this.withPeer(workload, this.classes.pods.length + 1 + this.ranges[direction].indexOf(range), direction);
  }

  /** What the ingress controller may call, whether anything leads it there or not. */
  fromIngressController(workload: WorkloadParty): Graded {
    return this.withPeer(workload, this.classes.pods.length, 'ingress');
  }

  rangeOf({ family, value }: IpAddress, direction: Direction): AddressRange | undefined {
    return this.ranges[direction].find(
      (range) => range.family === family && range.first <= value && value <= range.last,
    );
  }

  /** All that is possible between different parties: `ports.read` is empty where only the unknown may let it through. */
  *edges(): Generator<Edge> {
    for (const to of this.workloads) yield* this.edgesFromOutside(to);
    for (const from of this.workloads) {
      for (const to of this.workloads) if (from !== to) yield* edge(from.id, to.id, this.between(from, to));
      for (const range of this.ranges.egress)
        yield* edge(from.id, rangeId(range), this.withRange(from, range, 'egress'));
    }
  }

  private *edgesFromOutside(to: WorkloadParty): Generator<Edge> {
    for (const range of this.ranges.ingress) yield* edge(rangeId(range), to.id, this.withRange(to, range, 'ingress'));
    const ports = portsFromOutside(this.waysIn);
    const led = to.objects.map((object) => ports.get(object) ?? noPorts).reduce(unitePorts, noPorts);
    const allowed = this.grades.add(this.fromIngressController(to));
    yield* edge(ingressController, to.id, this.grades.of(this.grades.meet(this.grades.add(certain(led)), allowed)));
  }

  /** What workloads may call at pods that are not in the input (`egress`), or those at them; asked by their numbers. */
  withStrangers(strangers: readonly PodEnd[], direction: Direction): (workload: WorkloadParty, at: number) => Graded {
    const side = this.side(direction, strangers, []);
    return (workload, at) => {
      const peer = this.classes.pods.length + at;
      const verdicts = this.classesOf(workload).map((each) => side.verdict(each, peer));
      return this.grades.of(verdicts.reduce(this.grades.unite, this.grades.none));
    };
  }

  private side(direction: Direction, strangers: readonly PodEnd[], ranges: readonly AddressRange[]): SideTable {
    const { pods } = this.classes;
    const index = new PeerIndex([...pods, ...strangers], ranges);
    return new SideTable({ direction, set: this.set, pods, index, grades: this.grades });
  }

  private withPeer(workload: WorkloadParty, peer: number, direction: Direction): Graded {
    const verdicts = this.classesOf(workload).map((each) => this.sides[direction].verdict(each, peer));
    return this.grades.of(verdicts.reduce(this.grades.unite, this.grades.none));
  }

  private readonly classLists = new Map<WorkloadParty, readonly number[]>();

  private classesOf(workload: WorkloadParty): readonly number[] {
    let list = this.classLists.get(workload);
    if (list === undefined) {
      list = [...new Set(workload.ends.map((end) => this.classes.classOf.get(end) ?? 0))];
      this.classLists.set(workload, list);
    }
    return list;
  }
}

function* edge(from: string, to: string, ports: Graded): Generator<Edge> {
  if (ports.possible.length > 0) yield { from, to, ports };
}

/** All connections of an input with its own policies, or with others in their place (see `compilePoliciesFor`). */
export function findConnections(inventory: Inventory, policies?: PolicySet): Connections {
  return new Connections({ inventory, set: policies ?? inventory.derive(policiesOf) });
}
