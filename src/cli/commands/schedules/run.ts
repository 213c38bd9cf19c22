// `schedule run`: begins a run by hand, and waits for its end where that is wanted.

import { runSchedule } from '../../../app/schedules/run-schedule.ts';
import { type SourceFlags, toClusterOnlyWish, toMilliseconds } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { quietly } from '../../progress.ts';
import { renderBegun, renderToRun } from '../../reporters/schedules/run.ts';
import { writeOutput } from '../../write-output.ts';
import { requireAgreement } from '../plans/agree.ts';
import { withOutside } from '../plans/carry-out-plan.ts';
import { errorLookOf, lookOf } from '../plans/change-flags.ts';

export interface RunScheduleFlags extends SourceFlags {
  readonly wait?: string;
  readonly yes?: boolean;
  readonly output: 'text' | 'json';
}

/** Exit status 1 where somebody waited for it, and it failed or has not ended. */
export async function runScheduleNow(name: string, flags: RunScheduleFlags, io: Io): Promise<number> {
  const wait = flags.wait === undefined ? undefined : toMilliseconds(flags.wait, 1000);
  const order = { cluster: toClusterOnlyWish(flags), name, wait };
  const { wait: _, ...quiet } = flags;
  const begun = await withOutside(quiet, io, (outside) =>
    runSchedule(
      order,
      outside,
      quietly(outside.progress, (view) =>
        requireAgreement('Begin a run now?', renderToRun(view, errorLookOf(quiet, io)), flags.yes ?? false, io),
      ),
    ),
  );
  const text =
    flags.output === 'json'
      ? `${JSON.stringify({ schema: 'nowwhat.dev/schedule-run/v1', ...begun }, null, 2)}\n`
      : renderBegun(begun, flags.context ?? '.', lookOf(quiet, io));
  await writeOutput(text, { file: flags.outputFile, quiet: flags.quiet }, io);
  return wait === undefined || begun.run.result === 'succeeded' ? 0 : 1;
}
