// "All this traffic, is it normal?": reads the app, reads what was seen, and joins both.

import { prepareInventory, type Inventory } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import {
  AddressBook,
  assembleTraffic,
  type Flow,
  toPodFact,
  type TrafficReport,
  type Window,
} from '../../traffic/index.ts';
import { type Outside, readApp, type ReadWish } from '../read-app.ts';
import { type Recorded, readFlowFile } from './read-flows.ts';

export interface TrafficWish {
  readonly reading: ReadWish;
  /** Files of recorded connections; `-` is standard input. */
  readonly flows: readonly string[];
}

function sourceText({ inputs, cluster }: ReadWish): string {
  return cluster === undefined ? inputs.join(' ') : cluster.context;
}

function spanOf(flows: readonly Flow[]): Pick<Window, 'start' | 'end'> {
  const times = flows.flatMap(({ time, last }) => [time, last]).filter((time) => time !== undefined);
  const [first] = times;
  if (first === undefined) return {};
  const [start, end] = times.reduce(
    ([low, high], time) => [time < low ? time : low, time > high ? time : high],
    [first, first],
  );
  return { start, end };
}

export interface Answer {
  readonly report: TrafficReport;
  readonly notices: readonly string[];
}

function windowOf(recorded: readonly Recorded[], inventory: Inventory): Window {
  return {
    ...spanOf(recorded.flatMap(({ flows }) => flows)),
    sources: recorded.map(({ kind, name, records }) => ({ kind, name, records })),
    ignored: recorded.flatMap(({ ignored }) => ignored),
    ignoredCount: recorded.reduce((sum, { ignoredCount }) => sum + ignoredCount, 0),
    sampled: [],
    notSampled: [],
    changes: [],
    jobRuns: [],
    notRun: [],
    gaps: gapsOf(inventory),
  };
}

function gapsOf({ snapshot }: Inventory): string[] {
  return (snapshot.facts.cluster?.notListed ?? [])
    .filter(({ kind }) => ['Pod', 'Service', 'NetworkPolicy', 'Namespace', 'Node'].includes(kind))
    .map(({ resource, namespace }) => `${resource}${namespace === '' ? '' : ` of ${namespace}`} may not be listed`);
}

/** Throws `UserError` where the app or a file of connections cannot be read. */
export async function answerTraffic(wish: TrafficWish, outside: Outside): Promise<Answer> {
  const { snapshot, notices } = await readApp(wish.reading, outside);
  const inventory = await prepareInventory(snapshot);
  const recorded: Recorded[] = [];
  for (const file of wish.flows) {
    outside.progress(`reading ${file}`);
    recorded.push(await readFlowFile(file, outside.stdin));
  }
  const pods = inventory.ofKind('/Pod').map(({ raw }) => toPodFact(inventory, raw));
  const others: KubeObject[] = [];
  const book = new AddressBook({ inventory, pods, others, isComplete: false });
  const flows = recorded.flatMap((each) => each.flows);
  const window = windowOf(recorded, inventory);
  return {
    report: assembleTraffic({ inventory, book, pods, flows, source: sourceText(wish.reading), window }),
    notices,
  };
}
