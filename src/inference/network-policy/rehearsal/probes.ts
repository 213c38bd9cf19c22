// What a rehearsal asks: who calls whom, what must come of it, and which of many are tried.

import { judgeConnection, isPermitted, type PodEnd, type PolicySet } from '../../../reachability/index.ts';
import type { Need } from '../need.ts';
import type { RealPod } from './real-pods.ts';
import type { StandIn } from './copy.ts';

export interface Probe {
  readonly from: StandIn;
  /** Absent for a question to the name server. A pod of the app itself where it is rehearsed live. */
  readonly to?: StandIn | RealPod;
  readonly port?: number;
  /** What the reachability of the policies says. */
  readonly expected: 'open' | 'closed';
  readonly kind: 'kept' | 'forbidden' | 'dns';
}

/** Why no probe can show it; nothing where one can. */
export function whyNotProbed({ from, to, protocol, port }: Need): string | undefined {
  if (to.kind !== 'workload') return 'it leads out of the app';
  if (from.kind === 'addresses') return 'its callers are outside of the cluster';
  if (protocol !== 'TCP') return `${protocol} is not probed`;
  return port === undefined ? 'its port is not known' : undefined;
}

/** By TCP; not known where the policies, or what is known of the ends, do not tell. */
export function isOpen(set: PolicySet, from: PodEnd, to: PodEnd, port: number): boolean | undefined {
  return isPermitted(judgeConnection({ from, to, protocol: 'TCP', port }, set));
}

/** Evenly over all there are: each end has its turn. */
export function sample<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, index) => all[Math.floor((index * all.length) / most)]).filter(
    (each) => each !== undefined,
  );
}
