// `schedule create`: plans a schedule, shows it, and makes it where somebody agrees.

import { readScheduleFile } from '../../../app/schedules/read-schedule-file.ts';
import type { PlannedSchedule, ScheduleOrder } from '../../../app/schedules/schedule-order.ts';
import type { PlanOutcome } from '../../../app/plans/apply-plan.ts';
import { toCronJobTime, type ScheduleRun, type VeleroSchedule } from '../../../backup/index.ts';
import { UserError } from '../../../model/index.ts';
import { renderDocument } from '../../../app/render-document.ts';
import { type DatabaseFlags, toHolds } from '../../database-flags.ts';
import { toClusterOnlyWish, toMilliseconds } from '../../flags.ts';
import type { Io } from '../../io.ts';
import { renderOutcome } from '../../reporters/plan.ts';
import { renderBegun } from '../../reporters/schedules/run.ts';
import { renderPlannedSchedule } from '../../reporters/schedules/plan.ts';
import { type PolicyFlags, toPolicySource } from '../../policy-flags.ts';
import { type RetentionFlags, retentionWords } from '../../retention-flags.ts';
import { type SelectionFlags, toLifetime, toPairs, toSelection } from '../../selection-flags.ts';
import { type SnapshotFlags, toSnapshotWish } from '../../snapshot-flags.ts';
import { requireStore } from '../../store-flags.ts';
import { type VolumeFlags, volumeWords } from '../../volume-flags.ts';
import { writeOutput } from '../../write-output.ts';
import { withOutside } from '../plans/carry-out-plan.ts';
import { type ChangeFlags, lookOf } from '../plans/change-flags.ts';
import { carryOutSchedule } from './carry-out-schedule.ts';

export interface CreateScheduleFlags
  extends ChangeFlags,
    DatabaseFlags,
    SelectionFlags,
    PolicyFlags,
    VolumeFlags,
    SnapshotFlags,
    RetentionFlags {
  readonly schedule?: string;
  readonly file?: string;
  readonly store?: string;
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
  readonly image?: string;
  readonly imagePullSecret?: string;
  readonly credentialsSecret?: string;
  readonly copyCredentials?: boolean;
  readonly accountAnnotation?: readonly string[];
  readonly runWithin: string;
  readonly paused?: boolean;
  readonly skipImmediately?: boolean;
  readonly takeOver?: readonly string[];
  readonly dryRun?: boolean;
  readonly output: 'text' | 'json' | 'yaml';
}

function invalid(what: string, advice: string): UserError {
  return new UserError('invalid-option', what, advice);
}

function required(value: string | undefined, what: string, advice: string): string {
  if (value !== undefined && value !== '') return value;
  throw invalid(what, advice);
}

function imageOf({ image }: CreateScheduleFlags): string {
  return required(
    image,
    'no image was named: nowwhat is in no registry, so that runs need one that you have built',
    'Build one as docs/schedules.md shows, push it to a registry of yours, and name it with --image.',
  );
}

function credentialsOf(flags: CreateScheduleFlags): ScheduleOrder['credentials'] {
  const { credentialsSecret: name, copyCredentials, accountAnnotation = [] } = flags;
  const ways = [name !== undefined, copyCredentials === true, accountAnnotation.length > 0];
  if (ways.filter(Boolean).length !== 1)
    throw invalid(
      ways.some(Boolean) ? 'the store is opened in one way, not in two' : 'nothing says how runs open the store',
      'Name a Secret with --credentials-secret, have one made with --copy-credentials, or give the account an identity of the cloud with --account-annotation.',
    );
  if (name !== undefined) return { kind: 'secret', name };
  return { kind: copyCredentials === true ? 'copy' : 'account' };
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

function seconds(text: string): number {
  return Math.round(toMilliseconds(text, 60_000) / 1000);
}

/** What the line says of the runs themselves, over what the file says. */
function switchesOf(flags: CreateScheduleFlags, file: VeleroSchedule | undefined) {
  return {
    paused: flags.paused ?? file?.paused ?? false,
    skipImmediately: flags.skipImmediately ?? file?.skipImmediately ?? false,
    dryRun: flags.dryRun === true,
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

function passwordOf({ environment }: Io): string | undefined {
  const password = environment['KOPIA_PASSWORD'];
  return password === '' ? undefined : password;
}

/** Name and times, from the line or from the file. */
function namesOf(name: string | undefined, { schedule }: CreateScheduleFlags, file: VeleroSchedule | undefined) {
  return {
    name: required(name ?? file?.name, 'the schedule has no name', 'Name it: schedule create NAME.'),
    schedule: required(
      schedule ?? file?.schedule,
      'nothing says when it runs',
      'Say so: --schedule "0 2 * * *" is every night at two, UTC.',
    ),
  };
}

async function toOrder(name: string | undefined, flags: CreateScheduleFlags, io: Io): Promise<ScheduleOrder> {
  const file = flags.file === undefined ? undefined : await readScheduleFile(flags.file);
  const names = namesOf(name, flags, file);
  return {
    cluster: toClusterOnlyWish(flags),
    ...names,
    file,
    ...switchesOf(flags, file),
    template: templateOf(flags),
    policies: toPolicySource(flags, file?.policies),
    labels: toPairs(flags.label),
    annotations: toPairs(flags.annotation),
    store: requireStore(flags, io),
    image: imageOf(flags),
    pullSecret: flags.imagePullSecret,
    credentials: credentialsOf(flags),
    password: passwordOf(io),
    accountAnnotations: toPairs(flags.accountAnnotation),
    volumes: volumesOf(flags, file),
    ...snapshotsOf(flags, file),
    hooks: flags.hooks ? 'run' : 'skip',
    ...wordsOf(flags, toCronJobTime(names.schedule).timeZone),
    runWithin: seconds(flags.runWithin),
    takeOver: flags.takeOver ?? [],
    making: { command: `nowwhat schedule create ${names.name}`, version: io.version, now: io.now() },
  };
}

/** The objects in one text, with what is not among them told above. */
function yamlOf({ objects, outlook, namespace }: PlannedSchedule): string {
  const { credentials } = outlook;
  const secret =
    credentials?.isMade === true
      ? `# Not in this file: Secret ${namespace}/${credentials.secret} with the keys ${credentials.keys.join(', ')}.\n`
      : '';
  return secret + objects.map(renderDocument).join('---\n');
}

interface Made {
  readonly planned: PlannedSchedule;
  readonly outcome?: PlanOutcome;
  /** The first run, which Velero begins at once, too. */
  readonly run?: ScheduleRun;
}

function textOf({ planned, outcome, run }: Made, flags: CreateScheduleFlags, io: Io): string {
  if (flags.output === 'yaml') return yamlOf(planned);
  const done = { ...(outcome === undefined ? {} : { outcome }), ...(run === undefined ? {} : { run }) };
  if (flags.output === 'json')
    return `${JSON.stringify({ schema: 'nowwhat.dev/schedule-plan/v1', ...planned, ...done }, null, 2)}\n`;
  const look = lookOf(flags, io);
  const { namespace, name } = planned;
  return [
    // Who was asked has seen the plan already.
    outcome === undefined || flags.yes === true ? renderPlannedSchedule(planned, look) : '',
    outcome === undefined ? '' : renderOutcome(outcome, look),
    run === undefined ? '' : renderBegun({ namespace, name, run }, flags.context ?? '.', look),
  ].join('');
}

/** Exit status 1 where something of it was refused, or had to be taken back. */
export async function runCreateSchedule(name: string | undefined, flags: CreateScheduleFlags, io: Io): Promise<number> {
  if (flags.output === 'yaml' && flags.dryRun !== true)
    throw invalid('-o yaml prints what would be made', 'Add --dry-run.');
  const order = await toOrder(name, flags, io);
  const { planSchedule } = await import('../../../app/schedules/plan-schedule.ts');
  const planned = await withOutside(flags, io, (outside) => planSchedule(order, outside));
  const made: Made = { planned, ...(flags.dryRun === true ? {} : await carryOutSchedule(planned, order, flags, io)) };
  await writeOutput(textOf(made, flags, io), { file: flags.outputFile, quiet: flags.quiet }, io);
  const isDone = flags.dryRun === true || made.outcome?.journal.state === 'applied' || planned.plan.steps.length === 0;
  return planned.refused.length === 0 && isDone ? 0 : 1;
}
