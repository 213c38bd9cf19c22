// What happened to the pods while somebody looked: starts, restarts, ends, runs of Jobs. It says what "never seen" is worth.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { PodNote } from '../report.ts';

interface PodState {
  readonly namespace: string;
  readonly pod: string;
  readonly restarts: number;
  readonly started: number;
}

function stateOf(raw: JsonObject): [uid: string, state: PodState] {
  const [metadata, status] = [asObject(raw['metadata']), asObject(raw['status'])];
  const restarts = asArray(status['containerStatuses']).map((each) => asNumber(asObject(each)['restartCount']) ?? 0);
  return [
    asString(metadata['uid']) ?? '',
    {
      namespace: asString(metadata['namespace']) ?? '',
      pod: asString(metadata['name']) ?? '',
      restarts: restarts.reduce((sum, each) => sum + each, 0),
      started: Date.parse(asString(status['startTime']) ?? ''),
    },
  ];
}

/** Differences between the pods at the start of the window and at its end. */
export function changesWithin(before: readonly JsonObject[], after: readonly JsonObject[]): PodNote[] {
  const [old, now] = [new Map(before.map(stateOf)), new Map(after.map(stateOf))];
  const notes: PodNote[] = [];
  const note = ({ namespace, pod }: PodState, reason: string): number => notes.push({ namespace, pod, reason });
  for (const [uid, state] of now) {
    const known = old.get(uid);
    if (known === undefined) note(state, 'started');
    else if (state.restarts > known.restarts) note(state, `restarted ${state.restarts - known.restarts}×`);
  }
  for (const [uid, state] of old) if (!now.has(uid)) note(state, 'went away');
  return notes;
}

interface JobState {
  readonly name: string;
  readonly owner: string | undefined;
  readonly start: number;
  readonly end: number;
}

function jobState(raw: JsonObject): JobState {
  const [metadata, status] = [asObject(raw['metadata']), asObject(raw['status'])];
  const owner = asArray(metadata['ownerReferences'])
    .map(asObject)
    .find(({ kind }) => kind === 'CronJob');
  const namespace = asString(metadata['namespace']) ?? '';
  const completed = Date.parse(asString(status['completionTime']) ?? '');
  return {
    name: `${namespace}/${asString(metadata['name']) ?? ''}`,
    owner: owner === undefined ? undefined : `${namespace}/${asString(owner['name']) ?? ''}`,
    start: Date.parse(asString(status['startTime']) ?? ''),
    end: Number.isNaN(completed) ? Number.POSITIVE_INFINITY : completed,
  };
}

export interface JobRuns {
  readonly ran: readonly string[];
  readonly notRun: readonly string[];
}

/** Jobs that ran within, and CronJobs and Jobs that did not. Times in milliseconds since 1970. */
export function jobRunsWithin(
  jobs: readonly JsonObject[],
  cronJobs: readonly string[],
  { start, end }: { readonly start: number; readonly end: number },
): JobRuns {
  const states = jobs.map(jobState);
  const ran = states.filter((job) => job.start <= end && job.end >= start);
  const owners = new Set(ran.map(({ owner }) => owner));
  return {
    ran: ran.map(({ name }) => `Job ${name}`),
    notRun: [
      ...cronJobs.filter((name) => !owners.has(name)).map((name) => `CronJob ${name}`),
      ...states.filter((job) => job.owner === undefined && !ran.includes(job)).map(({ name }) => `Job ${name}`),
    ],
  };
}
