// `schedule get` and `schedule describe`: what there is, when it runs next, and how it went last.

import { describeSchedule, findSchedules, type StoreLook } from '../../../app/schedules/read-schedules.ts';
import { type SourceFlags, toClusterOnlyWish } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { renderSchedule, renderSchedules } from '../../reporters/schedules/view.ts';
import { writeOutput } from '../../write-output.ts';
import { withOutside } from '../plans/carry-out-plan.ts';
import { lookOf } from '../plans/change-flags.ts';

export interface ScheduleFlags extends SourceFlags {
  /** False for `--no-store`. */
  readonly store?: string | false;
  readonly output: 'text' | 'json';
}

function toStoreLook({ store }: ScheduleFlags): StoreLook {
  return typeof store === 'string' ? { store, skip: false } : { skip: store === false };
}

export async function runGetSchedules(flags: ScheduleFlags, io: Io): Promise<number> {
  const schedules = await withOutside(flags, io, (outside) =>
    findSchedules(toClusterOnlyWish(flags), toStoreLook(flags), outside),
  );
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/schedules/v1', schedules }, null, 2)}\n`
      : renderSchedules(schedules, lookOf(flags, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}

export async function runDescribeSchedule(name: string, flags: ScheduleFlags, io: Io): Promise<number> {
  const described = await withOutside(flags, io, (outside) =>
    describeSchedule(toClusterOnlyWish(flags), name, toStoreLook(flags), outside),
  );
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/schedule/v1', ...described }, null, 2)}\n`
      : renderSchedule(described, lookOf(flags, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return 0;
}
