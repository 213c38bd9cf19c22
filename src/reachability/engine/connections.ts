// All connections of an input: who reaches whom on which ports, as its policies have it.

import type { Inventory } from '../../inventory/index.ts';
import type { IpAddress } from '../../kube/cidr.ts';
import type { Direction } from '../../kube/network-policy.ts';
import type { PolicySet } from '../compile-policies.ts';
import type { End, PodEnd } from '../ends.ts';
import { policiesOf } from '../workload-end.ts';
import { blocksOf, type Classes, classify, peersOfSet } from './classes.ts';
import { type Bringer, Controllers } from './controllers.ts';
import { certain, type Graded, GradeTable } from './grades.ts';
import { partiesOf, type WorkloadParty } from './parties.ts';
import { PeerIndex } from './peer-index.ts';
import { type AddressRange, cutRanges, rangeId } from './ranges.ts';
import { SideTable } from './side-table.ts';
import { type WayIn, waysInOf } from './ways-in.ts';

/** The id of the cluster's way in. */
export const ingressController = '{ingress-controller}';

export interface Edge {
  /** `namespace/name[Kind]`, `10.0.0.0-10.255.255.255[External]` or `{ingress-controller}`. */
  readonly from: string;
  readonly to: string;
  readonly ports: Graded;
}

export interface SidePair {
  readonly key: string;
  readonly own: PodEnd;
  readonly peer: End;
}

interface Plan {
  readonly inventory: Inventory;
  readonly set: PolicySet;
}

function outsideEnd({ family, first }: AddressRange): End {
  return { kind: 'outside', address: { family, value: first } };
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
  private readonly controllers: Controllers;
  private readonly classes: Classes;
  private readonly grades = new GradeTable();
  private readonly rangeIds: Readonly<Record<Direction, ReadonlyMap<string, number>>>;
  private readonly sides: Readonly<Record<Direction, SideTable>>;
  private readonly classLists: ReadonlyMap<WorkloadParty, readonly number[]>;
  private readonly byId = new Map<string, WorkloadParty>();

  constructor({ inventory, set }: Plan) {
    this.inventory = inventory;
    this.set = set;
    this.workloads = partiesOf(inventory);
    for (const party of this.workloads) this.byId.set(party.id, party);
    this.waysIn = waysInOf(inventory);
    this.controllers = new Controllers(inventory, this.waysIn);
    this.classes = classify(
      this.workloads.flatMap(({ ends }) => ends),
      set,
    );
    this.classLists = new Map(
      this.workloads.map((each) => [each, [...new Set(each.ends.map((end) => this.classes.classOf.get(end) ?? 0))]]),
    );
    const families = familiesOf(set, this.classes.pods);
    const ranges = (direction: Direction) => cutRanges(blocksOf(peersOfSet(set, direction)), families);
    this.ranges = { ingress: ranges('ingress'), egress: ranges('egress') };
    const byId = (direction: Direction) =>
      new Map(this.ranges[direction].map((range, index) => [rangeId(range), index]));
    this.rangeIds = { ingress: byId('ingress'), egress: byId('egress') };
    this.sides = {
      ingress: this.side('ingress', this.controllers.ends, this.ranges.ingress),
      egress: this.side('egress', this.controllers.ends, this.ranges.egress),
    };
  }

  workload(id: string): WorkloadParty | undefined {
    return this.byId.get(id);
  }

  /** What some pod of one workload may call at some pod of another; with `every`, what each of them may. */
  between(from: WorkloadParty, to: WorkloadParty, of: 'some' | 'every' = 'some'): Graded {
    return this.grades.of(this.verdictBetween(this.classesOf(from), this.classesOf(to), of));
  }

  /** What a range of addresses may call at a workload (`ingress`), or the workload there (`egress`). */
  withRange(workload: WorkloadParty, range: AddressRange, direction: Direction): Graded {
    const peer = this.rangeAt(this.ranges[direction].indexOf(range));
    return this.grades.of(this.verdictWithPeer(this.classesOf(workload), peer, direction));
  }

  /** What the ingress controller may call, whether anything leads it there or not. */
  fromIngressController(workload: WorkloadParty): Graded {
    const bringers = this.controllers.bringersTo(workload.objects);
    return this.grades.of(this.verdictWithBringers(this.classesOf(workload), bringers));
  }

  rangeOf({ family, value }: IpAddress, direction: Direction): AddressRange | undefined {
    return this.ranges[direction].find(
      (range) => range.family === family && range.first <= value && value <= range.last,
    );
  }

  /** All that is possible between different parties: `ports.read` is empty where only the unknown may let it through. */
  *edges(): Generator<Edge> {
    const ids = { ingress: [...this.rangeIds.ingress.keys()], egress: [...this.rangeIds.egress.keys()] };
    for (const to of this.workloads) yield* this.edgesFromOutside(to, ids.ingress);
    const { none } = this.grades;
    const lists = [...this.classLists];
    for (const [from, own] of lists) {
      for (const [to, other] of lists) {
        const verdict = from === to ? none : this.verdictBetween(own, other, 'some');
        if (verdict !== none) yield* this.edge(from.id, to.id, verdict);
      }
      for (const [index, id] of ids.egress.entries()) {
        const verdict = this.verdictWithPeer(own, this.rangeAt(index), 'egress');
        if (verdict !== none) yield* this.edge(from.id, id, verdict);
      }
    }
  }

  private *edgesFromOutside(to: WorkloadParty, ids: readonly string[]): Generator<Edge> {
    const own = this.classesOf(to);
    for (const [index, id] of ids.entries()) {
      const verdict = this.verdictWithPeer(own, this.rangeAt(index), 'ingress');
      if (verdict !== this.grades.none) yield* this.edge(id, to.id, verdict);
    }
    const { meet, unite, none } = this.grades;
    const led = this.controllers
      .ledTo(to.objects)
      .map(({ ports, bringers }) => meet(this.grades.add(certain(ports)), this.verdictWithBringers(own, bringers)));
    yield* this.edge(ingressController, to.id, led.reduce(unite, none));
  }

  /** Ranges come behind the pods and the ingress controllers. */
  private rangeAt(index: number): number {
    return this.classes.pods.length + this.controllers.ends.length + index;
  }

  private edge(from: string, to: string, verdict: number): Edge[] {
    const ports = this.grades.of(verdict);
    return ports.possible.length === 0 ? [] : [{ from, to, ports }];
  }

  private verdictBetween(from: readonly number[], to: readonly number[], of: 'some' | 'every'): number {
    const { egress, ingress } = this.sides;
    const { none, all, unite, meet } = this.grades;
    let result = of === 'some' ? none : all;
    for (const a of from)
      for (const b of to) {
        const verdict = meet(egress.verdict(a, b), ingress.verdict(b, a));
        result = of === 'some' ? unite(result, verdict) : meet(result, verdict);
      }
    return result;
  }

  /** Where a load balancer outside calls, its address is not told: it may be in any range. */
  private peersOfBringer(bringer: Bringer): number[] {
    if (bringer === 'outside') return this.ranges.ingress.map((_, index) => this.rangeAt(index));
    return [this.classes.pods.length + this.controllers.ends.indexOf(bringer)];
  }

  /** What each of them may is sure, what some of them may is open. */
  private verdictWithBringers(own: readonly number[], bringers: readonly Bringer[]): number {
    const peers = bringers.flatMap((each) => this.peersOfBringer(each));
    const verdicts = peers.map((peer) => this.verdictWithPeer(own, peer, 'ingress'));
    const [some, every] = [
      verdicts.reduce(this.grades.unite, this.grades.none),
      verdicts.reduce(this.grades.meet, this.grades.all),
    ];
    return this.grades.add({ ...this.grades.of(some), sure: this.grades.of(every).sure });
  }

  private verdictWithPeer(own: readonly number[], peer: number, direction: Direction): number {
    return this.verdictOf(this.sides[direction], own, peer);
  }

  private verdictOf(side: SideTable, own: readonly number[], peer: number): number {
    let result = this.grades.none;
    for (const each of own) result = this.grades.unite(result, side.verdict(each, peer));
    return result;
  }

  /** The pairs of a pod and its peer that stand for two parties on one side; equal keys have equal answers. */
  pairsOf(direction: Direction, own: WorkloadParty, peer: string): readonly SidePair[] {
    const { owners, peers } = this.sides[direction];
    return this.classesOf(own).flatMap((pod) =>
      this.peersOf(direction, peer, own).flatMap(([index, end]): SidePair[] => {
        const example = this.classes.pods[pod];
        const key = `${direction} ${owners.groupOf[pod]} ${peers.groupOf[index]}`;
        return example === undefined ? [] : [{ key, own: example, peer: end }];
      }),
    );
  }

  private peersOf(direction: Direction, id: string, own: WorkloadParty): readonly (readonly [number, End])[] {
    const workload = this.byId.get(id);
    if (workload !== undefined)
      return this.classesOf(workload)
        .map((each) => [each, this.classes.pods[each]] as const)
        .flatMap(([at, end]) => (end === undefined ? [] : [[at, end] as const]));
    if (id === ingressController)
      return this.controllers
        .bringersTo(own.objects)
        .flatMap((bringer) => this.peersOfBringer(bringer).flatMap((at) => this.endAt(bringer, at)));
    const index = this.rangeIds[direction].get(id);
    const range = index === undefined ? undefined : this.ranges[direction][index];
    if (index === undefined || range === undefined) return [];
    return [[this.rangeAt(index), outsideEnd(range)]];
  }

  private endAt(bringer: Bringer, at: number): (readonly [number, End])[] {
    if (bringer !== 'outside') return [[at, bringer]];
    const range = this.ranges.ingress[at - this.rangeAt(0)];
    return range === undefined ? [] : [[at, outsideEnd(range)]];
  }

  /** The pods and addresses that bring requests to a workload from outside; all ingress controllers where nothing leads to it. */
  bringersTo(workload: WorkloadParty | undefined): readonly End[] {
    return this.controllers
      .bringersTo(workload?.objects ?? [])
      .flatMap((bringer): readonly End[] => (bringer === 'outside' ? this.ranges.ingress.map(outsideEnd) : [bringer]));
  }

  /** What workloads may call at pods that are not in the input (`egress`), or those at them; asked by their numbers. */
  withStrangers(strangers: readonly PodEnd[], direction: Direction): (workload: WorkloadParty, at: number) => Graded {
    const side = this.side(direction, strangers, []);
    return (workload, at) =>
      this.grades.of(this.verdictOf(side, this.classesOf(workload), this.classes.pods.length + at));
  }

  private side(direction: Direction, strangers: readonly PodEnd[], ranges: readonly AddressRange[]): SideTable {
    const { pods } = this.classes;
    const index = new PeerIndex([...pods, ...strangers], ranges);
    return new SideTable({ direction, set: this.set, pods, index, grades: this.grades });
  }

  private classesOf(workload: WorkloadParty): readonly number[] {
    return this.classLists.get(workload) ?? [];
  }
}

/** All connections of an input with its own policies, or with others in their place (see `compilePoliciesFor`). */
export function findConnections(inventory: Inventory, policies?: PolicySet): Connections {
  return new Connections({ inventory, set: policies ?? inventory.derive(policiesOf) });
}
