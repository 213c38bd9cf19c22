// Whether a schedule of backups or drills does what it is there for, and what is said of one that does not.

import type { Inventory } from '../../inventory/index.ts';
import { scheduleMark } from '../../kube/backup-schedule.ts';
import { nextRuns } from '../../kube/next-runs.ts';
import { asObject, asString, type JsonObject, type KubeObject, shellCommand } from '../../model/index.ts';
import type { AppDiagnostic, CheckContext } from '../check.ts';
import { seenAt } from '../running/seen-at.ts';
import { type Runs, tellTime } from './runs.ts';
import { findRuns } from './schedule-runs.ts';
import { scheduleTimeOf } from './tool-runs.ts';

/** Why a schedule does not count. */
export interface IdleSchedule {
  /** `waits`, `begun`: its first run is still to come, or under way, and nothing is wrong. */
  readonly why: 'refused' | 'paused' | 'late' | 'never' | 'waits' | 'begun';
  /** It has made a backup, or a drill, at some time. */
  readonly hasSaved: boolean;
  readonly told: Pick<AppDiagnostic, 'message' | 'evidence' | 'command'>;
}

function createdOf(raw: JsonObject): string {
  return asString(asObject(raw['metadata'])['creationTimestamp']) ?? '';
}

function momentOf(iso: string): number {
  return Date.parse(iso) || 0;
}

/** Twice the interval has gone by, and two runs have come due. A moment that nobody knows is not long ago. */
function isOverdue(schedule: KubeObject, since: string, now: number): boolean {
  const start = momentOf(since);
  const [first, second] = start === 0 ? [] : nextRuns(scheduleTimeOf(schedule), start, 2).map(momentOf);
  if (first === undefined || second === undefined) return false;
  return now > Math.max(second, start + 2 * (second - first));
}

/** The words that end a sentence on what comes next; '' where nobody can tell. */
function nextOf(schedule: KubeObject, since: string, now: number): string {
  const time = scheduleTimeOf(schedule);
  const [first] = nextRuns(time, momentOf(since) || now, 1);
  const [next] = first === undefined || momentOf(first) > now ? [first] : nextRuns(time, now, 1);
  return next === undefined ? '' : tellTime(next);
}

/** How one of our own schedules is told something; nothing for those of others. */
function commandFor(word: string, { namespace, raw }: KubeObject, inventory: Inventory): { command?: string } {
  const name = asString(asObject(asObject(raw['metadata'])['labels'])[scheduleMark]);
  const context = inventory.snapshot.facts.cluster?.context;
  if (name === undefined || context === undefined) return {};
  return { command: shellCommand(['schedule', word, name, '--context', context, '-n', namespace]) };
}

const words = {
  refused: 'describe',
  paused: 'unpause',
  late: 'describe',
  never: 'describe',
  waits: 'run',
  begun: 'describe',
} as const;

function messageOf(why: IdleSchedule['why'], title: string, { succeeded, trouble, refusal }: Runs, next: string) {
  const comes = next === '' ? '' : `; the next run is due ${next}`;
  const because = trouble === '' ? '' : `: ${trouble}`;
  switch (why) {
    case 'refused':
      return `the schedule ${title} is refused: ${refusal.replace(/\.$/, '')}`;
    case 'paused':
      return `the schedule ${title} is paused`;
    case 'late':
      return `the last success of the schedule ${title}, on ${tellTime(succeeded)}, is older than twice its interval${because}${comes}`;
    case 'never':
      return `no run of the schedule ${title} has succeeded yet${because}${comes}`;
    case 'waits':
      return `the first run of the schedule ${title} is still to come${next === '' ? '' : `, at ${next}`}`;
    case 'begun':
      return `the first run of the schedule ${title} is under way`;
  }
}

function decideWhy(schedule: KubeObject, runs: Runs, now: number): IdleSchedule['why'] | undefined {
  const { suspend, paused } = asObject(schedule.raw['spec']);
  if (runs.refusal !== '') return 'refused';
  if (suspend === true || paused === true) return 'paused';
  if (runs.succeeded !== '') return isOverdue(schedule, runs.succeeded, now) ? 'late' : undefined;
  if (runs.trouble !== '' || isOverdue(schedule, createdOf(schedule.raw), now)) return 'never';
  return runs.isUnderWay ? 'begun' : 'waits';
}

/** Of CronJobs, Velero's Schedules and those of the tools whose status is known. `undefined` for one that works, and for one whose runs nobody tells of: of a file, or of a tool whose status is not known here. */
export function judgeSchedule(schedule: KubeObject, context: CheckContext): IdleSchedule | undefined {
  const runs = findRuns(schedule, context.inventory);
  if (runs === undefined) return undefined;
  const created = createdOf(schedule.raw);
  const now = Math.max(seenAt(context), momentOf(created), momentOf(runs.succeeded));
  const why = decideWhy(schedule, runs, now);
  if (why === undefined) return undefined;
  const next = nextOf(schedule, runs.succeeded || created, now);
  const message = messageOf(why, `${schedule.namespace}/${schedule.name}`, runs, next);
  const pausedBy = asObject(schedule.raw['spec'])['suspend'] === true ? 'suspend' : 'paused';
  const evidence = why === 'paused' ? `spec.${pausedBy} is true` : runs.evidence;
  return {
    why,
    hasSaved: runs.succeeded !== '',
    told: { message, evidence, ...commandFor(words[why], schedule, context.inventory) },
  };
}
