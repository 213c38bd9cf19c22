// "Close the network, and prove that nothing breaks": reads the app and what was seen, and infers the policies with their proof.

import { type Answers, type Inferred, inferPolicies } from '../../inference/index.ts';
import { findNetwork, type Inventory, viewOf } from '../../inventory/index.ts';
import type { TrafficReport } from '../../traffic/index.ts';
import { gatherTraffic, type TrafficOutside, type TrafficWish } from '../traffic/traffic.ts';
import { readApiEndpoints } from './api-endpoints.ts';

export interface NetworkPoliciesWish {
  readonly traffic: TrafficWish;
  /** What the user says about ends that the evidence cannot name. */
  readonly answers: Answers;
  /** True: what nobody is known to call stays open for the pods of its namespace. */
  readonly keepsUncalled: boolean;
}

export interface NetworkPoliciesAnswer {
  readonly inferred: Inferred;
  /** What is declared and was seen, with the window of the observation. */
  readonly report: TrafficReport;
  readonly inventory: Inventory;
  /** Whether the network of the cluster holds pods to policies at all, and why we think so. */
  readonly enforcement: { readonly enforces: boolean | 'unknown'; readonly why: string };
  readonly notices: readonly string[];
}

/** Throws `UserError` where the app or a file of connections cannot be read, or the user does not agree to look into pods. */
export async function answerNetworkPolicies(
  { traffic, answers, keepsUncalled }: NetworkPoliciesWish,
  outside: TrafficOutside,
): Promise<NetworkPoliciesAnswer> {
  const { report, inventory, pods, services, notices } = await gatherTraffic(traffic, outside);
  const { cluster } = traffic.reading;
  const api = cluster === undefined ? undefined : await readApiEndpoints(cluster, outside);
  const inferred = inferPolicies({
    inventory,
    report,
    pods,
    services,
    answers,
    keepsUncalled,
    ...(api === undefined ? {} : { api }),
  });
  const { enforcesPolicies, why } = findNetwork(viewOf(inventory));
  return { inferred, report, inventory, enforcement: { enforces: enforcesPolicies, why }, notices };
}
