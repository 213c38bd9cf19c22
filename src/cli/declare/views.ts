// Commands that show what is there: `inventory`, `who-can`, `what-can`.

import { Option } from 'commander';
import type { InventoryFlags } from '../commands/inventory.ts';
import type { RightsFlags, WhoCanFlags } from '../commands/rights.ts';
import { addSourceOptions, graphFormats } from '../options.ts';
import { examples, type Setting } from './setting.ts';

export function addInventory({ program, io, finish }: Setting): void {
  const command = program.command('inventory [path...]').description('what the app is made of, and what leads to what');
  addSourceOptions(
    command.addOption(new Option('-o, --output <format>', 'format').choices(graphFormats).default('text')),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat inventory ./k8s', 'from the ways in to workloads, data and rights'],
        ['nowwhat inventory ./k8s -o mermaid', 'a diagram for a README'],
        ['nowwhat inventory ./k8s -o dot | dot -Tsvg', 'a drawing by Graphviz'],
      ]),
    )
    .action(async (inputs: string[], flags: InventoryFlags) => {
      const { runInventory } = await import('../commands/inventory.ts');
      finish(await runInventory(inputs, flags, io));
    });
}

export function addRights({ program, io, finish }: Setting): void {
  const format = new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text');
  addSourceOptions(
    program
      .command('who-can <verb> <resource> [path...]')
      .description('who may do something, and by which binding, role and rule')
      .addOption(format)
      .option('--name <object>', 'one object of the resource'),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat who-can get secrets ./k8s -n shop', 'who reads the secrets of a namespace'],
        ['nowwhat who-can create pods/exec ./k8s', 'a subresource, as in rules'],
        ['nowwhat who-can get /metrics ./k8s', 'a path that is no resource'],
      ]),
    )
    .action(async (verb: string, resource: string, inputs: string[], flags: WhoCanFlags) => {
      const { runWhoCan } = await import('../commands/rights.ts');
      finish(await runWhoCan([verb, resource], inputs, flags, io));
    });
  addSourceOptions(
    program
      .command('what-can <subject> [path...]')
      .description('all that somebody may do, with what gives it')
      .addOption(format),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat what-can sa:shop/web ./k8s', 'a service account'],
        ['nowwhat what-can Deployment/shop/web ./k8s', 'the account of a workload'],
        ['nowwhat what-can group:developers ./k8s', 'a group; user:NAME for a person'],
      ]),
    )
    .action(async (subject: string, inputs: string[], flags: RightsFlags) => {
      const { runWhatCan } = await import('../commands/rights.ts');
      finish(await runWhatCan(subject, inputs, flags, io));
    });
}
