// Decides which kustomizations are read: what others use is not read beside them, and of the overlays of one app only one is.

import { resolve } from 'node:path';
import { type Graph, type GraphNode, reach } from '../kustomize/graph.ts';
import type { Skipped } from '../../model/index.ts';
import { environmentRank } from './environment-rank.ts';

export interface ChosenKustomizations {
  readonly chosen: readonly GraphNode[];
  readonly skipped: readonly Skipped[];
}

/** Files and remote places an app is made of; components are left out, since unrelated apps may share them. */
function ingredients(graph: Graph, top: GraphNode): ReadonlySet<string> {
  const nodes = reach(graph, top.key).filter(({ kustomization }) => !kustomization.isComponent);
  return new Set(nodes.flatMap(({ files, remotes }) => [...files.keys(), ...remotes]));
}

function isSameApp(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  const shared = [...a].filter((each) => b.has(each)).length;
  return shared > 0 && shared * 2 >= Math.min(a.size, b.size);
}

function groupByApp(graph: Graph, tops: readonly GraphNode[]): GraphNode[][] {
  const groups: { readonly nodes: GraphNode[]; readonly made: ReadonlySet<string> }[] = [];
  for (const top of tops) {
    const made = ingredients(graph, top);
    const group = groups.find((each) => isSameApp(each.made, made));
    if (group === undefined) groups.push({ nodes: [top], made });
    else group.nodes.push(top);
  }
  return groups.map(({ nodes }) => nodes);
}

function nearestToProduction(nodes: readonly GraphNode[]): GraphNode[] {
  const rank = ({ kustomization }: GraphNode): number => environmentRank(kustomization.folder);
  return [...nodes].sort((a, b) => rank(a) - rank(b) || (a.key < b.key ? -1 : 1));
}

function otherOverlay({ kustomization }: GraphNode, chosen: GraphNode): Skipped {
  const { folder } = chosen.kustomization;
  return {
    file: kustomization.file,
    what: `another overlay of the app that ${folder} renders; give ${kustomization.folder} to read it instead`,
  };
}

/** `folders` are those of the graph's that the user gave; the others are only followed. */
export function chooseKustomizations(graph: Graph, folders: readonly string[]): ChosenKustomizations {
  const inside = new Set(folders.map((folder) => resolve(folder)));
  const nodes = [...graph.values()];
  const used = new Set(nodes.flatMap(({ bases, components }) => [...bases, ...components]));
  const tops = nodes.filter(({ key }) => inside.has(key) && !used.has(key));
  const skipped: Skipped[] = tops
    .filter(({ kustomization }) => kustomization.isComponent)
    .map(({ kustomization }) => ({ file: kustomization.file, what: 'component that no kustomization here uses' }));
  const chosen: GraphNode[] = [];
  for (const group of groupByApp(
    graph,
    tops.filter(({ kustomization }) => !kustomization.isComponent),
  )) {
    const [first, ...rest] = nearestToProduction(group);
    if (first === undefined) continue;
    chosen.push(first);
    skipped.push(...rest.map((node) => otherOverlay(node, first)));
  }
  return { chosen, skipped };
}
