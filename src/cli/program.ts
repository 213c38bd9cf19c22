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

/** How commands are declared, and what they are called; without names it is one that looks at all the others. */
type Declaration = readonly [add: (setting: Setting) => void, ...names: string[]];

/** The commands by what somebody wants, in the order in which a newcomer does. */
const groups: Readonly<Record<string, readonly Declaration[]>> = {
  'See how far an app is': [
    [addReports, 'journey', 'check'],
    [addRequest, 'request'],
  ],
  'Look closer': [
    [addInventory, 'inventory'],
    [addRights, 'who-can', 'what-can'],
    [addTraffic, 'traffic'],
    [addNetwork, 'network'],
    [addNetworkWords, 'network'],
    [addProbe, 'probe'],
  ],
  'Look at clusters': [
    [addSnapshot, 'snapshot'],
    [addFacts, 'facts'],
    [addCompare, 'compare'],
    [addDrift, 'drift'],
  ],
  'Put right': [
    [addFix, 'fix'],
    [addIsolation, 'isolation'],
    [addSecrets, 'secrets'],
    [addPodSecurity, 'pod-security'],
    [addPin, 'pin'],
    [addSignaturePolicy, 'signature-policy'],
    [addGuardRails, 'guard-rails'],
    [addRoles, 'roles'],
    [addUnusedRights, 'unused-rights'],
  ],
  'Review, apply, take back, prove': [
    [addPlan, 'plan'],
    [addApply, 'apply'],
    [addUndo, 'undo'],
    [addProofs, 'proofs'],
  ],
  'Save, bring back, copy, move': [
    [addBackup, 'backup'],
    [addRestore, 'restore'],
    [addSchedule, 'schedule'],
    [addDrill, 'drill'],
    [addClone, 'clone'],
    [addMigrate, 'migrate'],
  ],
  'Learn and set up': [[addExplain, 'explain'], [addChecks, 'checks'], [addSetup]],
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

/**
 * The command line: whole, or of the command alone that the first word names, since declaring all takes as long as a quarter of what Node.js itself needs. `finish` gets the
 * exit status of the command that ran.
 */
export function createProgram(io: Io, finish: Setting['finish'], first?: string): Command {
  const program = createRoot(io);
  const isNamed = ([, ...names]: Declaration): boolean => first !== undefined && names.includes(first);
  const hasNamed = Object.values(groups).flat().some(isNamed);
  for (const [heading, declarations] of Object.entries(groups)) {
    program.commandsGroup(`${heading}:`);
    for (const declaration of hasNamed ? declarations.filter(isNamed) : declarations)
      declaration[0]({ program, io, finish });
  }
  // Once more, for its group: those of commands with words below them have been declared with the one above.
  return program.helpCommand('help [command...]', 'show help for a command');
}
