// `completion`: scripts for bash, zsh and fish, made from the program's own commands and options; and what they ask the program for, names.

import type { Command } from 'commander';
import { readContextNames, readLiveNames, readSavedNames } from '../../app/backups/known-names.ts';
import { builtInChecks } from '../../checks/index.ts';
import { describeCommands } from '../completion/describe-commands.ts';
import { findWanted, type WantedName } from '../completion/find-wanted.ts';
import { renderBash } from '../completion/render-bash.ts';
import { renderFish } from '../completion/render-fish.ts';
import { renderZsh } from '../completion/render-zsh.ts';
import { unquote } from '../completion/unquote.ts';
import { toClusterOnlyWish } from '../flags.ts';
import type { Io } from '../io.ts';
import { requireStore } from '../store-flags.ts';

export type Shell = 'bash' | 'zsh' | 'fish';

export function runCompletion(shell: Shell, program: Command, io: Io): number {
  const ids = builtInChecks.map(({ meta }) => meta.id);
  const script = { bash: renderBash, zsh: renderZsh, fish: renderFish }[shell];
  io.out(script(describeCommands(program), ids));
  return 0;
}

/** Milliseconds that names may take: somebody waits with a finger on the key. */
const patience = 1500;

function readNames({ kind, flags, operands }: WantedName, io: Io): Promise<readonly string[]> {
  const { environment, stdin, today } = io;
  switch (kind) {
    case 'context':
      return readContextNames(flags.kubeconfig, io);
    case 'namespace':
    case 'schedule':
    case 'clone':
      return readLiveNames(kind, toClusterOnlyWish({ context: '.', ...flags }), {
        environment,
        stdin,
        today,
        progress: () => undefined,
      });
    default:
      return readSavedNames({ kind, store: requireStore(flags, io), backup: flags.fromBackup ?? operands[0] });
  }
}

function afterPatience(): Promise<readonly string[]> {
  return new Promise((resolve) => {
    setTimeout(resolve, patience, []);
  });
}

/** A name that stands in the line or in the list already is not offered again. */
function isNew(name: string, { before, operands }: WantedName): boolean {
  return !before.split(',').includes(name) && !operands.includes(name);
}

/**
 * Prints the names that the last word may become, one a line. Whatever goes wrong, or takes too long, there are none: a shell that completes has no
 * place for an explanation. What is under way then is left to the end of the process.
 */
export async function runComplete(typed: readonly string[], program: Command, io: Io): Promise<number> {
  try {
    const wanted = findWanted(
      program,
      typed.map((word) => unquote(word, io.environment)),
    );
    if (wanted === undefined) return 0;
    const names = await Promise.race([readNames(wanted, io), afterPatience()]);
    for (const name of names.toSorted())
      if (name.startsWith(wanted.typed) && isNew(name, wanted)) io.out(`${wanted.before}${name}\n`);
  } catch {
    return 0;
  }
  return 0;
}
