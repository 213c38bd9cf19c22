// Files of the repository that an ApplicationSet stands in: parameters of its git generator are read from them.

import { readdir, stat } from 'node:fs/promises';
import { dirname, join, posix, resolve, sep } from 'node:path';
import { globToRegExp } from '../../../kube/variables/index.ts';
import { parseYaml } from '../../../kube/yaml/index.ts';
import { asArray, asObject, asString, isJsonObject, type JsonObject } from '../../../model/index.ts';
import { readText } from '../../files/read-text.ts';

export interface RepositoryFile {
  /** From the root of the repository. */
  readonly path: string;
  /** What it says: one, or several in a list. */
  readonly items: readonly JsonObject[];
}

/** Entries of folders that are looked at, before a pattern is given up. */
const mostEntries = 20_000;

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** Folders that may be the root of the repository: the one with `.git`, else those around the file, up to the working folder. */
async function rootsAround(file: string): Promise<string[]> {
  const roots: string[] = [];
  const working = resolve('.');
  for (let folder = dirname(resolve(file)); ; folder = dirname(folder)) {
    if (await isThere(join(folder, '.git'))) return [folder];
    roots.push(folder);
    if (dirname(folder) === folder) break;
  }
  const inside = roots.filter((root) => root === working || root.startsWith(working + sep));
  return inside.length > 0 ? inside : roots.filter((root) => dirname(root) !== root);
}

/** The folder that a pattern names before its first wildcard. */
function fixedFolder(pattern: string): string {
  const segments = pattern.split('/').slice(0, -1);
  const first = segments.findIndex((segment) => /[*?[\\]/.test(segment));
  return (first === -1 ? segments : segments.slice(0, first)).join('/');
}

/** Files below a folder, from the root on; nothing where there are too many. */
async function listFiles(root: string, folder: string): Promise<string[] | undefined> {
  const files: string[] = [];
  const waiting = [folder];
  let seen = 0;
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const entries = await readdir(join(root, next), { withFileTypes: true }).catch(() => []);
    seen += entries.length;
    if (seen > mostEntries) return undefined;
    for (const entry of entries) {
      const path = posix.join(next, entry.name);
      if (entry.isFile()) files.push(path);
      else if (entry.isDirectory() && !['.git', 'node_modules'].includes(entry.name)) waiting.push(path);
    }
  }
  return files.sort();
}

interface Rule {
  readonly pattern: string;
  readonly isExcluding: boolean;
}

/** As git matches paths, where an asterisk stands for folders, too. */
function matches({ pattern }: Rule, path: string): boolean {
  return pattern === path || globToRegExp(pattern)?.test(path) === true;
}

async function pathsIn(root: string, rules: readonly Rule[]): Promise<string[]> {
  const found = new Set<string>();
  for (const rule of rules.filter(({ isExcluding }) => !isExcluding)) {
    const files = (await listFiles(root, fixedFolder(rule.pattern))) ?? [];
    for (const path of files) if (matches(rule, path)) found.add(path);
  }
  return [...found].filter((path) => !rules.some((rule) => rule.isExcluding && matches(rule, path))).sort();
}

async function readItems(path: string, maxBytes: number): Promise<JsonObject[] | undefined> {
  const read = await readText(path, path, maxBytes);
  const parsed = read.ok ? parseYaml(read.text) : undefined;
  if (parsed?.ok !== true) return undefined;
  const [value] = parsed.parsed.values;
  if (!Array.isArray(value)) return isJsonObject(value) ? [value] : undefined;
  return value.length === 0 ? [{}] : asArray(value).map(asObject);
}

/** Files that `git.files` names, around the file of the ApplicationSet; nothing where none is there, or one cannot be read. */
export async function readRepositoryFiles(
  { files }: JsonObject,
  around: string,
  maxBytes: number,
): Promise<RepositoryFile[] | undefined> {
  const rules = asArray(files)
    .map(asObject)
    .map((rule) => ({ pattern: asString(rule['path']) ?? '', isExcluding: rule['exclude'] === true }));
  for (const root of await rootsAround(around)) {
    const paths = await pathsIn(root, rules);
    const read = await Promise.all(paths.map((path) => readItems(join(root, path), maxBytes)));
    if (paths.length > 0)
      return read.includes(undefined) ? undefined : paths.map((path, at) => ({ path, items: read[at] ?? [] }));
  }
  return undefined;
}
