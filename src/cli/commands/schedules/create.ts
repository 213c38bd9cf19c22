// `schedule create`: plans a schedule, shows it, and makes it where somebody agrees.

import { readScheduleFile } from '../../../app/schedules/read-schedule-file.ts';
import type { PlannedSchedule, ScheduleOrder } from '../../../app/schedules/schedule-order.ts';
import { toCronJobTime, type VeleroSchedule } from '../../../backup/index.ts';
import { type DatabaseFlags, toHolds } from '../../database-flags.ts';
import type { Io } from '../../io.ts';
import { renderPlannedSchedule } from '../../reporters/schedules/plan.ts';
import { type PolicyFlags, toPolicySource } from '../../policy-flags.ts';
import { type RetentionFlags, retentionWords } from '../../retention-flags.ts';
import { type SelectionFlags, toLifetime, toPairs, toSelection } from '../../selection-flags.ts';
import { type SnapshotFlags, toSnapshotWish } from '../../snapshot-flags.ts';
import { type VolumeFlags, volumeWords } from '../../volume-flags.ts';
import { withOutside } from '../plans/carry-out-plan.ts';
import { type Done, makeSchedule } from './carry-out-schedule.ts';
import { required, requireRuns, requireTimes, type RunsFlags, toRunsOrder } from './runs-flags.ts';

export interface CreateScheduleFlags
  extends RunsFlags,
    DatabaseFlags,
    SelectionFlags,
    PolicyFlags,
    VolumeFlags,
    SnapshotFlags,
    RetentionFlags {
  readonly file?: string;
  readonly ttl?: string;
  readonly storageLocation?: string;
  readonly label?: readonly string[];
  readonly annotation?: readonly string[];
  readonly sealTo?: readonly string[];
  /** False for `--no-hooks`. */
  readonly hooks: boolean;
  readonly defaultVolumesToFsBackup?: boolean;
  /** False for `--no-volumes`. */
  readonly volumes: boolean;
}

function volumesOf(
  { volumes, defaultVolumesToFsBackup }: CreateScheduleFlags,
  file: VeleroSchedule | undefined,
): ScheduleOrder['volumes'] {
  if (!volumes) return 'none';
  return (defaultVolumesToFsBackup ?? file?.template['defaultVolumesToFsBackup']) === true ? 'all' : 'named';
}

/** The line goes before the file; without a word, snapshots are taken as a matter of course. */
function snapshotsOf(
  flags: CreateScheduleFlags,
  file: VeleroSchedule | undefined,
): Pick<ScheduleOrder, 'snapshots' | 'movesData'> {
  const { snapshotVolumes: said, snapshotMoveData: moves } = file?.template ?? {};
  const { snapshots, movesData } = toSnapshotWish(flags, {
    ...(typeof said === 'boolean' ? { snapshots: said } : {}),
    ...(typeof moves === 'boolean' ? { movesData: moves } : {}),
  });
  return { snapshots, movesData };
}

function templateOf(flags: CreateScheduleFlags): ScheduleOrder['template'] {
  const { ttl, storageLocation, csiSnapshotTimeout } = flags;
  const seconds = Math.round((toLifetime(ttl) ?? 0) / 1000);
  return {
    ...toSelection(flags),
    ...(ttl === undefined ? {} : { ttl: `${seconds}s` }),
    ...(storageLocation === undefined ? {} : { storageLocation }),
    ...(csiSnapshotTimeout === undefined
      ? {}
      : { csiSnapshotTimeout: `${toSnapshotWish({ csiSnapshotTimeout }).snapshotTimeout / 1000}s` }),
  };
}

/** The same words for the program in the pod. */
function wordsOf(
  flags: CreateScheduleFlags,
  timeZone: string,
): Pick<ScheduleOrder, 'words' | 'volumeWords' | 'dumps' | 'holds'> {
  const seals = (flags.sealTo ?? []).flatMap((each) => ['--seal-to', each]);
  const words = [...seals, ...retentionWords(flags, timeZone)];
  return { words, volumeWords: volumeWords(flags), dumps: flags.dump ?? [], holds: toHolds(flags) };
}

/** Name and times, from the line or from the file. */
function namesOf(name: string | undefined, { schedule }: CreateScheduleFlags, file: VeleroSchedule | undefined) {
  return {
    name: required(name ?? file?.name, 'the schedule has no name', 'Name it: schedule create NAME.'),
    schedule: requireTimes(schedule ?? file?.schedule),
  };
}

async function toOrder(name: string | undefined, flags: CreateScheduleFlags, io: Io): Promise<ScheduleOrder> {
  const file = flags.file === undefined ? undefined : await readScheduleFile(flags.file);
  requireRuns(flags, { name: name ?? file?.name, schedule: flags.schedule ?? file?.schedule }, io);
  const names = namesOf(name, flags, file);
  const given = { ...names, command: 'create', paused: file?.paused, skipImmediately: file?.skipImmediately };
  return {
    ...toRunsOrder(flags, given, io),
    file,
    template: templateOf(flags),
    policies: toPolicySource(flags, file?.policies),
    labels: toPairs(flags.label),
    annotations: toPairs(flags.annotation),
    volumes: volumesOf(flags, file),
    ...snapshotsOf(flags, file),
    hooks: flags.hooks ? 'run' : 'skip',
    ...wordsOf(flags, toCronJobTime(names.schedule).timeZone),
  };
}

/** Exit status 1 where something of it was refused, or had to be taken back. */
export async function runCreateSchedule(name: string | undefined, flags: CreateScheduleFlags, io: Io): Promise<number> {
  const order = await toOrder(name, flags, io);
  const { planSchedule } = await import('../../../app/schedules/plan-schedule.ts');
  const planned = await withOutside(flags, io, (outside) => planSchedule(order, outside));
  const making = {
    planned,
    order,
    render: renderPlannedSchedule,
    toJson: (plan: PlannedSchedule, done: Done) => ({ schema: 'nowwhat.dev/schedule-plan/v1', ...plan, ...done }),
  };
  return await makeSchedule(making, flags, io);
}
