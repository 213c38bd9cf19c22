// The folder .nowwhat/ beside the user's files: plans, what was done of them, and proofs. Each file is written aside and renamed: whole or not at all.

import { existsSync } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { renderJson, UserError } from '../../model/index.ts';

export const recordFolder = '.nowwhat';

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

async function folderOf(path: string): Promise<string> {
  const info = await stat(path).catch(() => undefined);
  return resolve(info?.isDirectory() === true ? path : dirname(path));
}

/**
 * The folder that records are about: the nearest one above a path that has records, or is a repository; without either the folder the user stands
 * in, where the path is below it, else the path's own.
 */
export async function findRecordRoot(path: string): Promise<string> {
  const start = await folderOf(path);
  const above = ancestors(start);
  const known = above.find((folder) => existsSync(join(folder, recordFolder)) || existsSync(join(folder, '.git')));
  if (known !== undefined) return known;
  const here = resolve('.');
  return above.includes(here) ? here : start;
}

/** Whether somebody keeps records in this folder: commands that only look make none where nobody wants them. */
export function keepsRecords(root: string): boolean {
  return existsSync(join(root, recordFolder));
}

/** A path as plans name it: from the root, with `/`. `undefined` for one outside. */
export function nameIn(root: string, path: string): string | undefined {
  const name = relative(root, resolve(path)).split(sep).join('/');
  return name === '' || name === '..' || name.startsWith('../') ? undefined : name;
}

/** Writes a record. It is on the disk when this resolves. */
export async function writeRecord(file: string, value: unknown): Promise<void> {
  const aside = `${file}.part-${process.pid}`;
  try {
    await mkdir(dirname(file), { recursive: true });
    const handle = await open(aside, 'w');
    try {
      await handle.writeFile(`${renderJson(value, 2)}\n`);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(aside, file);
  } catch (cause) {
    await rm(aside, { force: true });
    throw new UserError('output-failed', `${file} cannot be written`, 'See who may write the folder.', cause);
  }
}

/** The text of a record; `undefined` where there is none. */
export async function readRecord(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new UserError('path-unreadable', `${file} cannot be read`, 'See who may read it.', error);
  }
}

/** Names in a folder of records, sorted; none where there is no such folder. */
export async function listRecords(folder: string): Promise<string[]> {
  const names = await readdir(folder).catch(() => []);
  return names.filter((name) => !name.includes('.part-')).toSorted();
}
