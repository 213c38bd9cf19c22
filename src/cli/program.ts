// The commands and their options: declared in declare/, carried out by modules that are loaded when needed.

import { Command } from 'commander';
import { addBackup } from './declare/backups.ts';
import { addProbe } from './declare/exposure.ts';
import {
  addGuardRails,
  addIsolation,
  addPin,
  addPodSecurity,
  addSecrets,
  addSignaturePolicy,
} from './declare/isolation.ts';
import { addFix } from './declare/fixes.ts';
import { addClone, addMigrate } from './declare/clones.ts';
import { addChecks, addExplain } from './declare/knowledge.ts';
import { addNetwork } from './declare/network.ts';
import { addNetworkWords } from './declare/network-policies.ts';
import { addApply, addPlan, addProofs, addUndo } from './declare/plans.ts';
import { addCompare, addDrift, addTraffic, addFacts, addSnapshot } from './declare/places.ts';
import { addReports, addRequest } from './declare/reports.ts';
import { addDrill, addRestore } from './declare/restores.ts';
import { examples, type Setting } from './declare/setting.ts';
import { addSchedule } from './declare/schedules.ts';
import { addRoles, addUnusedRights } from './declare/roles.ts';
import { addSetup } from './declare/setup.ts';
import { addInventory, addRights } from './declare/views.ts';
import type { Io } from './io.ts';

const about =
  'Reads an app on Kubernetes as it is, says how far it is from production on four legs (security, deployment, monitoring, backups), and names the one best next step.';

/** The commands by what somebody wants, in the order in which a newcomer does. */
const groups: Readonly<Record<string, readonly ((setting: Setting) => void)[]>> = {
  'See how far an app is': [addReports, addRequest],
  'Look closer': [addInventory, addRights, addTraffic, addNetwork, addNetworkWords, addProbe],
  'Look at clusters': [addSnapshot, addFacts, addCompare, addDrift],
  'Put right': [
    addFix,
    addIsolation,
    addSecrets,
    addPodSecurity,
    addPin,
    addSignaturePolicy,
    addGuardRails,
    addRoles,
    addUnusedRights,
  ],
  'Review, apply, take back, prove': [addPlan, addApply, addUndo, addProofs],
  'Save, bring back, copy, move': [addBackup, addRestore, addSchedule, addDrill, addClone, addMigrate],
  'Learn and set up': [addExplain, addChecks, addSetup],
};

function createRoot(io: Io): Command {
  const write = {
    writeOut: io.out,
    writeErr: io.err,
    outputError: () => undefined,
    getOutHelpWidth: () => Math.min(io.width, 110),
  };
  // Set before the commands are added: they inherit it.
  return (
    new Command(io.program)
      .usage('[command] [options] <path...>')
      .description(about)
      .version(io.version, '-V, --version', 'show the version')
      .helpOption('-h, --help', 'show help')
      .helpCommand('help [command...]', 'show help for a command')
      .configureOutput(write)
      // Every command has options: the word would only take room from what the command does.
      .configureHelp({
        minWidthToWrap: 20,
        subcommandTerm: (command) => [command.name(), command.usage().replace(/\[options\] ?/, '')].join(' ').trimEnd(),
      })
      .exitOverride()
      // Options behind a word of its own belong to that word: some words have words below them with options of the same name.
      // Options behind a command of a command are that one's.
      .enablePositionalOptions()
      .showSuggestionAfterError()
      .addHelpText(
        'after',
        `\n${io.program} <path...> is short for ${io.program} journey <path...>.\nExit status: 0 clean, 1 findings, 2 could not run, 3 our bug.\n${examples(
          io,
          [
            ['nowwhat ./k8s', 'the journey page for a folder of manifests'],
            ['nowwhat check ./k8s -o sarif', 'findings for code scanning'],
            ['nowwhat explain run-as-non-root', 'why, and how to fix it'],
          ],
        )}`,
      )
  );
}

/** The whole command line. `finish` gets the exit status of the command that ran. */
export function createProgram(io: Io, finish: Setting['finish']): Command {
  const program = createRoot(io);
  for (const [heading, adders] of Object.entries(groups)) {
    program.commandsGroup(`${heading}:`);
    for (const add of adders) add({ program, io, finish });
  }
  // Once more, for its group: those of commands with words below them have been declared with the one above.
  return program.helpCommand('help [command...]', 'show help for a command');
}
