// Turns the needs of one workload in one direction into the fewest rules: ends with the same ports share one.

import type { Inventory } from '../../inventory/index.ts';
import type { Direction } from '../../kube/network-policy.ts';
import { type JsonObject, pushTo } from '../../model/index.ts';
import { nameLabel } from '../../reachability/index.ts';
import { isCovered } from './blocks.ts';
import { chooseSelectors } from './choose-selector.ts';
import { type AddressBlock, keyOfPeer, nameOfPeer, type Need, type Peer, portWords } from './need.ts';
import { workloadsIn } from './subject.ts';

export interface WrittenRule {
  /** As a NetworkPolicy has it, under `ingress` or `egress`. */
  readonly raw: JsonObject;
  /** For a reader: one line for each end, with the evidence. */
  readonly notes: readonly string[];
}

interface PeerNeeds {
  readonly peer: Peer;
  readonly needs: readonly Need[];
}

export interface Place {
  readonly inventory: Inventory;
  readonly namespace: string;
  readonly direction: Direction;
}

function otherEnd(need: Need, direction: Direction): Peer {
  return direction === 'ingress' ? need.from : need.to;
}

function namespaceSelector(names: readonly string[]): JsonObject {
  const [only] = names;
  if (names.length === 1 && only !== undefined) return { matchLabels: { [nameLabel]: only } };
  return { matchExpressions: [{ key: nameLabel, operator: 'In', values: [...names] }] };
}

function podPeer(peer: Extract<Peer, { kind: 'pods' }>, home: string): JsonObject {
  const { namespaces, labels } = peer;
  const isHome = namespaces?.length === 1 && namespaces[0] === home;
  const pods = Object.keys(labels).length === 0 ? {} : { podSelector: { matchLabels: { ...labels } } };
  if (isHome) return { podSelector: {}, ...pods };
  return { namespaceSelector: namespaces === undefined ? {} : namespaceSelector(namespaces), ...pods };
}

/** Peers for workloads of the input: one selector for several of a namespace where that is exact. */
function workloadPeers(peers: readonly Peer[], { inventory, namespace }: Place): JsonObject[] {
  const byNamespace = new Map<string, Extract<Peer, { kind: 'workload' }>['workload'][]>();
  for (const peer of peers)
    if (peer.kind === 'workload') pushTo(byNamespace, peer.workload.object.namespace, peer.workload);
  return [...byNamespace].flatMap(([where, workloads]) =>
    chooseSelectors(workloads, workloadsIn(inventory, where)).map(({ selector }) => ({
      ...(where === namespace ? {} : { namespaceSelector: namespaceSelector([where]) }),
      podSelector: selector,
    })),
  );
}

/** Blocks that a wider one holds anyway are left out. */
function addressPeers(peers: readonly Peer[]): JsonObject[] {
  const blocks = peers.flatMap((peer) => (peer.kind === 'addresses' ? peer.blocks : []));
  const unique = [...new Map(blocks.map((block) => [JSON.stringify(block), block])).values()];
  const kept = unique.filter(
    (block) =>
      !isCovered(
        block,
        unique.filter((other) => other !== block),
      ),
  );
  return kept.map(({ cidr, except = [] }) => ({
    ipBlock: { cidr, ...(except.length === 0 ? {} : { except: [...except] }) },
  }));
}

function once(peers: readonly JsonObject[]): JsonObject[] {
  return [...new Map(peers.map((peer) => [JSON.stringify(peer), peer])).values()];
}

function toPeers(peers: readonly Peer[], place: Place): JsonObject[] {
  const others = peers.flatMap((peer) => (peer.kind === 'pods' ? [podPeer(peer, place.namespace)] : []));
  return once([...workloadPeers(peers, place), ...others, ...addressPeers(peers)]);
}

/** Without a port, all of the protocol; single ones of it are then left out. */
function toPorts(needs: readonly Need[]): JsonObject[] {
  const whole = new Set(needs.filter(({ port }) => port === undefined).map(({ protocol }) => protocol));
  const doors = needs.filter(({ protocol, port }) => port === undefined || !whole.has(protocol));
  const unique = [...new Map(doors.map((door) => [portWords(door), door])).values()];
  return unique
    .sort((a, b) => (a.port ?? 0) - (b.port ?? 0) || (a.protocol < b.protocol ? -1 : 1))
    .map(({ protocol, port }) => ({ protocol, ...(port === undefined ? {} : { port }) }));
}

function noteOf({ peer, needs }: PeerNeeds): string {
  const why = [...new Set(needs.flatMap((need) => need.why))];
  const [first = ''] = why;
  return `${nameOfPeer(peer)}: ${first}${why.length > 1 ? ` and ${why.length - 1} more` : ''}`;
}

/** Needs that open blocks which another rule opens on the same port anyway. */
function isRedundant(need: Need, needs: readonly Need[], direction: Direction): boolean {
  const peer = otherEnd(need, direction);
  if (peer.kind !== 'addresses' || peer.blocks.length === 0) return false;
  const wider = needs.flatMap((other): readonly AddressBlock[] => {
    const end = otherEnd(other, direction);
    const isSame = other.protocol === need.protocol && other.port === need.port;
    return other === need || !isSame || end.kind !== 'addresses' ? [] : end.blocks;
  });
  const own = new Set(peer.blocks.map((block) => JSON.stringify(block)));
  const others = wider.filter((block) => !own.has(JSON.stringify(block)));
  return peer.blocks.every((block) => isCovered(block, others));
}

export function writeRules(all: readonly Need[], place: Place): WrittenRule[] {
  const { direction } = place;
  const needs = all.filter((need) => !isRedundant(need, all, direction));
  const byPeer = new Map<string, Need[]>();
  for (const need of needs) pushTo(byPeer, keyOfPeer(otherEnd(need, direction)), need);
  const byPorts = new Map<string, PeerNeeds[]>();
  for (const [, own] of [...byPeer].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const [first] = own;
    if (first !== undefined)
      pushTo(byPorts, JSON.stringify(toPorts(own)), { peer: otherEnd(first, direction), needs: own });
  }
  return [...byPorts.values()].flatMap((entries): WrittenRule[] => {
    const peers = toPeers(
      entries.map(({ peer }) => peer),
      place,
    );
    // A rule without peers would let everybody through.
    if (peers.length === 0) return [];
    const ports = toPorts(entries[0]?.needs ?? []);
    const raw = { [direction === 'ingress' ? 'from' : 'to']: peers, ports };
    return [{ raw, notes: entries.map(noteOf) }];
  });
}
