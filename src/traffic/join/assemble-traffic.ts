// Joins declarations, sightings and policies into the report.

import type { Inventory } from '../../inventory/index.ts';
import { pushTo } from '../../model/index.ts';
import type { Flow } from '../flow.ts';
import type { EdgeStatus, TrafficEdge, TrafficReport, Window } from '../report.ts';
import type { AddressBook } from '../who/address-book.ts';
import type { PodFact } from '../who/pod-facts.ts';
import { declareCalls, declareWaysIn, placeLooseCalls } from './declare.ts';
import { Drafts, type EdgeDraft } from './draft.ts';
import { type Judge, judgeEdge, workloadsById } from './judge.ts';
import { Observer } from './observe.ts';

export interface TrafficFacts {
  readonly inventory: Inventory;
  readonly book: AddressBook;
  readonly pods: readonly PodFact[];
  readonly flows: readonly Flow[];
  readonly source: string;
  readonly window: Window;
}

function statusOf({ to, declared, seen }: EdgeDraft): EdgeStatus {
  if (to.kind === 'outside') return 'outside';
  if (seen.length === 0) return 'declared-not-seen';
  return declared.length === 0 ? 'not-declared' : 'declared-and-seen';
}

function toEdge(judge: Judge, draft: EdgeDraft): TrafficEdge {
  const { declared, seen, ...ends } = draft;
  return { ...ends, status: statusOf(draft), ...judgeEdge(judge, draft), declared, seen };
}

function byEnds(a: TrafficEdge, b: TrafficEdge): number {
  const left = `${a.from.id} ${a.to.id}`;
  const right = `${b.from.id} ${b.to.id}`;
  return left < right ? -1 : left > right ? 1 : (a.port ?? 0) - (b.port ?? 0);
}

export function assembleTraffic({ inventory, book, pods, flows, source, window }: TrafficFacts): TrafficReport {
  const drafts = new Drafts();
  const loose = declareCalls(inventory, drafts);
  const podsByName = new Map(pods.map((pod) => [`${pod.namespace}/${pod.name}`, pod]));
  const observer = new Observer({ inventory, book, podsByName }, drafts);
  // With a port first: metrics without one then find the edge they belong to.
  for (const flow of flows) if (flow.port !== undefined) observer.see(flow);
  placeLooseCalls(loose, drafts);
  for (const flow of flows) if (flow.port === undefined) observer.see(flow);
  declareWaysIn(inventory, drafts);
  const podsByOwner = new Map<string, PodFact[]>();
  for (const pod of pods) pushTo(podsByOwner, pod.owner.id, pod);
  const judge = { inventory, workloads: workloadsById(inventory), podsByOwner };
  const edges = drafts.all.map((draft) => toEdge(judge, draft)).sort(byEnds);
  return { schema: 'nowwhat.dev/traffic/v1', source, window, edges, folded: observer.folds.result() };
}
