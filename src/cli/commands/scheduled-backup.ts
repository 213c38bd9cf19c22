// What is different about a backup that a schedule makes: its name, its label, and what it lets go of afterwards.

import type { BackupWish } from '../../app/backups/backup-wish.ts';
import { pruneBackups } from '../../app/backups/retention.ts';
import { backupNameOf, checkScheduleName, isEmptyRule, type Pruned, scheduleLabel } from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import { type SourceFlags, toClusterOnlyWish } from '../flags.ts';
import { invalidOption } from '../invalid-option.ts';
import type { Io } from '../io.ts';
import { withProgress } from '../progress.ts';
import { type RetentionFlags, toRetentionRule } from '../retention-flags.ts';

export interface ScheduledFlags extends RetentionFlags {
  /** The schedule that this is a run of. */
  readonly schedule?: string;
}

export interface PrunedAfter {
  readonly pruned: readonly Pruned[];
  /** Why nothing could be tidied; the backup is good all the same. */
  readonly failure?: string;
}

/** The name and the labels of a schedule's run. Throws `UserError` for options that do not go together. */
export function asScheduled(
  name: string | undefined,
  flags: ScheduledFlags,
  io: Io,
): Partial<Pick<BackupWish, 'name' | 'labels'>> {
  const { schedule } = flags;
  if (schedule === undefined) {
    if (isEmptyRule(toRetentionRule(flags))) return {};
    throw invalidOption(
      'what is kept is said of a schedule, and none is named',
      'Name it with --schedule, or use backup prune.',
    );
  }
  if (name !== undefined)
    throw invalidOption('a run of a schedule is named after it and the time', 'Leave out the name, or --schedule.');
  checkScheduleName(schedule);
  return { name: backupNameOf(schedule, Date.parse(io.now())), labels: { [scheduleLabel]: schedule } };
}

/** Name of the Job that runs this, as the CronJobs of schedules say it. */
const jobVariable = 'NOWWHAT_JOB';

/** What to say where another run of the schedule is under way; then this one is left out. Only in a Job of the schedule. */
export async function tellOtherRun(flags: ScheduledFlags & SourceFlags, io: Io): Promise<string | undefined> {
  const { schedule } = flags;
  const job = io.environment[jobVariable];
  if (schedule === undefined || job === undefined) return undefined;
  const { findOtherRun } = await import('../../app/schedules/find-other-run.ts');
  const { environment } = io;
  const other = await findOtherRun(toClusterOnlyWish(flags), { schedule, job }, { environment });
  return other === undefined ? undefined : `  left out: another run of ${schedule} is under way, Job ${other}\n`;
}

/** After a good backup only; nothing where no rule was given. A store that fails now has taken the backup: that is told, and no reason to make it again. */
export async function pruneAfter(
  { schedule, ...flags }: ScheduledFlags & SourceFlags,
  store: string,
  io: Io,
): Promise<PrunedAfter | undefined> {
  const { stdin, environment, today } = io;
  const rule = toRetentionRule(flags);
  if (schedule === undefined || isEmptyRule(rule)) return undefined;
  try {
    const order = { store, rule, schedule, all: false, dryRun: false, cluster: toClusterOnlyWish(flags) };
    const agree = (): Promise<void> => Promise.resolve();
    const { pruned } = await withProgress(io, false, (progress) =>
      pruneBackups(order, { now: Date.now, outside: { stdin, environment, today, progress }, agree }),
    );
    return { pruned };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { pruned: [], failure: error.message };
  }
}
