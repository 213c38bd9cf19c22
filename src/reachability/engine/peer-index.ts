// Finds the ends that peers of rules mean: through namespaces, labels and addresses, so that work grows with what matches.

import type { Cidr } from '../../kube/cidr.ts';
import type { Selector } from '../../kube/selectors.ts';
import { pushTo } from '../../model/index.ts';
import type { Block, Peer } from '../compile-peers.ts';
import { type End, type KnownLabels, type PodEnd, selects } from '../ends.ts';
import { type PeerContext, peerMatches } from '../match-rule.ts';
import { mayComeLater } from '../workload-end.ts';
import { type Grade, possibleGrade, readGrade, sureGrade } from './grades.ts';
import { type AddressRange, lowerBound } from './ranges.ts';

/** Grades by index of the end; ends that surely do not match are left out. */
export type Matches = ReadonlyMap<number, Grade>;

const told = (): boolean => false;

function closedLabels({ values }: KnownLabels): KnownLabels {
  return { values, isOpen: told };
}

/** No namespace is called so. */
const nowhere = '?';

/** The end as the input has it, as if there were nothing else to know. Pods in the network of their node are pods like others then. */
export function closedEnd(end: End): End {
  if (end.kind !== 'pod') return end;
  return {
    ...end,
    namespace: end.namespace === '' ? nowhere : end.namespace,
    labels: closedLabels(end.labels),
    namespaceLabels: closedLabels(end.namespaceLabels),
    isHostNetwork: false,
    ports: end.ports ?? [],
  };
}

interface Place {
  /** '' where it is not known. */
  readonly namespace: string;
  readonly all: number[];
  readonly byPair: Map<string, number[]>;
  /** Ends of which any label may be missing in the input. */
  readonly open: number[];
  readonly namespaceLabels: KnownLabels;
}

function pairKey(key: string, value: string): string {
  return `${key}=${value}`;
}

function isAnyOpen({ labels }: PodEnd): boolean {
  return labels.isOpen(nowhere);
}

interface Family {
  readonly ranges: readonly AddressRange[];
  /** Index of the first of them among the ends. */
  readonly offset: number;
}

interface Placed {
  readonly value: bigint;
  readonly index: number;
}

function placesOf(pods: readonly PodEnd[], family: 4 | 6): Placed[] {
  const placed = pods.flatMap(({ addresses }, index) =>
    addresses.flatMap((each) => (each.family === family ? { value: each.value, index } : [])),
  );
  return placed.sort((a, b) => (a.value < b.value ? -1 : 1));
}

export class PeerIndex {
  private readonly places = new Map<string, Place>();
  private readonly closed: readonly End[];
  private readonly ends: readonly End[];
  private readonly pods: readonly number[];
  /** Pods without an address that is known. */
  private readonly unplaced: readonly number[];
  /** Addresses of pods, ascending. */
  private readonly placed: Readonly<Record<4 | 6, readonly Placed[]>>;
  private readonly families: Readonly<Record<4 | 6, Family>>;

  /** `ends` begins with pods; the ranges follow them. */
  constructor(pods: readonly PodEnd[], ranges: readonly AddressRange[]) {
    const family = (wanted: 4 | 6): Family => ({
      ranges: ranges.filter((each) => each.family === wanted),
      offset:
        pods.length +
        Math.max(
          0,
          ranges.findIndex((each) => each.family === wanted),
        ),
    });
    this.families = { 4: family(4), 6: family(6) };
    const outside = ranges.map(({ family, first }): End => ({ kind: 'outside', address: { family, value: first } }));
    this.ends = [...pods, ...outside];
    this.closed = this.ends.map(closedEnd);
    this.pods = pods.map((_, index) => index);
    this.unplaced = this.pods.filter((index) => pods[index]?.addresses.length === 0);
    this.placed = { 4: placesOf(pods, 4), 6: placesOf(pods, 6) };
    for (const [index, end] of pods.entries()) this.add(index, end);
  }

  get size(): number {
    return this.ends.length;
  }

  endAt(index: number): End | undefined {
    return this.ends[index];
  }

  /** Any of the peers; nobody is left out where there are none. */
  matching(peers: readonly Peer[], context: PeerContext): Matches {
    const matches = new Map<number, Grade>();
    for (const peer of peers)
      for (const index of this.candidates(peer, context)) {
        const before = matches.get(index) ?? 0;
        if (before === sureGrade) continue;
        const grade = this.gradeOf(peer, index, context);
        if (grade > 0) matches.set(index, before | grade);
      }
    return matches;
  }

  private gradeOf(peer: Peer, index: number, context: PeerContext): Grade {
    const [end, closed] = [this.ends[index], this.closed[index]];
    if (end === undefined || closed === undefined) return 0;
    const matched = peerMatches(peer, end, context);
    if (matched !== undefined) return matched ? sureGrade : 0;
    const { ownNamespace, blocksHoldPods = false } = context;
    return peerMatches(peer, closed, { ownNamespace, blocksHoldPods }) === true ? readGrade : possibleGrade;
  }

  private candidates(peer: Peer, context: PeerContext): Iterable<number> {
    if (peer.opaque !== undefined) return this.ends.keys();
    if (peer.nodes !== undefined) return this.pods;
    if (peer.block !== undefined) return this.inBlock(peer.block, context);
    return this.selected(peer, context.ownNamespace);
  }

  private inBlock(block: Block, { blocksHoldPods }: PeerContext): number[] {
    const { cidr } = block;
    if (cidr === undefined) return [];
    const found: number[] = blocksHoldPods === false ? [] : [...this.unplaced, ...this.placedIn(cidr)];
    const { ranges, offset } = this.families[cidr.family];
    for (let index = lowerBound(ranges, cidr.first); index < ranges.length; index += 1) {
      if ((ranges[index]?.first ?? 0n) > cidr.last) break;
      found.push(offset + index);
    }
    return found;
  }

  /** Pods with an address in a block; one with several is there several times. */
  private placedIn({ family, first, last }: Cidr): number[] {
    const placed = this.placed[family];
    let [low, high] = [0, placed.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((placed[middle]?.value ?? 0n) < first) low = middle + 1;
      else high = middle;
    }
    const found: number[] = [];
    for (; low < placed.length; low += 1) {
      const each = placed[low];
      if (each === undefined || each.value > last) break;
      found.push(each.index);
    }
    return found;
  }

  private *selected({ namespaces, pods }: Peer, ownNamespace: string): Generator<number> {
    for (const place of this.places.values()) {
      const inPlace =
        namespaces === undefined
          ? place.namespace === '' || place.namespace === ownNamespace
          : selects(namespaces, place.namespaceLabels) !== false;
      if (inPlace) yield* this.inPlace(place, pods);
    }
  }

  /** Through a label that a match must carry, where there is one that a pod cannot get later. */
  private inPlace({ all, byPair, open }: Place, pods: Selector | undefined): Iterable<number> {
    const pair = pods?.requiredPairs.find(([key]) => !mayComeLater(key));
    if (pair === undefined) return all;
    return [...(byPair.get(pairKey(...pair)) ?? []), ...open];
  }

  private add(index: number, end: PodEnd): void {
    const { namespace, namespaceLabels } = end;
    // Two pods of which nobody knows the namespace need not be in the same one.
    const key = namespace === '' ? `${nowhere}${index}` : namespace;
    let place = this.places.get(key);
    if (place === undefined) {
      place = { namespace, all: [], byPair: new Map(), open: [], namespaceLabels };
      this.places.set(key, place);
    }
    place.all.push(index);
    // An end may be met twice, through its label and as an open one: grades are merged.
    if (isAnyOpen(end)) place.open.push(index);
    for (const [key, value] of Object.entries(end.labels.values)) pushTo(place.byPair, pairKey(key, value), index);
  }
}
