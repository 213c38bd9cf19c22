// The policies of one direction, with the ends that each of their rules means.

import type { Direction } from '../../kube/network-policy.ts';
import type { AdminAction, AdminPolicy } from '../compile-admin-policies.ts';
import type { Peer } from '../compile-peers.ts';
import type { PolicySet } from '../compile-policies.ts';
import type { PortTerms } from '../port-terms.ts';
import { type Grade, sureGrade } from './grades.ts';
import type { Groups, Partition } from './partition.ts';
import type { Matches, PeerIndex } from './peer-index.ts';

export interface TableRule {
  readonly ports: PortTerms;
  /** Absent: everybody. */
  readonly matches?: Matches;
  /** Of administrators' policies only. */
  readonly action?: AdminAction;
}

export interface TablePolicy {
  /** The pods that it is about, by index. */
  readonly subjects: Matches;
  readonly rules: readonly TableRule[];
}

export interface RuleTable {
  readonly policies: readonly TablePolicy[];
  readonly admin: readonly (readonly TablePolicy[])[];
  readonly baseline: readonly (readonly TablePolicy[])[];
}

interface AnyRule {
  readonly ports: PortTerms;
  readonly peers?: readonly Peer[];
  readonly action?: AdminAction;
}

function compileRule({ ports, peers, action }: AnyRule, index: PeerIndex, context: Context): TableRule {
  return {
    ports,
    ...(peers === undefined ? {} : { matches: index.matching(peers, context) }),
    ...(action === undefined ? {} : { action }),
  };
}

interface Context {
  readonly ownNamespace: string;
  readonly blocksHoldPods: PolicySet['blocksHoldPods'];
}

/** `index` holds the pods first, with the same numbers in both directions. */
export function compileRuleTable(set: PolicySet, direction: Direction, index: PeerIndex): RuleTable {
  const { blocksHoldPods } = set;
  const table = (subject: Peer, rules: readonly AnyRule[], ownNamespace: string): TablePolicy => {
    const context = { ownNamespace, blocksHoldPods };
    return {
      subjects: index.matching([subject], context),
      rules: rules.map((rule) => compileRule(rule, index, context)),
    };
  };
  const admin = (tiers: PolicySet['admin']): TablePolicy[][] =>
    tiers.map((equals) =>
      equals.flatMap(({ subject, rules }: AdminPolicy) =>
        subject === undefined || rules[direction].length === 0 ? [] : table(subject, rules[direction], ''),
      ),
    );
  return {
    policies: [...set.byNamespace].flatMap(([namespace, policies]) =>
      policies.flatMap(({ pods, rules }) => {
        const own = rules[direction];
        return own === undefined ? [] : table({ pods }, own, namespace);
      }),
    ),
    admin: admin(set.admin),
    baseline: admin(set.baseline),
  };
}

export function allPoliciesOf({ policies, admin, baseline }: RuleTable): TablePolicy[] {
  return [...policies, ...admin.flat(), ...baseline.flat()];
}

/** Peers that no rule tells apart belong together. */
export function splitPeers(partition: Partition, table: RuleTable): Groups {
  for (const { rules } of allPoliciesOf(table))
    for (const { matches } of rules) if (matches !== undefined) partition.split(matches);
  return partition.result();
}

/** Calls `visit` for each group of peers that a rule means. */
export function eachGroup(
  { matches }: TableRule,
  { groupOf, examples }: Groups,
  visit: (group: number, grade: Grade) => void,
): void {
  if (matches === undefined) for (const group of examples.keys()) visit(group, sureGrade);
  else
    for (const [index, grade] of matches) {
      const group = groupOf[index] ?? 0;
      if (examples[group] === index) visit(group, grade);
    }
}
