// Walks the user's paths: every file worth opening, once, in an order that never changes.

import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { type Skipped, type Unreadable, UserError } from '../../model/index.ts';
import { isWorthOpening, treatFolder } from './file-names.ts';
import { describeFileProblem, isMissing, symlinkLoop } from './file-problem.ts';
import type { FoundFile } from './found-file.ts';
import { findNearNames } from './near-names.ts';

export interface Found {
  readonly files: FoundFile[];
  readonly unreadable: Unreadable[];
  readonly skipped: Skipped[];
}

/** Paths are shown with slashes everywhere, so that outputs compare between systems. */
function shown(path: string): string {
  return sep === '/' ? path : path.replaceAll(sep, '/');
}

const notAFile = 'a pipe, a socket or a device; give its path to read it';

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : 1;
}

class Walk {
  readonly found: Found = { files: [], unreadable: [], skipped: [] };
  /** Real path → how it was shown first. */
  private readonly folders = new Map<string, string>();
  private readonly files = new Map<string, string>();
  /** Links wait until all real files are known, so that the real name wins over its links. */
  private links: { readonly path: string; readonly realParent: string }[] = [];

  async input(path: string): Promise<void> {
    try {
      const info = await stat(path);
      if (info.isDirectory()) await this.folder(join(path), await realpath(path));
      // A pipe, as a shell's <(command) gives it, has no real path.
      else this.add(join(path), info.isFile() ? await realpath(path) : path, true);
    } catch (error) {
      if (isMissing(error)) throw await pathMissing(path, error);
      this.found.unreadable.push(describeFileProblem(shown(join(path)), error));
    }
  }

  async followLinks(): Promise<void> {
    while (this.links.length > 0) {
      const waiting = this.links;
      this.links = [];
      for (const { path, realParent } of waiting) await this.link(path, realParent);
    }
  }

  private add(path: string, real: string, given: boolean): void {
    if (this.files.has(real)) return;
    const file = shown(path);
    this.files.set(real, file);
    this.found.files.push({ file, real, given });
  }

  private async folder(path: string, real: string): Promise<void> {
    if (this.folders.has(real)) return;
    this.folders.set(real, shown(path));
    let entries: Awaited<ReturnType<typeof readEntries>>;
    try {
      entries = await readEntries(real);
    } catch (error) {
      this.found.unreadable.push(describeFileProblem(shown(path), error));
      return;
    }
    for (const entry of entries) {
      const below = join(path, entry.name);
      if (entry.isSymbolicLink()) this.links.push({ path: below, realParent: real });
      else if (entry.isDirectory()) await this.subfolder(below, join(real, entry.name));
      else if (isWorthOpening(entry.name)) this.file(entry, below, real);
    }
  }

  /** A pipe waits for whoever writes: it is read where the user names it. */
  private file(entry: Dirent, path: string, realParent: string): void {
    if (entry.isFile()) this.add(path, join(realParent, entry.name), false);
    else this.found.skipped.push({ file: shown(path), what: notAFile });
  }

  private async subfolder(path: string, real: string): Promise<void> {
    const treatment = treatFolder(basename(path));
    if (treatment === 'enter') await this.folder(path, real);
    else if (treatment === 'tell')
      this.found.skipped.push({ file: shown(path), what: 'hidden folder; give its path to read it' });
  }

  private async link(path: string, realParent: string): Promise<void> {
    try {
      const real = await realpath(path);
      const info = await stat(real);
      if (info.isDirectory()) await this.linkedFolder(path, real, realParent);
      else if (!isWorthOpening(basename(path))) return;
      else if (info.isFile()) this.linkedFile(path, real);
      else this.found.skipped.push({ file: shown(path), what: notAFile });
    } catch (error) {
      const name = basename(path);
      if (isWorthOpening(name) || !name.includes('.'))
        this.found.unreadable.push(describeFileProblem(shown(path), error));
    }
  }

  private async linkedFolder(path: string, real: string, realParent: string): Promise<void> {
    const known = this.folders.get(real);
    if (realParent === real || realParent.startsWith(real.endsWith(sep) ? real : real + sep))
      this.found.unreadable.push(symlinkLoop(shown(path)));
    else if (known === undefined) await this.subfolder(path, real);
    else this.found.skipped.push({ file: shown(path), what: `the same folder as ${known}` });
  }

  private linkedFile(path: string, real: string): void {
    const known = this.files.get(real);
    if (known === undefined) this.add(path, real, false);
    else this.found.skipped.push({ file: shown(path), what: `the same file as ${known}` });
  }
}

async function readEntries(folder: string) {
  return (await readdir(folder, { withFileTypes: true })).sort(byName);
}

async function pathMissing(path: string, cause: unknown): Promise<UserError> {
  const folder = dirname(path);
  const names = await readdir(folder).catch((): string[] => []);
  const near = findNearNames(basename(path), names).map((name) => shown(join(folder, name)));
  const advice =
    near.length === 0
      ? 'Give the path of a file or folder that exists, or - for standard input.'
      : `Did you mean ${near.join(' or ')}?`;
  return new UserError('path-missing', `${path} does not exist`, advice, cause);
}

/**
 * The files worth opening below `inputs`, each once and sorted. Hidden folders and node_modules are not entered; links are followed, loops
 * told. Throws `UserError` (`path-missing`) where a given path does not exist.
 */
export async function findFiles(inputs: readonly string[]): Promise<Found> {
  const walk = new Walk();
  for (const input of inputs) await walk.input(input);
  await walk.followLinks();
  return walk.found;
}
