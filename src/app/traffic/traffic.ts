// "All this traffic, is it normal?": reads the app, reads or watches what happens, and joins both.

import { type Clock, systemClock } from '../../api/index.ts';
import { type Inventory, prepareInventory } from '../../inventory/index.ts';
import { type JsonObject, type KubeObject, type Snapshot, UserError } from '../../model/index.ts';
import {
  AddressBook,
  assembleTraffic,
  type PodFact,
  socketsToFlows,
  toPodFact,
  type TrafficReport,
} from '../../traffic/index.ts';
import { readApp, type ReadWish } from '../read-app.ts';
import type { Outside } from '../outside.ts';
import { askPrometheus, type PrometheusWish } from './ask-prometheus.ts';
import { byteOrderOf, openLive, type Neighbours, readNeighbours } from './live-cluster.ts';
import { type Recorded, readFlowFile } from './read-flows.ts';
import { rawOf, windowOf } from './window.ts';
import { plannedTargets, sampleSockets, type Sampled, type SamplingWish } from './sample-sockets.ts';

export interface TrafficWish {
  readonly reading: ReadWish;
  /** Files of recorded connections; `-` is standard input. */
  readonly flows: readonly string[];
  readonly prometheus?: PrometheusWish;
  /** Absent: nothing runs in containers. */
  readonly sampling?: SamplingWish;
}

/** What would run in which containers, to be shown to the user before. */
export interface SamplingIntent extends SamplingWish {
  readonly pods: readonly {
    readonly namespace: string;
    readonly pod: string;
    readonly containers: readonly string[];
  }[];
}

export interface TrafficOutside extends Outside {
  /** False where the user does not want it. */
  readonly agree: (intent: SamplingIntent) => Promise<boolean>;
  readonly clock?: Clock;
}

export interface Answer {
  readonly report: TrafficReport;
  readonly notices: readonly string[];
}

function sourceText({ facts }: Snapshot, { inputs }: ReadWish): string {
  return facts.cluster === undefined ? inputs.join(' ') : facts.cluster.context;
}

/** Each pod once, as it was seen last: an end that is known now counts. */
function podFacts(inventory: Inventory, lists: readonly (readonly JsonObject[])[], end: number): PodFact[] {
  const byUid = new Map<string, PodFact>();
  for (const raw of lists.flat()) {
    const fact = toPodFact(inventory, raw);
    byUid.set(fact.uid, fact);
  }
  const last = new Set((lists.at(-1) ?? []).map((raw) => toPodFact(inventory, raw).uid));
  // Of a pod that went away the address is free some time before the end.
  return [...byUid.values()].map((fact) => (last.has(fact.uid) ? fact : { ...fact, until: Math.min(fact.until, end) }));
}

interface Live {
  readonly sampled?: Sampled;
  readonly neighbours: Neighbours;
}

async function watchCluster(
  { reading, sampling }: TrafficWish,
  inventory: Inventory,
  outside: TrafficOutside,
): Promise<Live | undefined> {
  if (reading.cluster === undefined) return undefined;
  const namespaces = inventory.snapshot.facts.cluster?.namespaces ?? [];
  const live = await openLive(reading.cluster, namespaces, outside);
  try {
    if (sampling === undefined) return { neighbours: await readNeighbours(live, inventory) };
    const pods = await plannedTargets(live.listPods);
    // The question stands where the progress was.
    outside.progress('');
    if (!(await outside.agree({ ...sampling, pods })))
      throw new UserError(
        'not-agreed',
        'nothing was run in any container',
        'Add --yes to agree, or give recorded connections with --flows.',
      );
    const sampled = await sampleSockets({
      ...sampling,
      ...live,
      clock: outside.clock ?? systemClock,
      concurrency: reading.cluster.concurrency,
      orderOf: byteOrderOf(inventory),
      progress: outside.progress,
    });
    return { sampled, neighbours: await readNeighbours(live, inventory) };
  } finally {
    await live.close();
  }
}

function factsOf(inventory: Inventory, live: Live | undefined): PodFact[] {
  const known = rawOf(inventory.ofKind('/Pod'));
  if (live === undefined) return known.map((raw) => toPodFact(inventory, raw));
  const { sampled, neighbours } = live;
  const after = [...neighbours.pods, ...(sampled?.after ?? known)];
  return podFacts(inventory, [known, sampled?.before ?? [], after], sampled?.end ?? Number.POSITIVE_INFINITY);
}

async function readRecorded({ flows, prometheus }: TrafficWish, outside: Outside): Promise<Recorded[]> {
  const recorded: Recorded[] = [];
  for (const file of flows) {
    outside.progress(`reading ${file}`);
    recorded.push(await readFlowFile(file, outside.stdin));
  }
  if (prometheus !== undefined) {
    outside.progress('asking Prometheus');
    recorded.push(await askPrometheus(prometheus));
  }
  return recorded;
}

/** The report with what it was made of, for who goes on from there. */
export interface GatheredTraffic extends Answer {
  readonly inventory: Inventory;
  readonly pods: readonly PodFact[];
  /** Services of other namespaces. */
  readonly services: readonly KubeObject[];
}

/** Throws `UserError` where the app or a file of connections cannot be read, or the user does not agree. */
export async function gatherTraffic(wish: TrafficWish, outside: TrafficOutside): Promise<GatheredTraffic> {
  const { snapshot, notices } = await readApp(wish.reading, outside);
  const inventory = await prepareInventory(snapshot);
  const recorded = await readRecorded(wish, outside);
  const live = await watchCluster(wish, inventory, outside);
  const pods = factsOf(inventory, live);
  const others = live?.neighbours.services ?? [];
  const book = new AddressBook({ inventory, pods, others, isComplete: live?.neighbours.isComplete ?? false });
  const sampledFlows = (live?.sampled?.pods ?? []).flatMap(socketsToFlows);
  const flows = [...sampledFlows, ...recorded.flatMap((each) => each.flows)];
  const window = windowOf(inventory, { recorded, ...live });
  const source = sourceText(snapshot, wish.reading);
  return {
    report: assembleTraffic({ inventory, book, pods, flows, source, window }),
    notices,
    inventory,
    pods,
    services: others,
  };
}

/** Throws `UserError`, as `gatherTraffic`. */
export async function answerTraffic(wish: TrafficWish, outside: TrafficOutside): Promise<Answer> {
  const { report, notices } = await gatherTraffic(wish, outside);
  return { report, notices };
}
