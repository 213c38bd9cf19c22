// The commands and their options: declared here, carried out by modules that are loaded when needed.

import { Argument, Command, CommanderError, Option } from 'commander';
import { legs, type Owner, owners } from '../model/index.ts';
import type { Io } from './io.ts';
import { nearest } from './nearest.ts';
import { addReportOptions, addSourceOptions, type ReportFlags } from './options.ts';

type Finish = (status: number) => void;

const graphFormats = ['text', 'json', 'mermaid', 'dot'] as const;

function addJourney(program: Command, io: Io, finish: Finish): void {
  for (const form of ['journey', 'check'] as const) {
    const summary =
      form === 'journey'
        ? 'how far an app is from production, what blocks, what next'
        : 'every finding, with file and line';
    addReportOptions(program.command(`${form} <path...>`).description(summary))
      .addHelpText(
        'after',
        `
Examples:
  ${io.program} ${form} ./k8s                          a folder of manifests
  ${io.program} ${form} ./chart -f values-prod.yaml    a Helm chart, rendered by your helm
  kubectl kustomize . | ${io.program} ${form} -        standard input
  ${io.program} ${form} ./k8s -o html --output-file report.html
  ${io.program} ${form} ./k8s --fail-on high --require security=2`,
      )
      .action(async (inputs: string[], flags: ReportFlags) => {
        const { runReport } = await import('./commands/report.ts');
        finish(await runReport({ inputs, flags, form }, io));
      });
  }
}

function addRequest(program: Command, io: Io, finish: Finish): void {
  addSourceOptions(program.command('request <path...>').description('a note in Markdown for the person who must act'))
    .addOption(new Option('--role <role>', 'who must act').choices(owners).makeOptionMandatory())
    .option('--target <kind>', 'where the app will run')
    .option('--output-file <file>', 'write the note into a file')
    .addHelpText('after', `\nExample:\n  ${io.program} request --role cluster-administrator ./k8s > request.md`)
    .action(async (inputs: string[], flags: Omit<ReportFlags, 'output'> & { role: Owner }) => {
      const { runRequest } = await import('./commands/request.ts');
      finish(await runRequest(inputs, flags, io));
    });
}

function addInventory(program: Command, io: Io, finish: Finish): void {
  addSourceOptions(
    program.command('inventory <path...>').description('what the app is made of, and what leads to what'),
  )
    .addOption(new Option('-o, --output <format>', 'format').choices(graphFormats).default('text'))
    .option('--output-file <file>', 'write into a file')
    .addHelpText('after', `\nExamples:\n  ${io.program} inventory ./k8s\n  ${io.program} inventory ./k8s -o mermaid`)
    .action(
      async (inputs: string[], flags: Omit<ReportFlags, 'output'> & { output: (typeof graphFormats)[number] }) => {
        const { runInventory } = await import('./commands/inventory.ts');
        finish(await runInventory(inputs, flags, io));
      },
    );
}

function addKnowledge(program: Command, io: Io, finish: Finish): void {
  program
    .command('explain <check>')
    .description('what a check looks at, why, and how to fix it')
    .addHelpText('after', `\nExample:\n  ${io.program} explain privileged-container`)
    .action(async (check: string) => {
      const { runExplain } = await import('./commands/explain.ts');
      finish(await runExplain(check, io));
    });
  program
    .command('checks')
    .description('the list of all checks')
    .addOption(new Option('-o, --output <format>', 'format').choices(['text', 'json']).default('text'))
    .option('--family <name>', 'only this family')
    .addOption(new Option('--leg <leg>', 'only this leg').choices(legs))
    .addOption(new Option('--owner <owner>', 'only what this person has to do').choices(owners))
    .addHelpText('after', `\nExample:\n  ${io.program} checks --leg security --owner developer`)
    .action(async (flags: { output: 'text' | 'json'; family?: string; leg?: string; owner?: string }) => {
      const { runChecksCommand } = await import('./commands/checks.ts');
      finish(runChecksCommand(flags, io));
    });
}

function addSetup(program: Command, io: Io, finish: Finish): void {
  program
    .command('init [folder]')
    .description('write a commented nowwhat.yaml')
    .action(async (folder: string | undefined) => {
      const { runInit } = await import('./commands/init.ts');
      finish(await runInit(folder ?? '.', io));
    });
  program
    .command('completion')
    .description('completion script for your shell')
    .addArgument(new Argument('<shell>').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `\nExamples:\n  source <(${io.program} completion bash)\n  ${io.program} completion fish > ~/.config/fish/completions/nowwhat.fish`,
    )
    .action(async (shell: 'bash' | 'zsh' | 'fish') => {
      const { runCompletion } = await import('./commands/completion.ts');
      finish(runCompletion(shell, program, io));
    });
}

const about = `Reads an app on Kubernetes as it is, says how far it is from production on four legs
(security, deployment, monitoring, backups), and names the one best next step.`;

/** The whole command line. `finish` gets the exit status of the command that ran. */
export function createProgram(io: Io, finish: Finish): Command {
  const program = new Command('nowwhat');
  program
    .usage('[command] [options] <path...>')
    .description(about)
    .version(io.version, '-V, --version', 'show the version')
    .option('--color <when>', 'auto, always or never (NO_COLOR and FORCE_COLOR are respected)', 'auto')
    .configureOutput({
      writeOut: io.out,
      writeErr: io.err,
      outputError: () => undefined,
      getOutHelpWidth: () => Math.min(io.width, 110),
    })
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
${io.program} <path...> is short for ${io.program} journey <path...>.

Examples:
  ${io.program} ./k8s                     the journey page for a folder of manifests
  ${io.program} check ./k8s -o sarif      findings for code scanning
  ${io.program} explain run-as-non-root   why, and how to fix it`,
    );
  addJourney(program, io, finish);
  addRequest(program, io, finish);
  addInventory(program, io, finish);
  addKnowledge(program, io, finish);
  addSetup(program, io, finish);
  for (const command of program.commands)
    command
      .exitOverride()
      .configureOutput({ outputError: () => undefined, writeOut: io.out, writeErr: io.err })
      .option('--color <when>', 'auto, always or never');
  return program;
}

/** `nowwhat PATH` means `nowwhat journey PATH`; a word that looks like a misspelt command is told. */
export function withDefaultCommand(
  args: readonly string[],
  commands: readonly string[],
  exists: (path: string) => boolean,
): string[] {
  const index = args.findIndex((arg) => !arg.startsWith('-') || arg === '-');
  const word = args[index];
  const asksForHelp = args.some((arg) => ['-h', '--help', '-V', '--version'].includes(arg));
  if (word === undefined) return asksForHelp || args.length === 0 ? [...args] : ['journey', ...args];
  if (commands.includes(word) || word === 'help') return [...args];
  const near = nearest(word, commands);
  if (near !== undefined && !exists(word))
    throw new CommanderError(
      2,
      'nowwhat.unknownCommand',
      `no command and no path is called "${word}". Did you mean ${near}?`,
    );
  return ['journey', ...args];
}
