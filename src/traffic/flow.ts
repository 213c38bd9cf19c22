// A connection as somebody saw it: the one shape that samples, flow files and metrics are read into.

import type { Protocol } from '../reachability/index.ts';

/** What the source tells of an end; the join finds out who that is. All fields but one may be missing. */
export interface FlowEnd {
  /** Normal text form, IPv4 also where it was written as IPv6. */
  readonly address?: string;
  readonly namespace?: string;
  readonly pod?: string;
  /** Owner of the pods, with its kind where that is told. */
  readonly workload?: { readonly name: string; readonly kind?: string };
  readonly labels?: Readonly<Record<string, string>>;
  readonly service?: string;
  /** A name outside of the cluster. */
  readonly host?: string;
  /** What the source knows by itself: Cilium's reserved identities. */
  readonly is?: 'node' | 'api-server' | 'outside';
}

export interface Flow {
  /** The end that opened the connection. */
  readonly from: FlowEnd;
  /** The end that listens. */
  readonly to: FlowEnd;
  readonly protocol: Protocol;
  /** As the caller dialled it, or as it arrived: of the Service or of the pod; metrics may not tell it. */
  readonly port?: number;
  /** `attempted`: nothing has answered yet. `dropped`: a policy was seen to refuse it. */
  readonly outcome: 'connected' | 'attempted' | 'dropped';
  /** Different connections, as far as the source tells them apart; 0 for one that was open all the time. */
  readonly count: number;
  /** ISO time; absent where the source has none. */
  readonly time?: string;
  /** Of the last one, where several were merged. */
  readonly last?: string;
  /** Which record says so: `flows.jsonl:12`, `shop/web-5d9/web`. */
  readonly where: string;
}

/** A line or an answer that could not be used, with the reason. */
export interface Ignored {
  readonly where: string;
  readonly reason: string;
}

export interface ReadFlows {
  readonly flows: readonly Flow[];
  readonly ignored: readonly Ignored[];
}
