// Finds and reads nowwhat.yaml: the one the user named, or the nearest one beside the input or above it.

import { existsSync } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { UserError } from '../../model/index.ts';
import type { Config } from './config-schema.ts';

export interface LoadedConfig {
  /** As the user would write it; nothing where no file was found. */
  readonly file: string | undefined;
  /** Text of the file, for errors that name a line. */
  readonly source: string;
  readonly config: Config;
}

const fileName = 'nowwhat.yaml';

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

/**
 * Folders that may hold the settings of an input: its own and those above, up to the root of its repository; without a repository up to the
 * folder the user stands in, where that is above. Never further: a file in a home folder is not about this app.
 */
function searchedFolders(start: string, workingFolder: string): string[] {
  const all = ancestors(start);
  const repository = all.findIndex((folder) => existsSync(join(folder, '.git')));
  const last = repository === -1 ? all.indexOf(workingFolder) : repository;
  return all.slice(0, Math.max(last, 0) + 1);
}

async function foldersFor(input: string): Promise<string[]> {
  const info = await stat(input).catch(() => undefined);
  return searchedFolders(resolve(info?.isDirectory() === true ? input : dirname(input)), resolve('.'));
}

function shown(file: string): string {
  const path = relative(resolve('.'), file);
  return path.startsWith('..') ? file : path;
}

async function findConfig(input: string): Promise<string | undefined> {
  const folders = await foldersFor(input);
  const found = folders.map((folder) => join(folder, fileName)).find((file) => existsSync(file));
  return found === undefined ? undefined : shown(found);
}

/** Where settings are written that the input is to find: beside the unit that they are about, as near as they are found. */
export async function newConfigFile(input: string, unit: string): Promise<string> {
  const folders = await foldersFor(input);
  const beside = dirname(resolve(unit));
  const folder = folders.find((each) => beside === each || beside.startsWith(`${each}/`)) ?? folders.at(-1) ?? '.';
  return shown(join(folder, fileName));
}

/** Reads the configuration for an input. `explicit` is the file that the user named. */
export async function readConfig(input: string, explicit: string | undefined): Promise<LoadedConfig> {
  const file = explicit ?? (await findConfig(input === '-' ? '.' : input));
  if (file === undefined) return { file, source: '', config: {} };
  const source = await readFile(file, 'utf8').catch((cause: unknown) => {
    const missing = cause instanceof Error && 'code' in cause && cause.code === 'ENOENT';
    throw new UserError(
      missing ? 'path-missing' : 'path-unreadable',
      `the settings ${file} ${missing ? 'do not exist' : 'cannot be read'}`,
      'Give the path of a settings file that you may read; `nowwhat init` writes one.',
      cause,
    );
  });
  const { parseConfig } = await import('./config-schema.ts');
  return { file, source, config: parseConfig(file, source) };
}
