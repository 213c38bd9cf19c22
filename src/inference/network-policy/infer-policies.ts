// From evidence to policies with their proof: the one question that other rooms ask.

import type { Workload } from '../../inventory/index.ts';
import { allPods, assemblePolicies } from './assemble-policies.ts';
import type { WrittenPolicy } from './written-policy.ts';
import { findNameServers } from './dns.ts';
import { gatherNeeds } from './gather-needs.ts';
import type { Decision, Need } from './need.ts';
import { assemblePlatform } from './platform.ts';
import { type Proof, prove } from './prove.ts';
import type { Evidence } from './subject.ts';
import { findUncalled, keepUncalled, toUncalled, type Uncalled } from './uncalled.ts';

export interface Inferred {
  readonly policies: readonly WrittenPolicy[];
  readonly proof: Proof;
  readonly decisions: readonly Decision[];
  /** Workloads whose pods the policies hold. */
  readonly held: readonly Workload[];
  /** What the policies let through, with the evidence. */
  readonly needs: readonly Need[];
  /** Workloads in the network of their node: no policy holds them. */
  readonly notHeld: readonly Workload[];
  /** Services that nobody is known to call: closed, unless the user keeps them. */
  readonly uncalled: readonly Uncalled[];
  /** The same, where they were kept: open for the pods of their namespace. */
  readonly leftOpen: readonly Uncalled[];
}

export function inferPolicies(evidence: Evidence): Inferred {
  const { inventory, report, pods, answers, api } = evidence;
  const platform = assemblePlatform(inventory, answers, api);
  const { ledger, held, notHeld } = gatherNeeds(evidence, platform);
  const heldOnes = new Set(held);
  const targets = findUncalled(ledger, inventory, (workload) => heldOnes.has(workload));
  if (evidence.keepsUncalled) keepUncalled(ledger, targets, allPods);
  const { needs, cuts, decisions } = ledger;
  const servers = findNameServers(inventory, platform);
  const policies = assemblePolicies({ inventory, held, needs, servers });
  const isObserved = report.window.sources.length > 0;
  const proof = prove({ inventory, pods, policies, held, needs, cuts, servers, isObserved });
  return {
    policies,
    proof,
    decisions,
    held,
    needs,
    notHeld,
    uncalled: evidence.keepsUncalled ? [] : targets.map(toUncalled),
    leftOpen: evidence.keepsUncalled ? targets.map(toUncalled) : [],
  };
}
