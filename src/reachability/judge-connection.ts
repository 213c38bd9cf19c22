// Judges one connection by the policies of both of its ends, as the APIs of policies define it.

import type { Direction } from '../kube/network-policy.ts';
import { fogOver, type PolicySet } from './compile-policies.ts';
import type { Connection, End, PodEnd } from './ends.ts';
import { judgePolicies, said, type SideJudgement } from './judge-side.ts';
import { allOf, type Known } from './known.ts';

/** A side is absent where no pod of the cluster stands there. */
export interface Judgement {
  readonly egress?: SideJudgement;
  readonly ingress?: SideJudgement;
}

/** What holds whatever the policies say. */
function exempt(own: PodEnd, peer: End, isSamePod: boolean): SideJudgement | undefined {
  if (own.isHostNetwork) return said('not-held', 'policies do not hold pods in the network of their node');
  if (isSamePod) return said('allowed', 'a pod always reaches itself');
  if (peer.kind === 'node' && peer.isOwnNode === true)
    return said('allowed', 'the node of a pod is always let through');
  return undefined;
}

/** One side alone; `own` is the pod that stands there. */
export function judgeSide(direction: Direction, connection: Connection, own: PodEnd, set: PolicySet): SideJudgement {
  const peer = direction === 'ingress' ? connection.from : connection.to;
  const always = exempt(own, peer, connection.isSamePod ?? false);
  if (always !== undefined) return always;
  const side = { direction, connection, own, peer, blocksHoldPods: set.blocksHoldPods };
  return besides(undecidedNode(judgePolicies(side, set), peer), own, set);
}

/** Where it is not known on which node the pod runs, it may be the very node that is always let through. */
function undecidedNode(judged: SideJudgement, peer: End): SideJudgement {
  const mayBeOwn =
    (peer.kind === 'node' && peer.isOwnNode === undefined) || (peer.kind === 'pod' && peer.isHostNetwork);
  if (judged.verdict !== 'denied' || !mayBeOwn) return judged;
  return { ...judged, verdict: 'unknown', why: 'allowed from the node that the pod runs on, and from no other' };
}

function besides(judged: SideJudgement, { namespace }: PodEnd, set: PolicySet): SideJudgement {
  const why = fogOver(set, namespace);
  return why === undefined ? judged : { ...judged, verdict: 'unknown', why };
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
