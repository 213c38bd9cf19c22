// A schedule as a person looks at it: what its CronJob and the Jobs of its runs say, pure.

import { scheduledBackup, scheduledDrill, wordAfter, wordsOfRun } from '../../kube/backup-schedule.ts';
import { nextRuns, timeOf } from '../../kube/next-runs.ts';
import { asArray, asNumber, asObject, asString, type JsonObject, valueAt } from '../../model/index.ts';
import { selectionOfSpec } from '../collect/selection.ts';
import { scheduleMark } from './schedule-marks.ts';

export interface ScheduleRun {
  /** Of its Job. */
  readonly job: string;
  readonly result: 'running' | 'succeeded' | 'failed';
  /** ISO times; '' where it is not over. */
  readonly started: string;
  readonly ended: string;
  /** By hand, not by the clock. */
  readonly byHand: boolean;
  /** Why it failed, in the words of the cluster; '' where it did not. */
  readonly message: string;
}

export interface ScheduleView {
  readonly namespace: string;
  readonly name: string;
  readonly schedule: string;
  readonly timeZone: string;
  readonly paused: boolean;
  /** Names, globs, or `*`. */
  readonly includes: readonly string[];
  readonly excludes: readonly string[];
  /** As a run is told. */
  readonly store: string;
  readonly image: string;
  readonly volumes: 'none' | 'named' | 'all';
  /** Whether snapshots are taken of volumes whose files are not saved: where there is a class for them, because somebody asked, or not. */
  readonly snapshots: 'usual' | 'asked' | 'no';
  /** Whether what they hold is moved into the store. */
  readonly movesData: boolean;
  /** What is kept, as options of `backup prune`: `--keep-daily 7`; empty where all is. */
  readonly keeps: readonly string[];
  /** Left out for a schedule of backups. */
  readonly drill?: {
    /** The backup schedule whose newest backup is tried. */
    readonly of: string;
    /** Namespaces of the backup, and those that they are restored into. */
    readonly fences: readonly (readonly [from: string, to: string])[];
  };
  /** ISO times; empty while it is paused. */
  readonly next: readonly string[];
  /** The newest first. */
  readonly runs: readonly ScheduleRun[];
}

/** What `kubectl create job --from` writes too. */
export const byHandNote = 'cronjob.kubernetes.io/instantiate';

function conditionOf(job: JsonObject): JsonObject | undefined {
  const conditions = asArray(valueAt(job, ['status', 'conditions'])).map(asObject);
  return conditions.find(({ type, status }) => (type === 'Complete' || type === 'Failed') && status === 'True');
}

function endOf(
  condition: JsonObject | undefined,
  completed: string | undefined,
): Pick<ScheduleRun, 'result' | 'ended' | 'message'> {
  if (condition === undefined) return { result: 'running', ended: '', message: '' };
  const ended = completed ?? asString(condition['lastTransitionTime']) ?? '';
  if (condition['type'] === 'Complete') return { result: 'succeeded', ended, message: '' };
  return { result: 'failed', ended, message: asString(condition['message']) ?? '' };
}

export function runOf(job: JsonObject): ScheduleRun {
  const { name, creationTimestamp, annotations } = asObject(job['metadata']);
  const { startTime, completionTime } = asObject(job['status']);
  return {
    job: asString(name) ?? '',
    started: asString(startTime) ?? asString(creationTimestamp) ?? '',
    byHand: asObject(annotations)[byHandNote] === 'manual',
    ...endOf(conditionOf(job), asString(completionTime)),
  };
}

function keepsOf(words: readonly string[]): string[] {
  return words.flatMap((word, index) =>
    word.startsWith('--keep-') || word === '--time-zone' ? [word, words[index + 1] ?? ''] : [],
  );
}

function isRunOf(job: JsonObject, cronJob: JsonObject): boolean {
  const { uid } = asObject(cronJob['metadata']);
  const owners = asArray(valueAt(job, ['metadata', 'ownerReferences'])).map(asObject);
  return owners.some((each) => each['uid'] === uid);
}

function volumesOf(words: readonly string[], spec: JsonObject): ScheduleView['volumes'] {
  if (words.includes('--no-volumes')) return 'none';
  return spec['defaultVolumesToFsBackup'] === true ? 'all' : 'named';
}

function snapshotsOf(volumes: ScheduleView['volumes'], { snapshotVolumes }: JsonObject): ScheduleView['snapshots'] {
  if (volumes === 'none' || snapshotVolumes === false) return 'no';
  return snapshotVolumes === true ? 'asked' : 'usual';
}

/** What its runs do. */
type Doing = Pick<ScheduleView, 'includes' | 'excludes' | 'volumes' | 'snapshots' | 'movesData' | 'keeps' | 'drill'>;

function saving(cronJob: JsonObject): Doing | undefined {
  const backup = scheduledBackup(cronJob);
  if (backup === undefined) return undefined;
  const words = wordsOfRun(cronJob);
  const spec = asObject(backup['spec']);
  const { includedNamespaces = ['*'], excludedNamespaces = [] } = selectionOfSpec(spec);
  const volumes = volumesOf(words, spec);
  const rest = { volumes, snapshots: snapshotsOf(volumes, spec), movesData: spec['snapshotMoveData'] === true };
  return { includes: includedNamespaces, excludes: excludedNamespaces, ...rest, keeps: keepsOf(words) };
}

function drilling(cronJob: JsonObject): Doing | undefined {
  const drill = scheduledDrill(cronJob);
  if (drill === undefined) return undefined;
  const { of, fences, restoresVolumes } = drill;
  const data = restoresVolumes
    ? ({ volumes: 'all', snapshots: 'usual' } as const)
    : ({ volumes: 'none', snapshots: 'no' } as const);
  return {
    includes: fences.map(([from]) => from),
    excludes: [],
    ...data,
    movesData: false,
    keeps: [],
    drill: { of, fences },
  };
}

/** `undefined` for a CronJob that is no schedule of ours. `now`: milliseconds since 1970. */
export function viewSchedule(cronJob: JsonObject, jobs: readonly JsonObject[], now: number): ScheduleView | undefined {
  const doing = saving(cronJob) ?? drilling(cronJob);
  if (doing === undefined) return undefined;
  const { namespace, labels } = asObject(cronJob['metadata']);
  const time = timeOf(cronJob);
  const paused = valueAt(cronJob, ['spec', 'suspend']) === true;
  const containers = valueAt(cronJob, ['spec', 'jobTemplate', 'spec', 'template', 'spec', 'containers']);
  const runs = jobs.filter((job) => isRunOf(job, cronJob)).map(runOf);
  return {
    namespace: asString(namespace) ?? '',
    name: asString(asObject(labels)[scheduleMark]) ?? '',
    ...time,
    paused,
    store: wordAfter(wordsOfRun(cronJob), '--store'),
    image: asString(asObject(asArray(containers)[0])['image']) ?? '',
    ...doing,
    next: paused ? [] : nextRuns(time, now, 3),
    runs: runs.toSorted((a, b) => (a.started < b.started ? 1 : -1)),
  };
}

/** A run that came due while it was paused and is made up for as soon as it is not: its ISO time. */
export function missedRun(cronJob: JsonObject, now: number): string | undefined {
  const { creationTimestamp } = asObject(cronJob['metadata']);
  const last = asString(valueAt(cronJob, ['status', 'lastScheduleTime'])) ?? asString(creationTimestamp) ?? '';
  const deadline = asNumber(valueAt(cronJob, ['spec', 'startingDeadlineSeconds']));
  const since = Math.max(Date.parse(last), deadline === undefined ? 0 : now - deadline * 1000);
  const [first] = Number.isNaN(since) ? [] : nextRuns(timeOf(cronJob), since, 1);
  return first !== undefined && Date.parse(first) <= now ? first : undefined;
}

/** A Job as the CronJob would make it, belonging to it; the server names it. */
export function jobByHand(cronJob: JsonObject): JsonObject {
  const { name, namespace, uid } = asObject(cronJob['metadata']);
  const { metadata, spec } = asObject(valueAt(cronJob, ['spec', 'jobTemplate']));
  const { labels, annotations } = asObject(metadata);
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      generateName: `${asString(name) ?? ''}-by-hand-`.slice(-57),
      namespace: namespace ?? '',
      labels: labels ?? {},
      annotations: { ...asObject(annotations), [byHandNote]: 'manual' },
      ownerReferences: [
        { apiVersion: 'batch/v1', kind: 'CronJob', name: name ?? '', uid: uid ?? '', controller: true },
      ],
    },
    spec: spec ?? {},
  };
}
