// Who else is made from what a kustomization is made from: overlays of the same bases and components, wherever in the repository they lie.

import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { isKustomizationName, treatFolder } from '../files/file-names.ts';
import { type Graph, type GraphNode, reach, readGraph } from './graph.ts';

export interface Sibling {
  /** As shown. */
  readonly folder: string;
  /** True where it is made from the whole kustomization, and not only from parts of it. */
  readonly usesIt: boolean;
  /** Resources and patches that it is made from, as absolute paths. */
  readonly files: ReadonlySet<string>;
}

export interface Siblings {
  /** Files that only the kustomization itself names, as absolute paths: nobody shares them but who uses it as a whole. */
  readonly ownFiles: ReadonlySet<string>;
  /** Folder in which was looked, and whose files may be edited. */
  readonly root: string;
  /** Kustomizations that nobody uses and that share a base or a component with this one, or use it. */
  readonly others: readonly Sibling[];
}

function ancestors(folder: string): string[] {
  const parent = dirname(folder);
  return parent === folder ? [folder] : [folder, ...ancestors(parent)];
}

function isWithin(path: string, folder: string): boolean {
  return path === folder || path.startsWith(folder === sep ? sep : folder + sep);
}

/** The repository; without one the folder that the user stands in, where all is below it, else the smallest that holds all. */
function rootOf(unit: string, nodes: readonly GraphNode[]): string {
  const above = ancestors(unit);
  const repository = above.find((folder) => existsSync(join(folder, '.git')));
  if (repository !== undefined) return repository;
  const here = resolve('.');
  const isBelow = (folder: string): boolean => nodes.every(({ key }) => isWithin(key, folder));
  if (here !== sep && isWithin(unit, here) && isBelow(here)) return here;
  return above.find((folder) => folder !== sep && isBelow(folder)) ?? unit;
}

async function findKustomizations(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own = entries.some((entry) => entry.isFile() && isKustomizationName(entry.name)) ? [folder] : [];
  const below = entries.filter((entry) => entry.isDirectory() && treatFolder(entry.name) === 'enter');
  const nested = await Promise.all(below.map((entry) => findKustomizations(join(folder, entry.name))));
  return [...own, ...nested.flat()];
}

/** Spelled as the user spelled the kustomization. */
function shownAs(unit: string): (folder: string) => string {
  if (resolve(unit) === unit) return (folder) => folder;
  return (folder) => {
    const path = relative(resolve('.'), folder).split(sep).join('/');
    return path === '' ? '.' : path;
  };
}

function sharing(graph: Graph, unit: string): GraphNode[] {
  const made = new Set(reach(graph, unit).map(({ key }) => key));
  const used = new Set([...graph.values()].flatMap(({ bases, components }) => [...bases, ...components]));
  return [...graph.values()].filter(
    ({ key, kustomization }) =>
      key !== unit &&
      !used.has(key) &&
      !kustomization.isComponent &&
      reach(graph, key).some((node) => made.has(node.key)),
  );
}

/** Looks through the repository once. Nothing where the folder holds no kustomization. */
export async function findSiblings(unit: string, maxBytes: number): Promise<Siblings | undefined> {
  const key = resolve(unit);
  const own = await readGraph([unit], maxBytes);
  const top = own.get(key);
  if (top === undefined) return undefined;
  const root = rootOf(key, [...own.values()]);
  const graph = await readGraph([key, ...(await findKustomizations(root))], maxBytes);
  const shown = shownAs(unit);
  const others = sharing(graph, key).map((node): Sibling => {
    const made = reach(graph, node.key);
    return {
      folder: shown(node.key),
      usesIt: made.some((each) => each.key === key),
      files: new Set(made.flatMap((each) => [...each.files.keys(), ...each.patches.keys()])),
    };
  });
  return {
    ownFiles: new Set([...top.files.keys(), ...top.patches.keys()]),
    root,
    others: others.toSorted((a, b) => (a.folder < b.folder ? -1 : 1)),
  };
}
