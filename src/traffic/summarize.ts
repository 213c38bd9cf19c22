// What every reporter needs to say of an edge, in the same words.

import type { EdgeStatus, Side, TrafficEdge, TrafficReport } from './report.ts';
import type { Party } from './who/party.ts';

export const statusWords: Readonly<Record<EdgeStatus, string>> = {
  'not-declared': 'seen and not declared',
  'declared-not-seen': 'declared and never seen',
  'declared-and-seen': 'declared and seen',
  outside: 'to outside the cluster',
};

/** The order in which people want to know. */
export const statusOrder: readonly EdgeStatus[] = ['not-declared', 'declared-not-seen', 'outside', 'declared-and-seen'];

/** Namespaces are told where there is more than one. */
export function hasOneNamespace({ edges }: TrafficReport): boolean {
  const spaces = new Set(edges.flatMap(({ from, to }) => [from.namespace, to.namespace]).filter(Boolean));
  return spaces.size <= 1;
}

export function nameOfParty({ name, namespace, kind, present }: Party, isShort: boolean): string {
  const text = isShort || namespace === undefined ? name : `${namespace}/${name}`;
  if (kind === 'cluster') return `${text} (in the cluster, not known)`;
  return present ? text : `${text} (not in the input)`;
}

/** `TCP 8080`, or only the protocol where no port is known. */
export function portWords({ protocol, port }: Pick<TrafficEdge, 'protocol' | 'port'>): string {
  return port === undefined ? protocol : `${protocol} ${port}`;
}

function sidesOf({ egress, ingress }: TrafficEdge): { name: string; side: Side }[] {
  return [
    ...(egress === undefined ? [] : [{ name: 'egress', side: egress }]),
    ...(ingress === undefined ? [] : [{ name: 'ingress', side: ingress }]),
  ];
}

export interface PolicyWords {
  readonly verdict: 'blocked' | 'allowed' | 'no policy' | 'not known' | 'not judged';
  /** Why it is blocked or not known. */
  readonly why: string;
}

export function policyWords(edge: TrafficEdge): PolicyWords {
  const sides = sidesOf(edge);
  const reasons = (verdict: Side['verdict']): string =>
    sides
      .filter(({ side }) => side.verdict === verdict)
      .map(({ side }) => side.why)
      .join('; ');
  if (sides.some(({ side }) => side.verdict === 'denied')) return { verdict: 'blocked', why: reasons('denied') };
  if (sides.some(({ side }) => side.verdict === 'unknown')) return { verdict: 'not known', why: reasons('unknown') };
  if (sides.length === 0) return { verdict: 'not judged', why: '' };
  const isFree = sides.every(({ side }) => side.verdict === 'not-isolated' || side.verdict === 'not-held');
  return { verdict: isFree ? 'no policy' : 'allowed', why: '' };
}

/** Different connections that were seen, at least: both ends may have seen the same one. */
export function connectionsOf({ seen }: TrafficEdge): number {
  return Math.max(0, ...seen.map(({ count }) => count));
}

/** True where packets went through although a policy says no: the network may not enforce policies. */
export function isSeenThoughBlocked({ isBlocked, seen }: TrafficEdge): boolean {
  return isBlocked === true && seen.some(({ outcome }) => outcome === 'connected');
}

export const failures = ['undeclared', 'blocked', 'outside'] as const;
export type Failure = (typeof failures)[number];

/** Edges that a user wants to fail on. */
export function failingEdges({ edges }: TrafficReport, on: readonly Failure[]): TrafficEdge[] {
  return edges.filter((edge) => {
    const isSeen = edge.seen.length > 0;
    if (on.includes('undeclared') && isSeen && edge.declared.length === 0) return true;
    if (on.includes('blocked') && edge.isBlocked === true) return true;
    return on.includes('outside') && edge.status === 'outside' && isSeen;
  });
}
