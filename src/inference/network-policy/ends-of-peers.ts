// The ends of a need as the reachability room judges them: pods by their labels, addresses by one that stands for the block.

import type { Inventory, Labels } from '../../inventory/index.ts';
import { parseIpAddress } from '../../kube/cidr.ts';
import { completeLabels, type End, namespaceLabelsOf, type PodEnd, podEndOf } from '../../reachability/index.ts';
import { type PodFact } from '../../traffic/index.ts';
import { sampleOf } from './blocks.ts';
import type { Peer } from './need.ts';

export interface Scene {
  readonly inventory: Inventory;
  readonly pods: readonly PodFact[];
}

/** Where a peer may be in any namespace, one that is in no input. */
const anyNamespace = 'elsewhere';

/** A pod that is in no input: what is not said of it is so. */
export function strangerEnd(inventory: Inventory, namespace: string, labels: Labels): PodEnd {
  return {
    kind: 'pod',
    namespace,
    labels: completeLabels(labels),
    namespaceLabels: namespaceLabelsOf(namespace, inventory.namespaceLabels(namespace)),
    isHostNetwork: false,
    addresses: [],
    ports: undefined,
  };
}

function strangerEnds({ inventory }: Scene, { namespaces, labels }: Extract<Peer, { kind: 'pods' }>): PodEnd[] {
  return (namespaces ?? [anyNamespace]).map((namespace) => strangerEnd(inventory, namespace, labels));
}

function workloadEnd({ inventory, pods }: Scene, { workload }: Extract<Peer, { kind: 'workload' }>): PodEnd {
  const { namespace, name } = workload.object;
  const end = podEndOf(inventory, workload);
  const live = pods
    .filter(({ owner }) => owner.namespace === namespace && owner.name === name)
    .flatMap(({ addresses }) => addresses.flatMap((text) => parseIpAddress(text) ?? []));
  return live.length === 0 ? end : { ...end, addresses: live };
}

/** All of them must be let through for the peer to be let through. */
export function endsOfPeer(scene: Scene, peer: Peer): End[] {
  if (peer.kind === 'pods') return strangerEnds(scene, peer);
  if (peer.kind === 'workload') return [workloadEnd(scene, peer)];
  return peer.blocks.flatMap((block): End[] => {
    const address = sampleOf(block);
    return address === undefined ? [] : [{ kind: 'outside', address }];
  });
}
