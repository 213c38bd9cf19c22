// Judges one side of a connection by the policies that select its pod: administrators', then NetworkPolicies, then the baseline.

import type { Direction } from '../kube/network-policy.ts';
import type { KubeObject } from '../model/index.ts';
import type { Policy, PolicySet, Rule } from './compile-policies.ts';
import { selects } from './ends.ts';
import { type AdminOutcome, type AdminVerdict, judgeAdmin, type RuleRef, type Side } from './judge-admin.ts';
import { allOf, anyOf, type Known } from './known.ts';
import { ruleMatches } from './match-rule.ts';

/**
 * `not-isolated`: no policy selects the pod in this direction, so all is allowed. `not-held`: policies do not apply to
 * this end. `unknown`: what is not in the input decides.
 */
export type SideVerdict = 'allowed' | 'denied' | 'not-isolated' | 'not-held' | 'unknown';

export interface SideJudgement {
  readonly verdict: SideVerdict;
  /** The policies that allow it; where none does, those that isolate the pod or deny it. */
  readonly policies: readonly KubeObject[];
  /** The rules that decide; none where the lack of one does. */
  readonly rules: readonly RuleRef[];
  /** In a few words, without a full stop. */
  readonly why: string;
}

interface Weighed {
  readonly policy: Policy;
  readonly isolates: Known;
  readonly lets: Known;
  /** Rules that let it through for sure. */
  readonly rules: readonly Rule[];
}

interface Words {
  readonly policies?: readonly KubeObject[];
  readonly rules?: readonly RuleRef[];
}

export function said(verdict: SideVerdict, why: string, { policies = [], rules = [] }: Words = {}): SideJudgement {
  return { verdict, why, policies, rules };
}

function names(policies: readonly KubeObject[]): string {
  return policies.map(({ name }) => `"${name}"`).join(', ');
}

function decide(weighed: readonly Weighed[], direction: Direction): SideJudgement {
  const objects = (list: readonly Weighed[]): KubeObject[] => list.map(({ policy }) => policy.object);
  const isolating = weighed.filter(({ isolates }) => isolates === true);
  const letting = isolating.filter(({ lets }) => lets === true);
  const policies = objects(letting);
  if (letting.length > 0) {
    const rules = letting.flatMap((each) => each.rules.map(({ path }) => ({ policy: each.policy.object, path })));
    return said('allowed', `allowed by ${names(policies)}`, { policies, rules });
  }
  if (weighed.length === 0) return said('not-isolated', `no policy isolates its ${direction}`);
  const open = anyOf(weighed.map(({ isolates, lets }) => allOf([isolates, lets])));
  const closing = objects(isolating);
  if (isolating.length > 0 && open === false)
    return said('denied', `no ${direction} rule of ${names(closing)} lets it through`, { policies: closing });
  const deciding = objects(weighed.filter(({ isolates, lets }) => isolates === undefined || lets === undefined));
  const why = `labels, addresses or ports that are not in the input decide whether ${names(deciding)} applies`;
  return said('unknown', why, { policies: closing });
}

function weigh(side: Side, set: PolicySet): Weighed[] {
  const { direction, connection, own, peer, blocksHoldPods } = side;
  const context = { ownNamespace: own.namespace, blocksHoldPods };
  return (set.byNamespace.get(own.namespace) ?? []).flatMap((policy): Weighed[] => {
    const isolates = policy.rules[direction] === undefined ? false : selects(policy.pods, own.labels);
    if (isolates === false) return [];
    const judged = (policy.rules[direction] ?? []).map((rule) => ({
      rule,
      matched: ruleMatches(rule, connection, peer, context),
    }));
    const rules = judged.filter(({ matched }) => matched === true).map(({ rule }) => rule);
    return [{ policy, isolates, lets: anyOf(judged.map(({ matched }) => matched)), rules }];
  });
}

function saidByAdmin(verdict: Exclude<AdminVerdict, 'next'>, rules: readonly RuleRef[]): SideJudgement {
  const policies = [...new Set(rules.map(({ policy }) => policy))];
  return said(verdict, `${verdict} by ${policies[0]?.kind ?? ''} ${names(policies)}`, { policies, rules });
}

function isOpen({ verdict }: SideJudgement): Known {
  return verdict === 'unknown' ? undefined : verdict !== 'denied';
}

/** The outcome where it is clear, what comes next where it is passed on, and unknown where they differ. */
function settle(outcome: AdminOutcome, next: () => SideJudgement): SideJudgement {
  const possible = [...outcome].map(([verdict, rules]) => (verdict === 'next' ? next() : saidByAdmin(verdict, rules)));
  const [first, ...rest] = possible;
  if (first === undefined) return next();
  if (rest.every((each) => isOpen(each) !== undefined && isOpen(each) === isOpen(first))) return first;
  const policies = [...new Set([...outcome.values()].flat().map(({ policy }) => policy))];
  return said('unknown', `which rule of ${names(policies)} counts here is not known`, { policies });
}

export function judgePolicies(side: Side, set: PolicySet): SideJudgement {
  const baseline = (open: SideJudgement) => settle(judgeAdmin(set.baseline, side), () => open);
  return settle(judgeAdmin(set.admin, side), () => {
    const judged = decide(weigh(side, set), side.direction);
    return judged.verdict === 'not-isolated' ? baseline(judged) : judged;
  });
}
