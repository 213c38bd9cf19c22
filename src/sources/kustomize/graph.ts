// Kustomizations and what they lead to, followed over the file system: who uses whom, and which files are spoken for.

import { readdir, stat } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { isKustomizationName } from '../files/file-names.ts';
import { readText } from '../files/read-text.ts';
import { isRemote, type Kustomization, parseKustomization } from './kustomization.ts';

/** A kustomization with its references resolved. Folders and files are keys: absolute paths. */
export interface GraphNode {
  readonly key: string;
  readonly kustomization: Kustomization;
  /** Folders with kustomizations of their own, in the order in which they are applied. */
  readonly bases: readonly string[];
  readonly components: readonly string[];
  /** Plain files named as resources: key → path as shown. */
  readonly files: ReadonlyMap<string, string>;
  readonly patches: ReadonlyMap<string, string>;
  readonly otherFiles: readonly string[];
  readonly remotes: readonly string[];
}

export type Graph = ReadonlyMap<string, GraphNode>;

interface Resolved {
  readonly folders: string[];
  readonly files: Map<string, string>;
  readonly remotes: string[];
}

async function kindOf(path: string): Promise<'folder' | 'file' | 'missing'> {
  const info = await stat(path).catch(() => undefined);
  if (info === undefined) return 'missing';
  return info.isDirectory() ? 'folder' : 'file';
}

class GraphReader {
  readonly nodes = new Map<string, GraphNode>();
  private readonly visited = new Set<string>();
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  async visit(folder: string): Promise<void> {
    const key = resolve(folder);
    if (this.visited.has(key)) return;
    this.visited.add(key);
    const kustomization = await readKustomizationOf(folder, this.maxBytes);
    if (kustomization === undefined) return;
    const resources = await this.resolveAll(kustomization.folder, kustomization.resources);
    const components = await this.resolveAll(kustomization.folder, kustomization.components);
    const patches = await this.resolveAll(kustomization.folder, kustomization.patches);
    this.nodes.set(key, {
      key,
      kustomization,
      bases: resources.folders.map((each) => resolve(each)),
      components: components.folders.map((each) => resolve(each)),
      files: new Map([...resources.files, ...components.files]),
      patches: patches.files,
      otherFiles: kustomization.otherFiles.map((each) => resolve(posix.join(kustomization.folder, each))),
      remotes: [...resources.remotes, ...components.remotes],
    });
    for (const next of [...resources.folders, ...components.folders]) await this.visit(next);
  }

  private async resolveAll(folder: string, entries: readonly string[]): Promise<Resolved> {
    const resolved: Resolved = { folders: [], files: new Map(), remotes: [] };
    for (const entry of entries) {
      const path = posix.join(folder, entry);
      const kind = await kindOf(path);
      if (kind === 'folder') resolved.folders.push(path.replace(/(?<=.)\/$/, ''));
      else if (kind === 'file') resolved.files.set(resolve(path), path);
      else if (isRemote(entry)) resolved.remotes.push(entry);
    }
    return resolved;
  }
}

/** The kustomization of a folder; kustomize takes the first of its three names and refuses two. */
async function readKustomizationOf(folder: string, maxBytes: number): Promise<Kustomization | undefined> {
  const names = (await readdir(folder).catch((): string[] => [])).filter(isKustomizationName).sort();
  const [name] = names;
  if (name === undefined) return undefined;
  const file = posix.join(folder, name);
  const read = await readText(file, file, maxBytes);
  return read.ok ? parseKustomization({ folder: posix.join(folder), file, text: read.text }) : undefined;
}

/** The graph from these folders on; it may leave the folders the user gave, as kustomize does. */
export async function readGraph(folders: readonly string[], maxBytes: number): Promise<Graph> {
  const reader = new GraphReader(maxBytes);
  for (const folder of folders) await reader.visit(folder);
  return reader.nodes;
}

/** All nodes that `key` leads to, itself first; each once. */
export function reach(graph: Graph, key: string): GraphNode[] {
  const seen = new Set<string>();
  const nodes: GraphNode[] = [];
  const waiting = [key];
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    const node = graph.get(next);
    if (node === undefined || seen.has(next)) continue;
    seen.add(next);
    nodes.push(node);
    waiting.push(...node.bases, ...node.components);
  }
  return nodes;
}
