// Reads the user's files that a kustomization renders from, each with the name its objects will get.

import { posix } from 'node:path';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { DuplicateKey, KubeObject, SourceText } from '../../model/index.ts';
import { readText, toSource } from '../files/read-text.ts';
import type { ReadOptions } from '../read-options.ts';
import type { Graph, GraphNode } from './graph.ts';
import type { Generator, Kustomization } from './kustomization.ts';
import { isNoTarget, type PatchTarget } from './patch-target.ts';

/** A text of the user's and the objects in it; `prefix` and `suffix` are what the kustomizations above it add to names. */
export interface Original {
  readonly source: SourceText;
  readonly objects: readonly KubeObject[];
  readonly duplicateKeys: readonly DuplicateKey[];
  readonly prefix: string;
  readonly suffix: string;
  /** Of a patch that its kustomization gives a target: the names in the patch then mean nothing. */
  readonly targets?: readonly PatchTarget[];
}

export interface GeneratorOriginal {
  readonly source: SourceText;
  readonly generators: readonly Generator[];
  readonly prefix: string;
  readonly suffix: string;
}

/** A kustomization with the texts of the patch files it names, to tell which single fields it sets. */
export interface FieldSetter {
  readonly source: SourceText;
  readonly kustomization: Kustomization;
  readonly patchFiles: ReadonlyMap<string, SourceText>;
}

export interface Originals {
  readonly resources: readonly Original[];
  /** In the order in which kustomize applies them. */
  readonly patches: readonly Original[];
  readonly generators: readonly GeneratorOriginal[];
  /** Inner kustomizations first: what comes later is applied on top. */
  readonly setters: readonly FieldSetter[];
}

interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

type Planned = Affixes & { readonly file: string; readonly targets?: readonly PatchTarget[] };

interface Plan {
  readonly resources: Planned[];
  readonly patches: Planned[];
  readonly generators: (Affixes & { readonly kustomization: Kustomization })[];
}

/** Prefixes go around what the folders below already added; a component acts on what its user has gathered. */
function affixesOf(graph: Graph, node: GraphNode, outer: Affixes): Affixes {
  let { prefix, suffix } = outer;
  prefix += node.kustomization.namePrefix;
  suffix = node.kustomization.nameSuffix + suffix;
  for (const key of [...node.components].reverse()) {
    const component = graph.get(key)?.kustomization;
    prefix += component?.namePrefix ?? '';
    suffix = (component?.nameSuffix ?? '') + suffix;
  }
  return { prefix, suffix };
}

function targetsOf({ folder, patchEntries }: Kustomization, path: string): PatchTarget[] {
  const entries = patchEntries.filter(({ file }) => file !== undefined && posix.join(folder, file) === path);
  return entries.map(({ target }) => target).filter((target) => !isNoTarget(target));
}

function planNode(graph: Graph, node: GraphNode, affixes: Affixes, plan: Plan): void {
  for (const key of node.bases) visit(graph, key, affixes, plan);
  for (const file of node.files.values()) plan.resources.push({ file, ...affixes });
  for (const key of node.components) {
    const component = graph.get(key);
    if (component !== undefined) planNode(graph, component, affixes, plan);
  }
  for (const file of node.patches.values())
    plan.patches.push({ file, ...affixes, targets: targetsOf(node.kustomization, file) });
  plan.generators.push({ kustomization: node.kustomization, ...affixes });
}

function visit(graph: Graph, key: string, outer: Affixes, plan: Plan): void {
  const node = graph.get(key);
  if (node !== undefined) planNode(graph, node, affixesOf(graph, node, outer), plan);
}

/** Kustomize refuses cycles, so a rendering that succeeded has none; the graph is still cut where one would be. */
function isAcyclic(graph: Graph, key: string, trail: readonly string[] = []): boolean {
  if (trail.includes(key)) return false;
  const node = graph.get(key);
  return (
    node === undefined || [...node.bases, ...node.components].every((next) => isAcyclic(graph, next, [...trail, key]))
  );
}

async function readOriginal(
  { file, prefix, suffix, targets = [] }: Planned,
  options: ReadOptions,
): Promise<Original[]> {
  const read = await readText(file, file, options.maxFileBytes);
  if (!read.ok) return [];
  const source = toSource(file, read);
  const origin = { kind: 'kustomize', unit: file } as const;
  const { objects, duplicateKeys } = parseManifests(source, { textIndex: 0, origin, namespace: '' });
  return [{ source, objects, duplicateKeys, prefix, suffix, targets }];
}

/** Everything that `top` renders from, as far as it lies in files. */
export async function readOriginals(graph: Graph, top: GraphNode, options: ReadOptions): Promise<Originals> {
  const plan: Plan = { resources: [], patches: [], generators: [] };
  if (isAcyclic(graph, top.key)) visit(graph, top.key, { prefix: '', suffix: '' }, plan);
  const readAll = async (planned: readonly Planned[]): Promise<Original[]> =>
    (await Promise.all(planned.map((each) => readOriginal(each, options)))).flat();
  const kustomizations = plan.generators.map(({ kustomization: { file, text, generators }, prefix, suffix }) => ({
    source: { file, text, rendered: false },
    generators,
    prefix,
    suffix,
  }));
  const setters = plan.generators.map(({ kustomization }, index) =>
    readSetter(kustomization, kustomizations[index]?.source, options),
  );
  return {
    resources: await readAll(plan.resources),
    patches: await readAll(plan.patches),
    generators: kustomizations,
    setters: (await Promise.all(setters)).flat(),
  };
}

async function readSetter(
  kustomization: Kustomization,
  source: SourceText | undefined,
  { maxFileBytes }: ReadOptions,
): Promise<FieldSetter[]> {
  if (source === undefined) return [];
  const patchFiles = new Map<string, SourceText>();
  for (const { file } of kustomization.patchEntries) {
    if (file === undefined) continue;
    const path = posix.join(kustomization.folder, file);
    const read = await readText(path, path, maxFileBytes);
    if (read.ok) patchFiles.set(file, toSource(path, read));
  }
  return [{ source, kustomization, patchFiles }];
}
