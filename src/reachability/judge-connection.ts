// Judges one connection by the policies of both of its ends, as the NetworkPolicy API defines it.

import type { Direction } from '../kube/network-policy.ts';
import type { KubeObject } from '../model/index.ts';
import type { Policy, PolicySet } from './compile-policies.ts';
import { type Connection, type End, type PodEnd, selects } from './ends.ts';
import { allOf, anyOf, type Known } from './known.ts';
import { ruleMatches } from './match-rule.ts';

/**
 * `not-isolated`: no policy selects the pod in this direction, so all is allowed. `not-held`: policies do not apply to
 * this end. `unknown`: what is not in the input decides.
 */
export type SideVerdict = 'allowed' | 'denied' | 'not-isolated' | 'not-held' | 'unknown';

export interface SideJudgement {
  readonly verdict: SideVerdict;
  /** The policies that allow it; where none does, those that isolate the pod. */
  readonly policies: readonly KubeObject[];
  /** In a few words, without a full stop. */
  readonly why: string;
}

/** A side is absent where no pod of the cluster stands there. */
export interface Judgement {
  readonly egress?: SideJudgement;
  readonly ingress?: SideJudgement;
}

interface Weighed {
  readonly policy: Policy;
  readonly isolates: Known;
  readonly lets: Known;
}

function said(verdict: SideVerdict, why: string, policies: readonly Policy[] = []): SideJudgement {
  return { verdict, why, policies: policies.map(({ object }) => object) };
}

function names(policies: readonly Policy[]): string {
  return policies.map(({ object }) => `"${object.name}"`).join(', ');
}

function decide(weighed: readonly Weighed[], direction: Direction): SideJudgement {
  const isolating = weighed.filter(({ isolates }) => isolates === true).map(({ policy }) => policy);
  const possible = weighed.filter(({ isolates }) => isolates === undefined).map(({ policy }) => policy);
  const letting = weighed
    .filter(({ isolates, lets }) => isolates === true && lets === true)
    .map(({ policy }) => policy);
  if (letting.length > 0) return said('allowed', `allowed by ${names(letting)}`, letting);
  if (isolating.length + possible.length === 0) return said('not-isolated', `no policy isolates its ${direction}`);
  const open = anyOf(weighed.map(({ isolates, lets }) => allOf([isolates, lets])));
  if (isolating.length > 0 && open === false)
    return said('denied', `no ${direction} rule of ${names(isolating)} lets it through`, isolating);
  const deciding = weighed.filter(({ isolates, lets }) => isolates === undefined || lets === undefined);
  return said(
    'unknown',
    `labels, addresses or ports that are not in the input decide whether ${names(deciding.map(({ policy }) => policy))} applies`,
    isolating,
  );
}

/** What holds whatever the policies say. */
function exempt(own: PodEnd, peer: End, isSamePod: boolean): SideJudgement | undefined {
  if (own.isHostNetwork) return said('not-held', 'policies do not hold pods in the network of their node');
  if (isSamePod) return said('allowed', 'a pod always reaches itself');
  if (peer.kind === 'node' && peer.isOwnNode === true)
    return said('allowed', 'the node of a pod is always let through');
  return undefined;
}

function judgeSide(direction: Direction, connection: Connection, own: PodEnd, set: PolicySet): SideJudgement {
  const peer = direction === 'ingress' ? connection.from : connection.to;
  const always = exempt(own, peer, connection.isSamePod ?? false);
  if (always !== undefined) return always;
  const weighed = (set.byNamespace.get(own.namespace) ?? []).flatMap((policy): Weighed[] => {
    const rules = policy.rules[direction];
    if (rules === undefined) return [];
    const isolates = selects(policy.pods, own.labels);
    if (isolates === false) return [];
    return [{ policy, isolates, lets: anyOf(rules.map((rule) => ruleMatches(rule, connection, peer, own.namespace))) }];
  });
  return besides(undecidedNode(decide(weighed, direction), peer), own, set);
}

/** Where it is not known on which node the pod runs, it may be the very node that is always let through. */
function undecidedNode(judged: SideJudgement, peer: End): SideJudgement {
  const mayBeOwn =
    (peer.kind === 'node' && peer.isOwnNode === undefined) || (peer.kind === 'pod' && peer.isHostNetwork);
  if (judged.verdict !== 'denied' || !mayBeOwn) return judged;
  return { ...judged, verdict: 'unknown', why: 'allowed from the node that the pod runs on, and from no other' };
}

function besides(judged: SideJudgement, { namespace }: PodEnd, { others }: PolicySet): SideJudgement {
  const other = others.find((object) => object.namespace === '' || object.namespace === namespace);
  if (other === undefined) return judged;
  return { ...judged, verdict: 'unknown', why: `${other.kind} "${other.name}" may decide otherwise` };
}

/** Both sides must let a connection through. */
export function judgeConnection(connection: Connection, policies: PolicySet): Judgement {
  const { from, to } = connection;
  return {
    ...(from.kind === 'pod' ? { egress: judgeSide('egress', connection, from, policies) } : {}),
    ...(to.kind === 'pod' ? { ingress: judgeSide('ingress', connection, to, policies) } : {}),
  };
}

/** False where a policy stands in the way, `undefined` where that is not known. */
export function isPermitted({ egress, ingress }: Judgement): Known {
  return allOf(
    [egress, ingress].map((side) =>
      side === undefined ? true : side.verdict === 'unknown' ? undefined : side.verdict !== 'denied',
    ),
  );
}
