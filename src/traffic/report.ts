// The finished answer to "is this traffic normal?": a plain value, `nowwhat.dev/traffic/v1`.

import type { ObjectRef, Position } from '../model/index.ts';
import type { Protocol, SideVerdict } from '../reachability/index.ts';
import type { Ignored } from './flow.ts';
import type { Party } from './who/party.ts';

/** `outside` holds whether declared or not: `declared` and `seen` of the edge tell. */
export type EdgeStatus = 'declared-and-seen' | 'declared-not-seen' | 'not-declared' | 'outside';

export interface Declaration {
  readonly object: ObjectRef;
  /** JSON pointer. */
  readonly path: string;
  /** Absent for an object of a cluster. */
  readonly position?: Position;
  /** `variable "DB_HOST" of container "web"`. */
  readonly what: string;
}

export interface Sighting {
  /** Which record: `flows.jsonl:12`, or the container it was seen in. */
  readonly where: string;
  readonly outcome: 'connected' | 'attempted' | 'dropped';
  readonly count: number;
  readonly first?: string;
  readonly last?: string;
}

export interface Side {
  readonly verdict: SideVerdict;
  readonly why: string;
  /** Names of the policies that decide, `namespace/name`. */
  readonly policies: readonly string[];
}

export interface TrafficEdge {
  readonly from: Party;
  readonly to: Party;
  readonly protocol: Protocol;
  /** Of the pods that are called; absent where nobody told it. */
  readonly port?: number;
  /** `namespace/name` and port of the Service that leads there. */
  readonly service?: string;
  readonly servicePort?: number;
  readonly status: EdgeStatus;
  /** True where a policy stands in the way of either end; absent where nothing was judged. */
  readonly isBlocked?: boolean;
  readonly egress?: Side;
  readonly ingress?: Side;
  readonly declared: readonly Declaration[];
  readonly seen: readonly Sighting[];
}

/** What is normal in every cluster, folded into one line each. */
export interface Folded {
  readonly class: 'loopback' | 'dns' | 'probes';
  readonly flows: number;
  readonly connections: number;
  /** Workloads it was seen in. */
  readonly workloads: readonly string[];
}

export interface PodNote {
  readonly namespace: string;
  readonly pod: string;
  readonly reason: string;
}

export interface Window {
  /** ISO times; absent where no source told any. */
  readonly start?: string;
  readonly end?: string;
  readonly sources: readonly {
    readonly kind: 'sockets' | 'flows' | 'prometheus';
    readonly name: string;
    readonly records: number;
  }[];
  readonly ignored: readonly Ignored[];
  readonly ignoredCount: number;
  /** Sockets only. */
  readonly samples?: number;
  readonly sampled: readonly {
    readonly namespace: string;
    readonly pod: string;
    readonly container: string;
    readonly by: string;
    readonly samples: number;
  }[];
  readonly notSampled: readonly PodNote[];
  /** Pods that started, restarted or went away within. */
  readonly changes: readonly PodNote[];
  /** Jobs that ran within; those that did not are in `notRun`. */
  readonly jobRuns: readonly string[];
  readonly notRun: readonly string[];
  /** What could not be read of the cluster, and so was not recognised. */
  readonly gaps: readonly string[];
}

export interface TrafficReport {
  readonly schema: 'nowwhat.dev/traffic/v1';
  /** Context of the cluster, or the files. */
  readonly source: string;
  readonly window: Window;
  readonly edges: readonly TrafficEdge[];
  readonly folded: readonly Folded[];
}
