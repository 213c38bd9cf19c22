// Judges needs by a set of policies: what stands in the way of each.

import type { Inventory } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import {
  adminPolicyKinds,
  compilePoliciesFor,
  isPermitted,
  type Judgement,
  judgeConnection,
  type PolicySet,
} from '../../reachability/index.ts';
import type { NameServer } from './dns.ts';
import type { Door } from './doors.ts';
import { endsOfPeer, type Scene } from './ends-of-peers.ts';
import type { Peer } from './need.ts';

/** What holds once the policies are applied: those that were there, and the new ones, which replace former ones of their name. */
export function policySetWith(inventory: Inventory, policies: readonly KubeObject[]): PolicySet {
  const names = new Set(policies.map(({ namespace, name }) => `${namespace}/${name}`));
  const others = inventory
    .ofKind('networking.k8s.io/NetworkPolicy')
    .filter(({ namespace, name }) => !names.has(`${namespace}/${name}`));
  // Kinds of single plugins are left out: nobody can tell what they let through besides.
  const above = adminPolicyKinds.flatMap((kind) => inventory.ofKind(kind));
  return compilePoliciesFor(inventory, [...above, ...others, ...policies]);
}

/** A port that stands for all of them. */
const someHighPort = 32_123;

/** Names of the policies that let something out. */
function lettingOut({ egress }: Judgement): string[] {
  return egress?.verdict === 'allowed' ? egress.policies.map(({ namespace, name }) => `${namespace}/${name}`) : [];
}

export class Court {
  readonly #scene: Scene;
  readonly #set: PolicySet;

  constructor(scene: Scene, set: PolicySet) {
    this.#scene = scene;
    this.#set = set;
  }

  /** Why it is not let through; nothing where it is. */
  obstacle(from: Peer, to: Peer, { protocol, port = someHighPort }: Door): string | undefined {
    for (const caller of endsOfPeer(this.#scene, from))
      for (const called of endsOfPeer(this.#scene, to)) {
        const judged = judgeConnection({ from: caller, to: called, protocol, port }, this.#set);
        if (isPermitted(judged) !== true)
          return [judged.egress, judged.ingress]
            .filter((side) => side?.verdict === 'denied' || side?.verdict === 'unknown')
            .map((side) => side?.why)
            .join('; ');
      }
    return undefined;
  }

  /** The policies that let it out; nothing where it is refused. */
  openers(from: Peer, to: Peer, { protocol, port = someHighPort }: Door): string[] {
    return endsOfPeer(this.#scene, from).flatMap((caller) =>
      endsOfPeer(this.#scene, to).flatMap((called) => {
        const judged = judgeConnection({ from: caller, to: called, protocol, port }, this.#set);
        return isPermitted(judged) === true ? lettingOut(judged) : [];
      }),
    );
  }
}

/** Over UDP and TCP, at every name server. */
export function canAsk(court: Court, from: Peer, servers: readonly NameServer[]): boolean {
  return servers.every(({ peer, ports }) =>
    ports.every((port) =>
      (['UDP', 'TCP'] as const).every((protocol) => court.obstacle(from, peer, { protocol, port }) === undefined),
    ),
  );
}
