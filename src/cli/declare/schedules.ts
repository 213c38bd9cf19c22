// The commands about backups that make themselves: `schedule create`, `get`, `describe`, `run`, `pause`, `unpause`, `delete`.

import { type Command, Option } from 'commander';
import type { ScheduleChangeFlags } from '../commands/schedules/change.ts';
import type { CreateScheduleFlags } from '../commands/schedules/create.ts';
import type { DrillsFlags } from '../commands/schedules/drills.ts';
import type { ScheduleFlags } from '../commands/schedules/get.ts';
import type { RunScheduleFlags } from '../commands/schedules/run.ts';
import { addDatabaseOptions } from '../database-flags.ts';
import { addClusterOnlyOptions, collect, collectIds } from '../options.ts';
import { addPolicyOptions } from '../policy-flags.ts';
import { addSelectionOptions } from '../selection-flags.ts';
import { addSnapshotOptions } from '../snapshot-flags.ts';
import { addVolumeOptions } from '../volume-flags.ts';
import { examples, type Setting } from './setting.ts';
import { addRetentionOptions } from './retention-options.ts';

const where = "namespace that it runs in (default: the context's)";

function outputOption(...more: readonly string[]): Option {
  return new Option('-o, --output <format>', 'format').choices(['text', 'json', ...more]).default('text');
}

function addBackupOptions(command: Command): Command {
  return command
    .option('--schedule <times>', 'when: "0 2 * * *", "CRON_TZ=Europe/Berlin 0 2 * * *", @daily, "@every 6h"')
    .option('-f, --file <file>', 'a Velero Schedule as a file; what the line says goes first')
    .option('--store <place>', 's3://bucket/prefix?endpoint=URL, as pods reach it (default: $NOWWHAT_STORE)')
    .option('--ttl <duration>', 'how long Velero keeps each backup, such as 720h')
    .option('--storage-location <name>', 'the name that Velero knows the store by (default: "default")')
    .option('--label <key=value>', 'label of each backup; may be repeated', collect)
    .option('--annotation <key=value>', 'annotation of each backup; may be repeated', collect)
    .option('--seal-to <recipient>', 'encrypt Secrets with age for this recipient; may be repeated', collect)
    .option('--no-hooks', 'run no commands in pods, whatever they ask for')
    .option('--default-volumes-to-fs-backup', 'save the data of all volumes, not only of those that pods name')
    .option('--no-volumes', 'objects only, whatever pods name');
}

function addRunOptions(command: Command): Command {
  return command
    .option('--image <image>', 'image of nowwhat that you have built: there is none in any registry')
    .option('--image-pull-secret <name>', 'Secret beside it that the image is pulled with')
    .option(
      '--credentials-secret <name>',
      'Secret beside it that opens the store: AWS_ACCESS_KEY_ID and so on, or cloud',
    )
    .option('--copy-credentials', 'make that Secret of what this machine opens the store with')
    .option('--account-annotation <key=value>', 'identity of the cloud for its account; may be repeated', collect)
    .option('--run-within <duration>', 'how long a run may take', '24h')
    .option('--paused', 'no run begins until it is unpaused')
    .option('--skip-immediately', 'no first run at once, and none that was missed while it was paused')
    .option('--take-over <manager>', 'change fields of this field manager, too; may be repeated', collect)
    .option('--dry-run', 'show what would be made; -o yaml prints it for git')
    .option('-y, --yes', 'agree beforehand');
}

function addCreate(schedule: Command, { io, finish }: Setting): void {
  const command = schedule
    .command('create [name]')
    .description(
      'make a backup schedule: a CronJob with an account that may do what the backup does, and nothing else',
    );
  const shared = addRetentionOptions(
    addPolicyOptions(
      addSnapshotOptions(
        addVolumeOptions(addDatabaseOptions(addSelectionOptions(addRunOptions(addBackupOptions(command))))),
      ),
    ),
  );
  addClusterOnlyOptions(shared, { namespace: where })
    .addOption(outputOption('yaml'))
    .addHelpText(
      'after',
      examples(io, [
        [
          'nowwhat schedule create nightly --schedule "0 2 * * *" -n shop --context prod --image IMAGE --credentials-secret store …',
          'what is in shop, every night',
        ],
        [
          'nowwhat schedule create all --schedule @daily -A -n backups --context prod --keep-daily 7 --keep-weekly 4 …',
          'all namespaces; older ones go',
        ],
        [
          'nowwhat schedule create -f schedule.yaml -n backups --context prod … --dry-run -o yaml',
          "Velero's file, as objects for git",
        ],
      ]),
    )
    .action(async (name: string | undefined, flags: CreateScheduleFlags) => {
      const { runCreateSchedule } = await import('../commands/schedules/create.ts');
      finish(await runCreateSchedule(name, flags, io));
    });
}

function addDrill(schedule: Command, { io, finish }: Setting): void {
  const command = schedule
    .command('drill <name>')
    .description(
      'make a schedule of drills: the newest backup of a backup schedule is restored behind a fence and compared',
    )
    .requiredOption('--of <schedule>', 'the backup schedule whose newest whole backup is tried')
    .option('--schedule <times>', 'when: "0 4 * * 0", "CRON_TZ=Europe/Berlin 0 4 * * 0", @weekly, "@every 24h"')
    .option('--store <place>', 's3://bucket/prefix?endpoint=URL, as pods reach it (default: $NOWWHAT_STORE)')
    .option(
      '--include-namespaces <names>',
      'namespaces of the backup (default: those that the backup schedule names)',
      collectIds,
    )
    .option('--probes <file>', 'what to ask of the app once it is ready: requests, commands in its pods')
    .option('--ready-within <duration>', 'how long workloads may take to be ready', '5m')
    .option('--no-restore-volumes', 'objects only: claims come back empty');
  addClusterOnlyOptions(addVolumeOptions(addRunOptions(command)), { namespace: where })
    .addOption(outputOption('yaml'))
    .addHelpText(
      'after',
      examples(io, [
        [
          'nowwhat schedule drill weekly --of nightly --schedule "0 4 * * 0" -n shop --context prod --image IMAGE --credentials-secret store …',
          'every Sunday, what nightly has saved',
        ],
        [
          'nowwhat schedule drill weekly --of nightly --schedule @weekly --probes probes.yaml -n shop --context prod … --dry-run',
          'what its account would be allowed to do',
        ],
      ]),
    )
    .action(async (name: string, flags: DrillsFlags) => {
      const { runDrillSchedule } = await import('../commands/schedules/drills.ts');
      finish(await runDrillSchedule(name, flags, io));
    });
}

function addLooks(schedule: Command, { io, finish }: Setting): void {
  const looking = (command: Command): Command =>
    addClusterOnlyOptions(command, { namespace: where })
      .option('--store <place>', 'the store as this machine reaches it (default: as the runs do)')
      .option('--no-store', 'do not ask the store')
      .addOption(outputOption());
  looking(schedule.command('get').description('the schedules, when they run next, and how it went last'))
    .addHelpText('after', examples(io, [['nowwhat schedule get -A --context prod', 'of all namespaces']]))
    .action(async (flags: ScheduleFlags) => {
      const { runGetSchedules } = await import('../commands/schedules/get.ts');
      finish(await runGetSchedules(flags, io));
    });
  looking(
    schedule.command('describe <name>').description('one schedule: its runs, its backups, and what it may not read'),
  )
    .addHelpText('after', examples(io, [['nowwhat schedule describe nightly -n shop --context prod', 'one schedule']]))
    .action(async (name: string, flags: ScheduleFlags) => {
      const { runDescribeSchedule } = await import('../commands/schedules/get.ts');
      finish(await runDescribeSchedule(name, flags, io));
    });
}

const changes = [
  {
    action: 'pause',
    description: 'let no run begin until it is unpaused; one that is under way goes on',
    example: 'before a move',
  },
  {
    action: 'unpause',
    description: 'let runs begin again; one that was missed begins at once, as with Velero',
    example: 'and after it',
  },
  {
    action: 'delete',
    description: 'remove a schedule with its account, roles and Secret; backups stay where they are',
    example: 'asks first',
  },
] as const;

function addChanges(schedule: Command, { io, finish }: Setting): void {
  for (const { action, description, example } of changes) {
    const command = addClusterOnlyOptions(schedule.command(`${action} <name>`).description(description), {
      namespace: where,
    })
      .option('--take-over <manager>', 'change fields of this field manager, too; may be repeated', collect)
      .option('--dry-run', 'show what would change')
      .option('-y, --yes', 'agree beforehand')
      .addOption(outputOption());
    if (action === 'unpause') command.option('--skip-immediately', 'what was missed meanwhile is left out');
    command
      .addHelpText('after', examples(io, [[`nowwhat schedule ${action} nightly -n shop --context prod`, example]]))
      .action(async (name: string, flags: ScheduleChangeFlags) => {
        const { runChangeSchedule } = await import('../commands/schedules/change.ts');
        finish(await runChangeSchedule(action, name, flags, io));
      });
  }
}

function addRun(schedule: Command, { io, finish }: Setting): void {
  const command = schedule
    .command('run <name>')
    .description('begin a run now; never beside another one')
    .option('--wait <duration>', 'wait until it has ended, so long')
    .option('-y, --yes', 'agree beforehand')
    .addOption(outputOption());
  addClusterOnlyOptions(command, { namespace: where })
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat schedule run nightly -n shop --context prod --wait 1h', 'exit status 1 where it failed'],
      ]),
    )
    .action(async (name: string, flags: RunScheduleFlags) => {
      const { runScheduleNow } = await import('../commands/schedules/run.ts');
      finish(await runScheduleNow(name, flags, io));
    });
}

export function addSchedule(setting: Setting): void {
  const { program, io } = setting;
  const schedule = program
    .command('schedule')
    .description(
      'backups that make themselves, and drills that try them: CronJobs of plain Kubernetes, with the rules of Velero’s schedules',
    )
    .addHelpText('after', examples(io, [['nowwhat schedule get -A --context prod', 'which there are']]));
  addCreate(schedule, setting);
  addDrill(schedule, setting);
  addLooks(schedule, setting);
  addRun(schedule, setting);
  addChanges(schedule, setting);
}
