// The commands and their options: declared here, carried out by modules that are loaded when needed.

import { Argument, Command, Option } from 'commander';
import { legs, owners } from '../model/index.ts';
import type { ChecksFlags } from './commands/checks.ts';
import type { CompareFlags } from './commands/compare.ts';
import type { DriftFlags } from './commands/drift.ts';
import type { ExplainFlags } from './commands/explain.ts';
import type { InventoryFlags } from './commands/inventory.ts';
import type { RequestFlags } from './commands/request.ts';
import type { RightsFlags, WhoCanFlags } from './commands/rights.ts';
import type { ReportFlags, SourceFlags } from './flags.ts';
import type { Io } from './io.ts';
import { addDutyOptions, addLookOptions, addReportOptions, addSourceOptions, graphFormats } from './options.ts';

type Finish = (status: number) => void;

interface Setting {
  readonly program: Command;
  readonly io: Io;
  readonly finish: Finish;
}

function examples(io: Io, rows: readonly (readonly [string, string])[]): string {
  const width = Math.max(...rows.map(([command]) => command.length)) + io.program.length - 'nowwhat'.length;
  const lines = rows.map(([command, what]) =>
    `  ${command.replace('nowwhat', io.program).padEnd(width)} ${what}`.trimEnd(),
  );
  return `\n${rows.length === 1 ? 'Example' : 'Examples'}:\n${lines.join('\n')}`;
}

const summaries = {
  journey: 'how far an app is from production, what blocks it, who acts, what next',
  check: 'every finding, with file and line',
} as const;

function addReports({ program, io, finish }: Setting): void {
  for (const form of ['journey', 'check'] as const)
    addReportOptions(program.command(`${form} [path...]`).description(summaries[form]))
      .addHelpText(
        'after',
        examples(io, [
          [`nowwhat ${form} ./k8s`, 'a folder of manifests'],
          [`nowwhat ${form} ./chart -f values-prod.yaml`, 'a Helm chart, rendered by your helm'],
          [`kubectl kustomize . | nowwhat ${form} -`, 'standard input'],
          [`nowwhat ${form} --context minikube -n shop`, 'what runs in a cluster'],
          [`nowwhat ${form} ./k8s -o html --output-file report.html`, 'a page to send around'],
          [`nowwhat ${form} ./k8s --fail-on high --require security=2`, 'a gate for a pipeline'],
        ]),
      )
      .action(async (inputs: string[], flags: ReportFlags) => {
        const { runReport } = await import('./commands/report.ts');
        finish(await runReport({ inputs, flags, form }, io));
      });
}

function addRequest({ program, io, finish }: Setting): void {
  const command = program.command('request [path...]').description('a note in Markdown for the person who must act');
  addDutyOptions(command.addOption(new Option('--role <role>', 'who must act').choices(owners).makeOptionMandatory()))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat request --role cluster-administrator ./k8s', 'what your administrator must do or answer'],
        ['nowwhat request --role provider --target eks ./k8s', 'what is left to ask the provider'],
      ]),
    )
    .action(async (inputs: string[], flags: RequestFlags) => {
      const { runRequest } = await import('./commands/request.ts');
      finish(await runRequest(inputs, flags, io));
    });
}

function addInventory({ program, io, finish }: Setting): void {
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
      const { runInventory } = await import('./commands/inventory.ts');
      finish(await runInventory(inputs, flags, io));
    });
}

function addRights({ program, io, finish }: Setting): void {
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
      const { runWhoCan } = await import('./commands/rights.ts');
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
      const { runWhatCan } = await import('./commands/rights.ts');
      finish(await runWhatCan(subject, inputs, flags, io));
    });
}

function addSnapshot({ program, io, finish }: Setting): void {
  addSourceOptions(
    program
      .command('snapshot')
      .description('save what a cluster holds, without values of Secrets, for somebody who has no access'),
  )
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat snapshot --context prod -n shop --output-file prod.snapshot', 'save it'],
        ['nowwhat journey prod.snapshot', 'every command reads it'],
      ]),
    )
    .action(async (flags: SourceFlags) => {
      const { runSnapshot } = await import('./commands/snapshot.ts');
      finish(await runSnapshot(flags, io));
    });
}

function addCompare({ program, io, finish }: Setting): void {
  const side = 'files, a saved snapshot, or a context of the kubeconfig';
  const command = program
    .command('compare')
    .description('what changes for an app between two places: Minikube and the target')
    .requiredOption('--from <place>', `where it runs: ${side}`)
    .requiredOption('--to <place>', `where it shall run: ${side}`)
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option('--all', 'what is alike and what is open too');
  addSourceOptions(command)
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat compare --from minikube --to prod -n shop', 'two contexts'],
        ['nowwhat compare --from ./k8s --to prod.snapshot', 'files, and a cluster somebody else saved'],
      ]),
    )
    .action(async (flags: CompareFlags) => {
      const { runCompare } = await import('./commands/compare.ts');
      finish(await runCompare(flags, io));
    });
}

function addDrift({ program, io, finish }: Setting): void {
  const command = program
    .command('drift <path...>')
    .description('what a cluster has otherwise than the files declare, field by field')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'));
  addSourceOptions(command)
    .addHelpText('after', examples(io, [['nowwhat drift ./k8s --context minikube -n shop', 'files against a cluster']]))
    .action(async (inputs: string[], flags: DriftFlags) => {
      const { runDrift } = await import('./commands/drift.ts');
      finish(await runDrift(inputs, flags, io));
    });
}

function addExplain({ program, io, finish }: Setting): void {
  addLookOptions(program.command('explain <check>').description('what a check looks at, why, and how to fix it'))
    .addHelpText('after', examples(io, [['nowwhat explain privileged-container', '']]))
    .action(async (check: string, flags: ExplainFlags) => {
      const { runExplain } = await import('./commands/explain.ts');
      finish(await runExplain(check, flags, io));
    });
}

function addChecks({ program, io, finish }: Setting): void {
  addLookOptions(program.command('checks').description('the list of all checks'))
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option('--family <name>', 'only this family')
    .addOption(new Option('--leg <leg>', 'only this leg').choices(legs))
    .addOption(new Option('--owner <owner>', 'only what this person has to do').choices(owners))
    .addHelpText(
      'after',
      examples(io, [
        ['nowwhat checks --leg security --owner developer', ''],
        ['nowwhat checks --family network -o json', ''],
      ]),
    )
    .action(async (flags: ChecksFlags) => {
      const { runChecksCommand } = await import('./commands/checks.ts');
      finish(runChecksCommand(flags, io));
    });
}

function addSetup({ program, io, finish }: Setting): void {
  addLookOptions(
    program.command('init [folder]').description('write a commented nowwhat.yaml, never over an existing one'),
  )
    .addHelpText('after', examples(io, [['nowwhat init ./k8s', '']]))
    .action(async (folder: string | undefined) => {
      const { runInit } = await import('./commands/init.ts');
      finish(await runInit(folder ?? '.', io));
    });
  addLookOptions(program.command('completion').description('completion script for your shell'))
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      examples(io, [
        ['source <(nowwhat completion bash)', 'for this shell; put it into ~/.bashrc for all'],
        ['nowwhat completion zsh > "${fpath[1]}/_nowwhat"', ''],
        ['nowwhat completion fish > ~/.config/fish/completions/nowwhat.fish', ''],
      ]),
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { runCompletion } = await import('./commands/completion.ts');
      finish(runCompletion(shell, program, io));
    });
}

const about = `Reads an app on Kubernetes as it is, says how far it is from production on four legs
(security, deployment, monitoring, backups), and names the one best next step.`;

function createRoot(io: Io): Command {
  const write = {
    writeOut: io.out,
    writeErr: io.err,
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(io.width, 110),
  };
  // Set before the commands are added: they inherit it.
  return new Command(io.program)
    .usage('[command] [options] <path...>')
    .description(about)
    .version(io.version, '-V, --version', 'show the version')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help for a command')
    .configureOutput(write)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `\n${io.program} <path...> is short for ${io.program} journey <path...>. Exit status: 0 clean, 1 findings, 2 could not run, 3 our bug.\n${examples(
        io,
        [
          ['nowwhat ./k8s', 'the journey page for a folder of manifests'],
          ['nowwhat check ./k8s -o sarif', 'findings for code scanning'],
          ['nowwhat explain run-as-non-root', 'why, and how to fix it'],
        ],
      )}`,
    );
}

/** The whole command line. `finish` gets the exit status of the command that ran. */
export function createProgram(io: Io, finish: Finish): Command {
  const program = createRoot(io);
  for (const add of [
    addReports,
    addRequest,
    addInventory,
    addRights,
    addSnapshot,
    addCompare,
    addDrift,
    addExplain,
    addChecks,
    addSetup,
  ])
    add({ program, io, finish });
  return program;
}
