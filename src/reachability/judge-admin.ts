// What administrators' policies say of a connection: the first rule that is about it decides, as far as that is known.

import type { Direction } from '../kube/network-policy.ts';
import { type KubeObject, type Path, pushTo } from '../model/index.ts';
import type { AdminAction, AdminPolicy, AdminRule } from './compile-admin-policies.ts';
import type { Connection, End, PodEnd } from './ends.ts';
import { allOf, type Known } from './known.ts';
import { peerMatches, ruleMatches } from './match-rule.ts';

export interface RuleRef {
  readonly policy: KubeObject;
  /** Of the rule in the policy. */
  readonly path: Path;
}

/** `next`: no rule is about it, or one passes it on. */
export type AdminVerdict = 'allowed' | 'denied' | 'next';

/** The verdicts that are possible, each with the rules that give it: several where it is not known which comes. */
export type AdminOutcome = ReadonlyMap<AdminVerdict, readonly RuleRef[]>;

export interface Side {
  readonly direction: Direction;
  readonly connection: Connection;
  readonly own: PodEnd;
  readonly peer: End;
  readonly blocksHoldPods: Known;
}

const verdictOf: Readonly<Record<AdminAction, AdminVerdict>> = { Allow: 'allowed', Deny: 'denied', Pass: 'next' };

interface Hit {
  readonly rule: AdminRule;
  readonly policy: AdminPolicy;
  readonly isSure: boolean;
}

/** Rules of one policy that may be the one that decides: up to the first that surely is. */
function hitsOf(policy: AdminPolicy, side: Side): Hit[] {
  const { connection, own, peer, blocksHoldPods } = side;
  const context = { ownNamespace: '', blocksHoldPods };
  const isSubject = policy.subject === undefined ? false : peerMatches(policy.subject, own, context);
  const hits: Hit[] = [];
  for (const rule of isSubject === false ? [] : policy.rules[side.direction]) {
    const matched = allOf([isSubject, ruleMatches(rule, connection, peer, context)]);
    if (matched === false) continue;
    hits.push({ rule, policy, isSure: matched === true });
    if (matched === true) break;
  }
  return hits;
}

/** Policies of one priority come in any order, so that a rule of each of them may be the first. */
export function judgeAdmin(tiers: readonly (readonly AdminPolicy[])[], side: Side): AdminOutcome {
  const outcome = new Map<AdminVerdict, RuleRef[]>();
  for (const equals of tiers) {
    const hits = equals.flatMap((policy) => hitsOf(policy, side));
    for (const { rule, policy } of hits)
      pushTo(outcome, verdictOf[rule.action], { policy: policy.object, path: rule.path });
    if (hits.some(({ isSure }) => isSure)) return outcome;
  }
  return outcome.has('next') ? outcome : outcome.set('next', []);
}
