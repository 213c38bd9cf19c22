// Reads every unit below the user's paths, side by side.

import { resolve } from 'node:path';
import type { Skipped } from '../model/index.ts';
import { baseName, folderOf, isBelow, isKustomizationName, isManifestName } from './files/file-names.ts';
import { tooLarge } from './files/file-problem.ts';
import { findFiles } from './files/find-files.ts';
import type { FoundFile } from './files/found-file.ts';
import { mapBounded } from './files/map-bounded.ts';
import { readText, type TextOutcome, toSource, toText } from './files/read-text.ts';
import type { Chart } from './helm/chart.ts';
import { asDeployed, type ChartUnit, programsAtOnce, readArchiveUnit, readChart } from './helm/read-charts.ts';
import { readChartFolder } from './helm/read-chart-folder.ts';
import { type Graph, type GraphNode, reach, readGraph } from './kustomize/graph.ts';
import { readOriginals } from './kustomize/read-originals.ts';
import { readManifest } from './manifests/read-manifest.ts';
import { emptyPart, joinParts, type Part, unreadablePart } from './part.ts';
import type { ReadOptions } from './read-options.ts';
import type { PostRender } from './post-render/overlay.ts';
import { mayDeploy } from './releases/chart-release.ts';
import { assignFiles } from './units/assign-files.ts';
import { chooseKustomizations } from './units/choose-kustomizations.ts';
import { givesWayTo, type UnitPart } from './units/leave-out.ts';
import { mayBeEvidence } from './units/recognise.ts';

/** Files read at once: enough to keep the disk busy. */
const filesAtOnce = 16;

const standardInput: FoundFile = { file: '-', real: '-', given: true };

async function readStandardInput({ stdin, maxFileBytes }: ReadOptions): Promise<TextOutcome> {
  const bytes = await stdin();
  return bytes.length > maxFileBytes ? { ok: false, unreadable: tooLarge('-', maxFileBytes) } : toText('-', bytes);
}

async function readOneManifest(found: FoundFile, options: ReadOptions): Promise<Part> {
  const { file, real } = found;
  const text =
    found === standardInput ? await readStandardInput(options) : await readText(file, real, options.maxFileBytes);
  if (!text.ok) return unreadablePart(text.unreadable);
  if (mayBeEvidence(text.text)) {
    const { findEvidence } = await import('./evidence/read-evidence.ts');
    const part = findEvidence(file, text.text);
    if (part !== undefined) return part;
  }
  const origin = { kind: 'manifest', unit: file } as const;
  return readManifest(toSource(file, text), { origin, namespace: options.namespace });
}

async function readManifests(files: readonly FoundFile[], options: ReadOptions, unit: string): Promise<UnitPart[]> {
  if (files.length === 0) return [];
  const parts = await mapBounded(files, filesAtOnce, (found) => readOneManifest(found, options));
  return [{ kind: 'manifest', unit, prefixes: [], part: joinParts(parts) }];
}

async function readKustomization(graph: Graph, node: GraphNode, options: ReadOptions): Promise<UnitPart> {
  const { renderKustomization } = await import('./kustomize/render-kustomization.ts');
  const prefixes = reach(graph, node.key).map(({ kustomization }) => kustomization.namePrefix);
  return {
    kind: 'kustomize',
    unit: node.kustomization.folder,
    prefixes: prefixes.filter((each) => each !== ''),
    part: await renderKustomization(graph, node, options),
  };
}

async function findCharts(files: readonly FoundFile[], maxBytes: number): Promise<Chart[]> {
  const folders = files.filter(({ file }) => baseName(file) === 'Chart.yaml').map(({ file }) => folderOf(file));
  const charts = await mapBounded(folders, filesAtOnce, (folder) => readChartFolder(folder, maxBytes));
  return charts.filter((chart) => chart !== undefined);
}

/** What a kustomization will render, judging by its resources: enough to see that it packages an app that is already read. */
async function foreseeKustomization(graph: Graph, node: GraphNode, options: ReadOptions): Promise<UnitPart> {
  const { resources } = await readOriginals(graph, node, options);
  const objects = resources.flatMap((original) => original.objects);
  return { kind: 'kustomize', unit: node.kustomization.folder, prefixes: [], part: { ...emptyPart, objects } };
}

/** Kustomizations that only repeat the manifests are not rendered: that takes longer than all the rest. */
async function readKustomizations(
  graph: Graph,
  nodes: readonly GraphNode[],
  manifests: readonly UnitPart[],
  options: ReadOptions,
): Promise<UnitPart[]> {
  return mapBounded(nodes, programsAtOnce, async (node) => {
    if (manifests.length > 0) {
      const foreseen = await foreseeKustomization(graph, node, options);
      if (manifests.some((unit) => givesWayTo(foreseen, unit))) return foreseen;
    }
    return readKustomization(graph, node, options);
  });
}

/** The charts, with the values and behind the patches of whoever deploys them by an object of the other units. */
async function deployed(charts: readonly ChartUnit[], others: readonly UnitPart[], options: ReadOptions) {
  const read = charts.map(({ unit }) => unit);
  if (charts.length === 0 || !others.some(({ part }) => part.objects.some(mayDeploy))) return read;
  return asDeployed(charts, joinParts(others.map(({ part }) => part)), options);
}

/** With what Flux puts in after the build; loaded where a Kustomization of Flux is found. */
async function withVariables(units: readonly UnitPart[], { namespace }: ReadOptions) {
  const isFlux = units.some(({ part }) => part.objects.some(({ group }) => group === 'kustomize.toolkit.fluxcd.io'));
  if (!isFlux) return { units, notes: [] };
  const { putVariables } = await import('./releases/put-variables.ts');
  return putVariables(units, namespace);
}

/** What is told of whoever deploys charts. */
async function tellDeployers(units: readonly UnitPart[], { maxFileBytes }: ReadOptions): Promise<Skipped[]> {
  const objects = units.flatMap(({ part }) => part.objects);
  if (!objects.some(mayDeploy)) return [];
  const { tellRemoteCharts, tellUnmade } = await import('./releases/remote-charts.ts');
  return [...tellRemoteCharts(objects), ...(await tellUnmade(objects, maxFileBytes))];
}

interface WithoutOverlays {
  readonly files: readonly FoundFile[];
  readonly skipped: readonly Skipped[];
}

/** Files of overlays behind charts are read with their chart only. */
function withoutOverlays(found: readonly FoundFile[], declared: readonly PostRender[]): WithoutOverlays {
  const skipped: Skipped[] = [];
  const files = found.filter(({ file }) => {
    // A HelmRelease is an object of the app as well.
    const behindChart = declared.find(
      ({ overlay }) => !isManifestName(overlay) && isBelow(resolve(file), resolve(overlay)),
    );
    if (behindChart !== undefined && isKustomizationName(baseName(file)))
      skipped.push({ file, what: `overlay behind the chart ${behindChart.chart}; give the chart to read both` });
    return behindChart === undefined;
  });
  return { files, skipped };
}

export interface ReadUnits {
  readonly units: readonly UnitPart[];
  /** What was told before any unit was read. */
  readonly before: Part;
}

/** Every unit below the inputs. Throws `UserError` (`path-missing`) where an input does not exist. */
export async function readUnits(inputs: readonly string[], options: ReadOptions): Promise<ReadUnits> {
  const found = await findFiles(inputs.filter((input) => input !== '-'));
  const own = withoutOverlays(found.files, options.helm.postRender ?? []);
  const charts = await findCharts(own.files, options.maxFileBytes);
  const folders = own.files.filter(({ file }) => isKustomizationName(baseName(file))).map(({ file }) => folderOf(file));
  const graph = await readGraph(folders, options.maxFileBytes);
  const assigned = assignFiles({ files: own.files, charts, graph });
  const { chosen, skipped } = chooseKustomizations(graph, folders);
  const files = inputs.includes('-') ? [standardInput, ...assigned.manifests] : assigned.manifests;
  const [rendered, archives, plain] = await Promise.all([
    mapBounded(assigned.charts, programsAtOnce, (chart) => readChart(chart, options)),
    mapBounded(assigned.archives, programsAtOnce, (archive) => readArchiveUnit(archive, options)),
    readManifests(files, options, inputs.join(' ')).then(async (manifests) => [
      ...manifests,
      ...(await readKustomizations(graph, chosen, manifests, options)),
    ]),
  ]);
  const put = await withVariables(plain, options);
  const deployers = await tellDeployers(put.units, options);
  const units = [...put.units, ...(await deployed([...rendered, ...archives.flat()], put.units, options))];
  const told: Skipped[] = [
    ...found.skipped,
    ...own.skipped,
    ...assigned.skipped,
    ...skipped,
    ...put.notes,
    ...deployers,
  ];
  const before: Part = { ...emptyPart, unreadable: found.unreadable, skipped: told };
  return { units, before };
}
