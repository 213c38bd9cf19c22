// From the user's paths to a snapshot: find the files, give each to its unit, read the units, count each object once.

import { stat } from 'node:fs/promises';
import { type ReadUnit, type Skipped, type Snapshot, type Unreadable, UserError } from '../model/index.ts';
import { baseName, folderOf, isKustomizationName } from './files/file-names.ts';
import { tooLarge } from './files/file-problem.ts';
import { findFiles } from './files/find-files.ts';
import type { FoundFile } from './files/found-file.ts';
import { mapBounded } from './files/map-bounded.ts';
import { readText, type TextOutcome, toText } from './files/read-text.ts';
import { type Chart, releaseNameOf } from './helm/chart.ts';
import { readChartFolder } from './helm/read-chart-folder.ts';
import { type Graph, type GraphNode, reach, readGraph } from './kustomize/graph.ts';
import { readManifest } from './manifests/read-manifest.ts';
import { emptyPart, joinParts, type Part, unreadablePart } from './part.ts';
import type { ReadOptions } from './read-options.ts';
import { assignFiles } from './units/assign-files.ts';
import { chooseKustomizations } from './units/choose-kustomizations.ts';
import { leaveOutDoubles, type UnitPart } from './units/leave-out.ts';

/** Files read at once: enough to keep the disk busy. */
const filesAtOnce = 16;
/** Programs run at once. */
const programsAtOnce = 3;

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
  const origin = { kind: 'manifest', unit: file } as const;
  return readManifest({ file, text: text.text, rendered: false }, { origin, namespace: options.namespace });
}

async function readManifests(files: readonly FoundFile[], options: ReadOptions, unit: string): Promise<UnitPart[]> {
  if (files.length === 0) return [];
  const parts = await mapBounded(files, filesAtOnce, (found) => readOneManifest(found, options));
  return [{ kind: 'manifest', unit, prefixes: [], part: joinParts(parts) }];
}

/** Loaded when a chart is found: most folders hold none, and unpacking and running programs take time to load. */
async function loadHelm() {
  const [{ renderChart }, templates] = await Promise.all([
    import('./helm/render-chart.ts'),
    import('./helm/template-files.ts'),
  ]);
  return { renderChart, ...templates };
}

async function readChart(chart: Chart, options: ReadOptions): Promise<UnitPart> {
  const { folderTemplates, renderChart } = await loadHelm();
  const part = await renderChart(chart, folderTemplates(chart, options.maxFileBytes), options);
  return { kind: 'helm', unit: chart.unit, prefixes: [`${releaseNameOf(chart.name)}-`], part };
}

async function readArchiveUnit({ file, real, given }: FoundFile, options: ReadOptions): Promise<UnitPart[]> {
  const { openArchive, renderChart } = await loadHelm();
  const opened = await openArchive(file, options.maxFileBytes, real);
  if (opened !== undefined) {
    const part = await renderChart(opened.chart, opened.templates, options);
    return [{ kind: 'helm', unit: file, prefixes: [`${releaseNameOf(opened.chart.name)}-`], part }];
  }
  if (!given) return [];
  const unreadable: Unreadable = {
    code: 'invalid-chart',
    position: { file, line: 1, column: 1 },
    reason: 'the archive cannot be unpacked, or holds no chart',
    advice: 'Give an archive made by helm package, or the files themselves.',
  };
  return [{ kind: 'helm', unit: file, prefixes: [], part: unreadablePart(unreadable) }];
}

async function readKustomization(graph: Graph, node: GraphNode, options: ReadOptions): Promise<UnitPart> {
  const { renderKustomization } = await import('./kustomize/render-kustomization.ts');
  const part = await renderKustomization(graph, node, options);
  const prefixes = reach(graph, node.key).map(({ kustomization }) => kustomization.namePrefix);
  return { kind: 'kustomize', unit: node.kustomization.folder, prefixes: prefixes.filter((each) => each !== ''), part };
}

async function findCharts(files: readonly FoundFile[], maxBytes: number): Promise<Chart[]> {
  const folders = files.filter(({ file }) => baseName(file) === 'Chart.yaml').map(({ file }) => folderOf(file));
  const charts = await mapBounded(folders, filesAtOnce, (folder) => readChartFolder(folder, maxBytes));
  return charts.filter((chart) => chart !== undefined);
}

async function checkValuesFiles({ helm, allowRemote }: ReadOptions): Promise<void> {
  for (const file of helm.values) {
    if (/^[a-z][a-z0-9+.-]*:\/\//i.test(file)) {
      if (!allowRemote)
        throw new UserError(
          'invalid-option',
          `--values ${file} would be fetched from the network`,
          'Fetch it yourself and give the file, or add --allow-remote.',
        );
      continue;
    }
    await stat(file).catch((cause: unknown) => {
      throw new UserError(
        'path-missing',
        `the values file ${file} does not exist`,
        'Give the path of a file that exists.',
        cause,
      );
    });
  }
}

/** Every unit below the inputs, read; and what was left out before reading. */
async function readUnits(inputs: readonly string[], options: ReadOptions) {
  const paths = inputs.filter((input) => input !== '-');
  const found = await findFiles(paths);
  const charts = await findCharts(found.files, options.maxFileBytes);
  const kustomized = found.files.filter(({ file }) => isKustomizationName(baseName(file)));
  const graph = await readGraph(
    kustomized.map(({ file }) => folderOf(file)),
    options.maxFileBytes,
  );
  const assigned = assignFiles({ files: found.files, charts, graph });
  const chosen = chooseKustomizations(
    graph,
    kustomized.map(({ file }) => folderOf(file)),
  );
  const manifests = inputs.includes('-') ? [standardInput, ...assigned.manifests] : assigned.manifests;
  const work: (() => Promise<UnitPart[]>)[] = [
    ...chosen.chosen.map((node) => async () => [await readKustomization(graph, node, options)]),
    ...assigned.charts.map((chart) => async () => [await readChart(chart, options)]),
    ...assigned.archives.map((archive) => () => readArchiveUnit(archive, options)),
    () => readManifests(manifests, options, inputs.join(' ')),
  ];
  const units = (await mapBounded(work, programsAtOnce, (read) => read())).flat();
  const before: Part = {
    ...emptyPart,
    unreadable: found.unreadable,
    skipped: [...found.skipped, ...assigned.skipped, ...chosen.skipped],
  };
  return { units, before };
}

function byFile(a: Skipped, b: Skipped): number {
  if (a.file === b.file) return 0;
  return a.file < b.file ? -1 : 1;
}

function nothingToRead(inputs: readonly string[], skipped: readonly Skipped[]): UserError {
  const looked = skipped.slice(0, 3).map(({ file, what }) => `${file} (${what})`);
  const more = skipped.length > 3 ? ` and ${skipped.length - 3} more` : '';
  const seen = looked.length === 0 ? '' : `; looked at ${looked.join(', ')}${more}`;
  return new UserError(
    'nothing-to-read',
    `${inputs.join(' ')} holds no Kubernetes object${seen}`,
    'Give a folder or file with manifests, a chart or a kustomization.',
  );
}

/** Files that objects come from, as the page counts them. */
function countFiles({ objects }: Part): number {
  return new Set(objects.map(({ source }) => source.file)).size;
}

function assemble(inputs: readonly string[], minor: number, part: Part, units: readonly ReadUnit[]): Snapshot {
  const { objects, unreadable, skipped, duplicateKeys, texts } = part;
  if (objects.length === 0 && unreadable.length === 0) throw nothingToRead(inputs, skipped);
  const facts = { inputs, files: countFiles(part), minor, units };
  return { objects, unreadable, skipped: [...skipped].sort(byFile), duplicateKeys, texts, facts };
}

/**
 * Reads everything the paths hold: files, folders, charts, kustomizations, `-` for standard input. What cannot be read is an unreadable of the
 * snapshot. Throws `UserError` where a path does not exist (`path-missing`), or nothing was found at all (`nothing-to-read`).
 */
export async function readSnapshot(inputs: readonly string[], options: ReadOptions): Promise<Snapshot> {
  await checkValuesFiles(options);
  const { units, before } = await readUnits(inputs, options);
  const kept = leaveOutDoubles(units);
  const part = joinParts([{ ...before, skipped: [...before.skipped, ...kept.skipped] }, ...kept.parts]);
  return assemble(inputs, options.minor, part, kept.units);
}
