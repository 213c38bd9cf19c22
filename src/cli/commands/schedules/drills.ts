// `schedule drill`: plans a schedule of drills, shows it, and makes it where somebody agrees.

import type { DrillsOrder, PlannedDrills } from '../../../app/schedules/schedule-order.ts';
import { readTextFile } from '../../../app/backups/velero-file.ts';
import { toMilliseconds } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { renderPlannedDrills } from '../../reporters/schedules/drills.ts';
import { type VolumeFlags, volumeWords } from '../../volume-flags.ts';
import { withOutside } from '../plans/carry-out-plan.ts';
import { type Done, makeSchedule } from './carry-out-schedule.ts';
import { requireRuns, requireTimes, type RunsFlags, toRunsOrder } from './runs-flags.ts';

export interface DrillsFlags extends RunsFlags, VolumeFlags {
  readonly of: string;
  readonly includeNamespaces?: readonly string[];
  readonly probes?: string;
  readonly readyWithin: string;
  /** False for `--no-restore-volumes`. */
  readonly restoreVolumes: boolean;
}

function wordsOf(flags: DrillsFlags): string[] {
  const ready = `${toMilliseconds(flags.readyWithin, 1) / 1000}s`;
  return ['--ready-within', ready, ...(flags.restoreVolumes ? volumeWords(flags) : ['--no-restore-volumes'])];
}

async function toOrder(name: string, flags: DrillsFlags, io: Io): Promise<DrillsOrder> {
  requireRuns(flags, { name, schedule: flags.schedule }, io);
  const given = { name, schedule: requireTimes(flags.schedule), command: 'drill' };
  return {
    ...toRunsOrder(flags, given, io),
    of: flags.of,
    namespaces: flags.includeNamespaces ?? [],
    probes: flags.probes === undefined ? undefined : await readTextFile(flags.probes, 'probes'),
    restoresVolumes: flags.restoreVolumes,
    words: wordsOf(flags),
  };
}

/** Exit status 1 where something of it was refused, or had to be taken back. */
export async function runDrillSchedule(name: string, flags: DrillsFlags, io: Io): Promise<number> {
  const order = await toOrder(name, flags, io);
  const { planDrills } = await import('../../../app/schedules/plan-drills.ts');
  const planned = await withOutside(flags, io, (outside) => planDrills(order, outside));
  const making = {
    planned,
    order,
    render: renderPlannedDrills,
    toJson: (plan: PlannedDrills, done: Done) => ({ schema: 'nowwhat.dev/drill-schedule-plan/v1', ...plan, ...done }),
  };
  return await makeSchedule(making, flags, io);
}
