// What was observed and how: the window of the report.

import type { Inventory } from '../../inventory/index.ts';
import type { JsonObject, KubeObject } from '../../model/index.ts';
import { changesWithin, type Flow, jobRunsWithin, type Window } from '../../traffic/index.ts';
import type { Neighbours } from './live-cluster.ts';
import type { Recorded } from './read-flows.ts';
import type { Sampled } from './sample-sockets.ts';

type Span = Pick<Window, 'start' | 'end'>;

function spanOf(flows: readonly Flow[], sampled: Sampled | undefined): Span {
  const watched = sampled === undefined ? [] : [sampled.start, sampled.end].map((ms) => new Date(ms).toISOString());
  const told = flows.flatMap(({ time, last }) => [time, last]).filter((time) => time !== undefined);
  const times = [...watched, ...told];
  const [first] = times;
  if (first === undefined) return {};
  const [start, end] = times.reduce(
    ([low, high], time) => [time < low ? time : low, time > high ? time : high],
    [first, first],
  );
  return { start, end };
}

/** Kinds that decide who is who and what is allowed. */
const deciding: ReadonlySet<string> = new Set(['Pod', 'Service', 'NetworkPolicy', 'Namespace', 'Node']);

function gapsOf({ snapshot }: Inventory): string[] {
  return (snapshot.facts.cluster?.notListed ?? [])
    .filter(({ kind }) => deciding.has(kind))
    .map(({ resource, namespace }) => `${resource}${namespace === '' ? '' : ` of ${namespace}`} could not be listed`);
}

/** What looks that came too seldom leave open. */
function slownessOf({ slow, rounds }: Sampled): string[] {
  const counts = slow.map(({ samples }) => samples.length);
  if (counts.length === 0) return [];
  const whose = slow.length === 1 ? 'one pod' : `${slow.length} pods`;
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  const often = least === most ? `${least}` : `${least} to ${most}`;
  return [`${whose} answered slowly: looked into ${often} times and not ${rounds}, and what was short may be missing`];
}

export function rawOf(objects: readonly KubeObject[]): JsonObject[] {
  return objects.map(({ raw }) => raw);
}

function jobsOf(inventory: Inventory, span: Span): { jobRuns: readonly string[]; notRun: readonly string[] } {
  const { start, end } = span;
  if (start === undefined || end === undefined || inventory.snapshot.facts.cluster === undefined)
    return { jobRuns: [], notRun: [] };
  const cronJobs = inventory.ofKind('batch/CronJob').map(({ namespace, name }) => `${namespace}/${name}`);
  const times = { start: Date.parse(start), end: Date.parse(end) };
  const { ran, notRun } = jobRunsWithin(rawOf(inventory.ofKind('batch/Job')), cronJobs, times);
  return { jobRuns: ran, notRun };
}

export interface Seen {
  readonly recorded: readonly Recorded[];
  readonly sampled?: Sampled;
  readonly neighbours?: Neighbours;
}

const notLooked = { sampled: [], notSampled: [], changes: [] };

/** What looking into pods covered. */
function coverageOf({
  rounds,
  pods,
  notSampled,
  before,
  after,
}: Sampled): Pick<Window, 'samples' | 'sampled' | 'notSampled' | 'changes'> {
  return {
    samples: rounds,
    sampled: pods.map(({ namespace, pod, container, by, samples }) => {
      return { namespace, pod, container, by, samples: samples.length };
    }),
    notSampled,
    changes: changesWithin(before, after),
  };
}

function sourcesOf({ recorded, sampled }: Seen): Window['sources'] {
  const records = sampled?.pods.reduce((sum, { samples }) => sum + samples.length, 0) ?? 0;
  return [
    ...(sampled === undefined ? [] : [{ kind: 'sockets' as const, name: 'sockets', records }]),
    ...recorded.map((each) => ({ kind: each.kind, name: each.name, records: each.records })),
  ];
}

export function windowOf(inventory: Inventory, seen: Seen): Window {
  const { recorded, sampled, neighbours } = seen;
  const flows = recorded.flatMap((each) => each.flows);
  const span = spanOf(flows, sampled);
  return {
    ...span,
    sources: sourcesOf(seen),
    ignored: recorded.flatMap(({ ignored }) => ignored),
    ignoredCount: recorded.reduce((sum, { ignoredCount }) => sum + ignoredCount, 0),
    ...(sampled === undefined ? notLooked : coverageOf(sampled)),
    ...jobsOf(inventory, span),
    gaps: [...gapsOf(inventory), ...(sampled === undefined ? [] : slownessOf(sampled)), ...(neighbours?.gaps ?? [])],
  };
}
