// Holds the finished policies against the evidence they came from: what is kept, what would be cut, what else they let through.

import type { Workload } from '../../inventory/index.ts';
import type { WrittenPolicy } from './written-policy.ts';
import { cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import { metadataAddresses } from './blocks.ts';
import { asksMetadata } from './cloud-identities.ts';
import type { NameServer } from './dns.ts';
import { canAsk, Court, policySetWith } from './court.ts';
import type { Scene } from './ends-of-peers.ts';
import { type Cut, keyOfPeer, nameOfPeer, type Need, type Peer, portWords } from './need.ts';
import { findSurplus, type Surplus } from './surplus.ts';
import { isNetworkPolicy, toWrittenObject } from './written-object.ts';

export interface Line {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly why: readonly string[];
}

export interface Proof {
  /** Declared and seen connections, and those that cannot be kept. */
  readonly connections: number;
  readonly kept: number;
  /** Would not be let through any more. */
  readonly cut: readonly Cut[];
  /** Let through, and neither declared nor seen. */
  readonly surplus: readonly Surplus[];
  /** Declared and never seen; empty where nobody looked. */
  readonly neverSeen: readonly Line[];
  /** Seen and not declared: worth a look before they are let through for good. */
  readonly notDeclared: readonly Line[];
  /** Workloads that were seen at no end of any connection: what they do is not covered. Empty where nobody looked. */
  readonly unseen: readonly string[];
  /** Workloads that may ask for names over UDP and TCP. */
  readonly dns: number;
  readonly workloads: number;
  /** True where no workload reaches the service that gives out the machine's identity. */
  readonly metadataClosed: boolean;
  /** Who does, by policies that were there before. */
  readonly metadataOpen: readonly { readonly workload: string; readonly policies: readonly string[] }[];
}

export interface Case extends Scene {
  readonly policies: readonly WrittenPolicy[];
  readonly held: readonly Workload[];
  readonly needs: readonly Need[];
  readonly cuts: readonly Cut[];
  readonly servers: readonly NameServer[];
  readonly isObserved: boolean;
}

function toLine({ from, to, why, ...door }: Need): Line {
  return { from: nameOfPeer(from), to: nameOfPeer(to), port: portWords(door), why };
}

/** Who reaches the service that gives out the machine's identity, and by which policies. */
function findMetadataOpen(court: Court, peers: readonly Peer[]): Proof['metadataOpen'] {
  const targets = metadataAddresses.map((text): Peer => {
    const cidr = `${text}/${text.includes(':') ? 128 : 32}`;
    return { kind: 'addresses', name: text, blocks: [{ cidr }] };
  });
  return peers.flatMap((from) => {
    const isOpen = targets.some((to) => court.obstacle(from, to, metadataDoor) === undefined);
    const policies = new Set(targets.flatMap((to) => court.openers(from, to, metadataDoor)));
    return isOpen ? [{ workload: nameOfPeer(from), policies: [...policies] }] : [];
  });
}

const metadataDoor = { protocol: 'TCP', port: 80 } as const;

function isSeenIn(needs: readonly Need[], peer: Peer): boolean {
  const key = keyOfPeer(peer);
  return needs.some(({ isSeen, from, to }) => isSeen && (keyOfPeer(from) === key || keyOfPeer(to) === key));
}

export function prove(facts: Case): Proof {
  const { held, needs, cuts, servers, isObserved } = facts;
  const set = policySetWith(facts.inventory, facts.policies.filter(isNetworkPolicy).map(toWrittenObject));
  const court = new Court(facts, set);
  const refused = needs.flatMap((need): Cut[] => {
    const why = court.obstacle(need.from, need.to, need);
    return why === undefined
      ? []
      : [{ from: nameOfPeer(need.from), to: nameOfPeer(need.to), port: portWords(need), why }];
  });
  const peers = held.map((workload): Peer => ({ kind: 'workload', workload }));
  const strangers = held.filter((workload) => !asksMetadata(cloudIdentityOf(facts.inventory, workload)));
  const metadataOpen = findMetadataOpen(
    court,
    strangers.map((workload): Peer => ({ kind: 'workload', workload })),
  );
  return {
    connections: needs.length + cuts.length,
    kept: needs.length - refused.length,
    cut: [...refused, ...cuts],
    surplus: findSurplus(facts, set),
    neverSeen: isObserved ? needs.filter(({ isSeen }) => !isSeen).map(toLine) : [],
    notDeclared: needs.filter(({ isDeclared }) => !isDeclared).map(toLine),
    unseen: isObserved ? peers.filter((peer) => !isSeenIn(needs, peer)).map(nameOfPeer) : [],
    dns: peers.filter((peer) => canAsk(court, peer, servers)).length,
    workloads: held.length,
    metadataClosed: metadataOpen.length === 0,
    metadataOpen,
  };
}
