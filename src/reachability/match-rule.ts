// Whether a rule of a policy lets a connection through: its peers and its ports.

import { cidrContainsAddress, type IpAddress } from '../kube/cidr.ts';
import { ruleCoversPort } from '../kube/network-policy.ts';
import { asArray, asObject, type JsonObject } from '../model/index.ts';
import type { Block, Peer, Rule } from './compile-policies.ts';
import { type Connection, type End, type PodEnd, selects } from './ends.ts';
import { allOf, anyOf, type Known } from './known.ts';

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
function blockMatches(block: Block, end: End): Known {
  const addresses = addressesOf(end);
  if (addresses.length === 0) return blockHoldsAny(block);
  const held = addresses.filter((address) => blockHolds(block, address)).length;
  return held === 0 ? false : held === addresses.length ? true : undefined;
}

function podMatches({ namespaces, pods }: Peer, end: PodEnd, ownNamespace: string): Known {
  if (namespaces === undefined && pods === undefined) return false;
  const inPlace = namespaces === undefined ? end.namespace === ownNamespace : selects(namespaces, end.namespaceLabels);
  const matched = allOf([inPlace, pods === undefined ? true : selects(pods, end.labels)]);
  // How pods of the node's network are seen is left to the network plugin. Source: Kubernetes docs, Network Policies.
  return end.isHostNetwork && matched === true ? undefined : matched;
}

function peerMatches(peer: Peer, end: End, ownNamespace: string): Known {
  if (peer.block !== undefined) return blockMatches(peer.block, end);
  return end.kind === 'pod' ? podMatches(peer, end, ownNamespace) : false;
}

function namesPort(rule: JsonObject): boolean {
  return asArray(rule['ports']).some((entry) => typeof asObject(entry)['port'] === 'string');
}

/** Names stand for ports of the pod that receives, in rules of both directions. */
function portMatches(rule: JsonObject, { to, protocol, port }: Connection): Known {
  if (ruleCoversPort(rule, { protocol, port })) return true;
  if (!namesPort(rule) || to.kind !== 'pod') return false;
  if (to.ports === undefined) return undefined;
  return to.ports
    .filter((each) => each.port === port && each.protocol === protocol)
    .some(({ name }) => ruleCoversPort(rule, { protocol, port, name }));
}

/** `peer` is the end that the rule is about: the caller for ingress, the one called for egress. */
export function ruleMatches(rule: Rule, connection: Connection, peer: End, ownNamespace: string): Known {
  const peers = rule.peers;
  return allOf([
    portMatches(rule.raw, connection),
    peers === undefined ? true : anyOf(peers.map((each) => peerMatches(each, peer, ownNamespace))),
  ]);
}
