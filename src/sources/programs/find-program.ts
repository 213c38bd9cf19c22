// Finds a program the user has: named by an environment variable, or on PATH.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, join } from 'node:path';

export type Environment = Readonly<Record<string, string | undefined>>;

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}

function candidates(name: string, environment: Environment): string[] {
  const folders = (environment['PATH'] ?? environment['Path'] ?? '').split(delimiter);
  const extensions = delimiter === ';' ? ['.exe', '.cmd'] : [''];
  // An empty or relative entry of PATH would run a program from the folder being read.
  return folders
    .filter((folder) => folder.startsWith('/') || /^[A-Za-z]:/.test(folder))
    .flatMap((folder) => extensions.map((extension) => join(folder, name + extension)));
}

/** Absolute path of `name` on PATH; `undefined` where there is none. */
export async function findOnPath(name: string, environment: Environment): Promise<string | undefined> {
  for (const path of candidates(name, environment)) if (await isProgram(path)) return path;
  return undefined;
}

/** The program that `variable` names, or `name` on PATH. A variable that names nothing is no reason to take another program. */
export async function findProgram(
  name: string,
  variable: string,
  environment: Environment,
): Promise<string | undefined> {
  const named = environment[variable];
  if (named === undefined || named === '') return findOnPath(name, environment);
  return (await isProgram(named)) ? named : undefined;
}
