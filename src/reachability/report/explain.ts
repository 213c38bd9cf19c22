// Why one connection is open or not: the policies of both sides with the rules that are about it, and where they stand.

import { type Inventory, positionOf } from '../../inventory/index.ts';
import type { Direction } from '../../kube/network-policy.ts';
import type { KubeObject, Path, Position } from '../../model/index.ts';
import type { AdminPolicy } from '../compile-admin-policies.ts';
import type { Peer } from '../compile-peers.ts';
import type { PolicySet } from '../compile-policies.ts';
import { type End, type PodEnd, type Protocol, selects } from '../ends.ts';
import { judgeConnection, type Judgement } from '../judge-connection.ts';
import type { SideVerdict } from '../judge-side.ts';
import { allOf, type Known } from '../known.ts';
import { peerMatches, peersMatch } from '../match-rule.ts';
import { type PortTerms, resolvePorts } from '../port-terms.ts';
import { hasPort, type PortSet, portWords } from '../ports/port-set.ts';

export interface ExplainedRule {
  /** From 1, as people count. */
  readonly number: number;
  readonly action: 'allow' | 'deny' | 'pass';
  /** Ports that it is about at this pod, in words. */
  readonly ports: string;
  /** False where the input does not tell whether the rule is about this connection. */
  readonly isSure: boolean;
  readonly position: Position;
}

export interface ExplainedPolicy {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly position: Position;
  /** Rules that are about the connection; none where the policy only isolates the pod. */
  readonly rules: readonly ExplainedRule[];
}

export interface ExplainedSide {
  readonly direction: Direction;
  /** Absent where no port was asked for. */
  readonly verdict?: SideVerdict;
  readonly why?: string;
  readonly policies: readonly ExplainedPolicy[];
}

/** The port that is asked for; none for all of them. */
export interface AskedPort {
  readonly protocol: Protocol;
  readonly port: number;
}

export interface Question {
  readonly from: End;
  readonly to: End;
  readonly asked?: AskedPort | undefined;
}

interface AnyRule {
  readonly ports: PortTerms;
  readonly peers?: readonly Peer[];
  readonly path: Path;
  readonly action?: 'Allow' | 'Deny' | 'Pass';
}

interface Candidate {
  readonly object: KubeObject;
  readonly ownNamespace: string;
  readonly isSubject: Known;
  readonly rules: readonly AnyRule[];
  /** NetworkPolicies close what they do not open; administrators' policies are only about what their rules name. */
  readonly isolates: boolean;
}

function adminCandidates(
  policies: readonly AdminPolicy[],
  direction: Direction,
  own: PodEnd,
  set: PolicySet,
): Candidate[] {
  const context = { ownNamespace: '', blocksHoldPods: set.blocksHoldPods };
  return policies.map(({ object, subject, rules }) => ({
    object,
    ownNamespace: '',
    isSubject: subject === undefined ? false : peerMatches(subject, own, context),
    rules: rules[direction],
    isolates: false,
  }));
}

/** In the order in which they count. */
function candidatesOf(set: PolicySet, direction: Direction, own: PodEnd): Candidate[] {
  const policies = set.byNamespace.get(own.namespace) ?? [];
  return [
    ...adminCandidates(set.admin.flat(), direction, own, set),
    ...policies.flatMap(({ object, pods, rules }): Candidate[] => {
      const list = rules[direction];
      if (list === undefined) return [];
      return [
        { object, ownNamespace: own.namespace, isSubject: selects(pods, own.labels), rules: list, isolates: true },
      ];
    }),
    ...adminCandidates(set.baseline.flat(), direction, own, set),
  ].filter(({ isSubject }) => isSubject !== false);
}

function portsOf({ ports }: AnyRule, to: End): { readonly sure: PortSet; readonly possible: PortSet } {
  return resolvePorts(ports, to.kind === 'pod' ? to.ports : 'none');
}

interface Asked {
  readonly inventory: Inventory;
  readonly set: PolicySet;
  readonly question: Question;
}

function explainRule(
  rule: AnyRule,
  candidate: Candidate,
  peer: End,
  { inventory, set, question }: Asked,
): ExplainedRule[] {
  const context = { ownNamespace: candidate.ownNamespace, blocksHoldPods: set.blocksHoldPods };
  const matched = allOf([candidate.isSubject, peersMatch(rule.peers, peer, context)]);
  const { sure, possible } = portsOf(rule, question.to);
  const { asked } = question;
  if (matched === false || (asked !== undefined && !hasPort(possible, asked.protocol, asked.port))) return [];
  const isSure = matched === true && (asked === undefined || hasPort(sure, asked.protocol, asked.port));
  const action = ({ Allow: 'allow', Deny: 'deny', Pass: 'pass' } as const)[rule.action ?? 'Allow'];
  const position = positionOf(inventory, candidate.object, rule.path);
  return [{ number: Number(rule.path.at(-1)) + 1, action, ports: portWords(possible), isSure, position }];
}

function explainPolicies(direction: Direction, own: PodEnd, asked: Asked): ExplainedPolicy[] {
  const { inventory, set, question } = asked;
  const peer = direction === 'egress' ? question.to : question.from;
  return candidatesOf(set, direction, own).flatMap((candidate) => {
    const { kind, namespace, name } = candidate.object;
    const rules = candidate.rules.flatMap((rule) => explainRule(rule, candidate, peer, asked));
    if (rules.length === 0 && !candidate.isolates) return [];
    return [{ kind, namespace, name, position: positionOf(inventory, candidate.object, ['spec']), rules }];
  });
}

export interface Explanation {
  readonly sides: readonly ExplainedSide[];
  /** Absent where no port was asked for. */
  readonly judged?: Judgement;
}

export function explainConnection(inventory: Inventory, set: PolicySet, question: Question): Explanation {
  const { from, to, asked } = question;
  const judged = asked === undefined ? undefined : judgeConnection({ from, to, ...asked }, set);
  const side = (direction: Direction, own: End): ExplainedSide[] => {
    // Of the ingress controller nothing is known, not even its namespace.
    if (own.kind !== 'pod' || own.namespace === '') return [];
    const verdict = judged?.[direction];
    const policies = own.isHostNetwork ? [] : explainPolicies(direction, own, { inventory, set, question });
    return [{ direction, policies, ...(verdict === undefined ? {} : { verdict: verdict.verdict, why: verdict.why }) }];
  };
  const sides = [...side('egress', from), ...side('ingress', to)];
  return judged === undefined ? { sides } : { sides, judged };
}
