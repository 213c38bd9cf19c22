// Commands about plans and proofs: `plan`, `apply`, `undo`, `proofs`.

import { Option } from 'commander';
import type { ApplyFlags } from '../commands/plans/apply.ts';
import type { PlanFlags } from '../commands/plans/plan.ts';
import type { UndoFlags } from '../commands/plans/undo.ts';
import type { ProofsFlags } from '../commands/proofs.ts';
import { addClusterOnlyOptions, addFixOptions, addPlanOptions, collect } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addPlan({ program, io, finish }: Setting): void {
  const command = program
    .command('plan [check-or-path...]')
    .description('what fix would do, as steps in a file: to review, to keep, and to apply later')
    .addOption(new Option('-o, --output <where>', 'text, json, or the file to write the plan to').default('text'))
    .option(
      '--create <file>',
      'objects that the cluster is to have, such as new network policies; may be repeated',
      collect,
    )
    .option(
      '--prune',
      'with --create: also remove what earlier plans of the same files made and they do not say any more',
    );
  addFixOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat plan ./k8s -o plan.json', 'edits of files'],
        ['nowwhat plan --context prod -n shop -o plan.json', 'changes of a cluster, each tried by a dry run'],
        [
          'nowwhat plan --context prod --create policies.yaml -o plan.json',
          'bring objects in, the restrictive ones last',
        ],
        ['nowwhat plan --context prod --create ./k8s --prune', 'and take away what ./k8s does not say any more'],
      ]),
    )
    .action(async (words: string[], flags: PlanFlags) => {
      const { runPlan } = await import('../commands/plans/plan.ts');
      finish(await runPlan(words, flags, io));
    });
}

export function addApply({ program, io, finish }: Setting): void {
  addPlanOptions(
    program
      .command('apply <plan>')
      .description('carry out a plan where it still fits; what goes wrong is taken back, what was broken off goes on'),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat apply plan.json', 'shows the plan, and asks'],
        ['nowwhat apply plan.json --yes --wait 10m', 'in a pipeline, for an app that starts slowly'],
      ]),
    )
    .action(async (file: string, flags: ApplyFlags) => {
      const { runApply } = await import('../commands/plans/apply.ts');
      finish(await runApply(file, flags, io));
    });
}

export function addUndo({ program, io, finish }: Setting): void {
  addPlanOptions(
    program
      .command('undo [plan-id]')
      .description(
        'take back what a plan has done, where nobody has gone on from it; the last one where none is named',
      ),
  )
    .option('--list', 'the plans that were applied here')
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat undo', 'the last plan'],
        ['nowwhat undo --list', 'which there are'],
      ]),
    )
    .action(async (id: string | undefined, flags: UndoFlags) => {
      const { runUndo } = await import('../commands/plans/undo.ts');
      finish(await runUndo(id, flags, io));
    });
}

export function addProofs({ program, io, finish }: Setting): void {
  const command = program
    .command('proofs [path]')
    .description('what was proven about an app, and whether that still counts')
    .option(
      '--store <place>',
      'fetch what schedules of drills have shown from here: s3://bucket/prefix?endpoint=URL, or a folder',
    )
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addClusterOnlyOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat proofs', 'of the repository you stand in'],
        ['nowwhat proofs --store s3://backups/prod', 'with the drills that a schedule has made in the cluster'],
        ['nowwhat proofs --context prod -n shop', 'with a look at the cluster that some of them are about'],
      ]),
    )
    .action(async (path: string | undefined, flags: ProofsFlags) => {
      const { runProofs } = await import('../commands/proofs.ts');
      finish(await runProofs(path ?? '.', flags, io));
    });
}
