// Whether a rule of a policy is about a connection: its peers and its ports.

import { cidrContainsAddress, type IpAddress } from '../kube/cidr.ts';
import type { Block, Peer } from './compile-peers.ts';
import { type Connection, type End, type PodEnd, selects } from './ends.ts';
import { allOf, anyOf, type Known } from './known.ts';
import { type PortTerms, resolvePorts } from './port-terms.ts';
import { hasPort } from './ports/port-set.ts';

/** What a peer is read with, beside the end it may mean. */
export interface PeerContext {
  /** Of the policy: a peer without a selector of namespaces means its own. '' for cluster-wide policies. */
  readonly ownNamespace: string;
  readonly blocksHoldPods: Known;
}

function blockHolds({ cidr, except }: Block, address: IpAddress): boolean {
  if (cidr === undefined || !cidrContainsAddress(cidr, address)) return false;
  return !except.some((hole) => cidrContainsAddress(hole, address));
}

/** An address nobody knows is in a block only where the block is everything (of IPv4, which every cluster has but for rare ones). */
function blockHoldsAny({ cidr, except }: Block): Known {
  if (cidr === undefined) return false;
  return cidr.family === 4 && cidr.prefix === 0 && except.length === 0 ? true : undefined;
}

function addressesOf(end: End): readonly IpAddress[] {
  if (end.kind !== 'outside') return end.addresses;
  return end.address === undefined ? [] : [end.address];
}

/** With addresses of both families the connection uses one of them, and which is not known. */
function blockHoldsEnd(block: Block, end: End): Known {
  const addresses = addressesOf(end);
  if (addresses.length === 0) return blockHoldsAny(block);
  const held = addresses.filter((address) => blockHolds(block, address)).length;
  return held === 0 ? false : held === addresses.length ? true : undefined;
}

function blockMatches(block: Block, end: End, { blocksHoldPods }: PeerContext): Known {
  const held = blockHoldsEnd(block, end);
  return end.kind === 'pod' ? allOf([held, blocksHoldPods]) : held;
}

function podMatches({ namespaces, pods, skipsHostNetwork }: Peer, end: PodEnd, ownNamespace: string): Known {
  if ((namespaces === undefined && pods === undefined) || (skipsHostNetwork === true && end.isHostNetwork))
    return false;
  const isAtHome = end.namespace === '' ? undefined : end.namespace === ownNamespace;
  const inPlace = namespaces === undefined ? isAtHome : selects(namespaces, end.namespaceLabels);
  const matched = allOf([inPlace, pods === undefined ? true : selects(pods, end.labels)]);
  // How pods of the node's network are seen is left to the network plugin. Source: Kubernetes docs, Network Policies.
  return end.isHostNetwork && matched === true ? undefined : matched;
}

/** Labels of nodes are not looked at: only a selector of all nodes is sure. */
function nodeMatches({ isEmpty, matchesNothing }: { isEmpty: boolean; matchesNothing: boolean }, end: End): Known {
  const isNode = end.kind === 'node' || (end.kind === 'pod' && end.isHostNetwork);
  return isNode && !matchesNothing ? isEmpty || undefined : false;
}

export function peerMatches(peer: Peer, end: End, context: PeerContext): Known {
  if (peer.opaque !== undefined) return peer.opaque === 'anybody' || end.kind === 'outside' ? undefined : false;
  if (peer.nodes !== undefined) return nodeMatches(peer.nodes, end);
  if (peer.block !== undefined) return blockMatches(peer.block, end, context);
  return end.kind === 'pod' ? podMatches(peer, end, context.ownNamespace) : false;
}

/** No peers at all mean everybody. */
export function peersMatch(peers: readonly Peer[] | undefined, end: End, context: PeerContext): Known {
  return peers === undefined ? true : anyOf(peers.map((each) => peerMatches(each, end, context)));
}

/** Names stand for ports of the pod that receives, in rules of both directions. */
function portMatches(terms: PortTerms, { to, protocol, port }: Connection): Known {
  const { sure, possible } = resolvePorts(terms, to.kind === 'pod' ? to.ports : 'none');
  if (hasPort(sure, protocol, port)) return true;
  return hasPort(possible, protocol, port) ? undefined : false;
}

export interface AnyRule {
  readonly ports: PortTerms;
  readonly peers?: readonly Peer[];
}

/** `peer` is the end that the rule is about: the caller for ingress, the one called for egress. */
export function ruleMatches(rule: AnyRule, connection: Connection, peer: End, context: PeerContext): Known {
  return allOf([portMatches(rule.ports, connection), peersMatch(rule.peers, peer, context)]);
}
