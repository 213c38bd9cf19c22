// What the policies must let through: connections with the evidence for each, whoever stands at their ends.

import type { Labels, Workload } from '../../inventory/index.ts';
import type { Protocol } from '../../reachability/index.ts';

/** As `ipBlock` writes it. */
export interface AddressBlock {
  readonly cidr: string;
  readonly except?: readonly string[];
}

export type Peer =
  | { readonly kind: 'workload'; readonly workload: Workload }
  /** Pods that are not in the input, found by labels. `namespaces` left out stands for all of them. */
  | { readonly kind: 'pods'; readonly name: string; readonly namespaces?: readonly string[]; readonly labels: Labels }
  | {
      readonly kind: 'addresses';
      readonly name: string;
      /** Empty where only `cilium` can name it. */
      readonly blocks: readonly AddressBlock[];
      /** How Cilium names it: blocks do not hold what it knows by another identity. */
      readonly cilium?: CiliumPeer;
    };

/** Source: docs.cilium.io, DNS based and entities based policies. */
export type CiliumPeer = { readonly fqdn: string } | { readonly entities: readonly string[] };

export interface Need {
  readonly from: Peer;
  readonly to: Peer;
  readonly protocol: Protocol;
  /** Of the end that is called, behind any Service; absent where only all ports would do. */
  readonly port?: number;
  readonly isDeclared: boolean;
  readonly isSeen: boolean;
  /** Of a collector of metrics, which calls whoever tells it to: it says nothing of who needs the program. */
  readonly isScrape?: boolean;
  /** Each in a few words. */
  readonly why: readonly string[];
}

/** What the evidence leaves open, what was done about it, and how to do better. */
export interface Decision {
  readonly about: string;
  readonly done: string;
  readonly advice: string;
}

/** A connection that the policies will not let through, although there is evidence for it. */
export interface Cut {
  readonly from: string;
  readonly to: string;
  readonly port: string;
  readonly why: string;
}

export function nameOfPeer(peer: Peer): string {
  return peer.kind === 'workload' ? `${peer.workload.object.namespace}/${peer.workload.object.name}` : peer.name;
}

export function keyOfPeer(peer: Peer): string {
  if (peer.kind === 'workload') return `${nameOfPeer(peer)}[${peer.workload.object.kind}]`;
  return JSON.stringify(peer.kind === 'pods' ? [peer.namespaces, peer.labels] : [peer.name, peer.blocks]);
}

export function portWords({ protocol, port }: Pick<Need, 'protocol' | 'port'>): string {
  return port === undefined ? `${protocol}, any port` : `${protocol} ${port}`;
}

function once(values: readonly string[]): string[] {
  return [...new Set(values)];
}

/** Needs, decisions and cuts while they are gathered: each once, with all that speaks for it. */
export class Ledger {
  readonly #needs = new Map<string, Need>();
  readonly #decisions = new Map<string, Decision>();
  readonly cuts: Cut[] = [];

  get needs(): Need[] {
    return [...this.#needs.values()];
  }

  get decisions(): Decision[] {
    return [...this.#decisions.values()];
  }

  need(need: Need): void {
    const key = `${keyOfPeer(need.from)} ${keyOfPeer(need.to)} ${portWords(need)}`;
    const before = this.#needs.get(key);
    const merged =
      before === undefined
        ? need
        : {
            ...before,
            isDeclared: before.isDeclared || need.isDeclared,
            isSeen: before.isSeen || need.isSeen,
            isScrape: before.isScrape === true && need.isScrape === true,
            why: once([...before.why, ...need.why]),
          };
    this.#needs.set(key, merged);
  }

  decide(decision: Decision): void {
    this.#decisions.set(`${decision.about} ${decision.done}`, decision);
  }

  cut(cut: Cut): void {
    this.cuts.push(cut);
  }
}
