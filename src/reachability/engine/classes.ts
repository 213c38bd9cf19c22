// Pods that no policy can tell apart, taken together: work grows with the kinds of pods, not with their number.

import type { IpAddress } from '../../kube/cidr.ts';
import type { Direction } from '../../kube/network-policy.ts';
import { pushTo } from '../../model/index.ts';
import type { Block, Peer } from '../compile-peers.ts';
import type { PolicySet } from '../compile-policies.ts';
import type { PodEnd } from '../ends.ts';
import { cutRanges, lowerBound } from './ranges.ts';

export interface Classes {
  /** One pod of each class. */
  readonly pods: readonly PodEnd[];
  readonly classOf: ReadonlyMap<PodEnd, number>;
}

/** Peers that the rules of a set name: those of one direction, or of both. */
export function peersOfSet({ byNamespace, admin, baseline }: PolicySet, direction?: Direction): Peer[] {
  const directions = direction === undefined ? (['ingress', 'egress'] as const) : [direction];
  const policies = [...[...byNamespace.values()].flat(), ...[...admin, ...baseline].flat()];
  return policies.flatMap(({ rules }) =>
    directions.flatMap((each) => (rules[each] ?? []).flatMap(({ peers = [] }: { peers?: readonly Peer[] }) => peers)),
  );
}

export function blocksOf(peers: readonly Peer[]): Block[] {
  return peers.flatMap(({ block }) => block ?? []);
}

/** Keys of labels of pods that some policy asks for. */
function askedKeys(set: PolicySet): ReadonlySet<string> {
  const subjects = [...set.admin, ...set.baseline].flat().map(({ subject }) => subject?.pods);
  const selectors = [
    ...[...set.byNamespace.values()].flat().map(({ pods }) => pods),
    ...peersOfSet(set).map(({ pods }) => pods),
    ...subjects,
  ];
  return new Set(selectors.flatMap((each) => each?.requirements.map(({ key }) => key) ?? []));
}

type PlaceOf = (address: IpAddress) => string;

/** Names of ports stay apart even where no rule uses them: there are few. */
function textOf(pod: PodEnd, keys: ReadonlySet<string>, placeOf: PlaceOf): string {
  const labels = Object.entries(pod.labels.values).filter(([key]) => keys.has(key));
  return JSON.stringify([
    pod.namespace,
    labels.sort(([a], [b]) => (a < b ? -1 : 1)),
    [...keys].filter((key) => pod.labels.isOpen(key)),
    pod.isHostNetwork,
    pod.ports ?? null,
    pod.addresses.map(placeOf),
  ]);
}

/** Addresses between the same ends of blocks are alike. */
function placer(blocks: readonly Block[]): PlaceOf {
  const ranges = cutRanges(blocks, [4, 6]);
  const families = { 4: ranges.filter(({ family }) => family === 4), 6: ranges.filter(({ family }) => family === 6) };
  return ({ family, value }) => `${family}/${lowerBound(families[family], value)}`;
}

export function classify(pods: Iterable<PodEnd>, set: PolicySet): Classes {
  const keys = askedKeys(set);
  const placeOf = placer(blocksOf(peersOfSet(set)));
  const groups = new Map<string, PodEnd[]>();
  for (const pod of pods) pushTo(groups, textOf(pod, keys, placeOf), pod);
  const classOf = new Map<PodEnd, number>();
  const examples = [...groups.values()].flatMap((members, number) => {
    for (const member of members) classOf.set(member, number);
    return members.slice(0, 1);
  });
  return { pods: examples, classOf };
}
