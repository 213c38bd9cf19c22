// Decides, before anything is parsed, which unit each found file belongs to. Pure.

import { posix, resolve } from 'node:path';
import {
  baseName,
  folderOf,
  isArchiveName,
  isBelow,
  isForeignTemplateName,
  isKustomizationName,
} from '../files/file-names.ts';
import type { FoundFile } from '../files/found-file.ts';
import type { Chart } from '../helm/chart.ts';
import type { Graph } from '../kustomize/graph.ts';
import type { Skipped } from '../../model/index.ts';
import { isValuesName, recogniseByName } from './recognise.ts';

export interface Assigned {
  /** To be read as a kubectl would be given them. */
  readonly manifests: readonly FoundFile[];
  /** Charts to render: none that is part of another. */
  readonly charts: readonly Chart[];
  readonly archives: readonly FoundFile[];
  readonly skipped: readonly Skipped[];
}

export interface Layout {
  readonly files: readonly FoundFile[];
  /** Every folder below the input with a `Chart.yaml` that names a chart. */
  readonly charts: readonly Chart[];
  readonly graph: Graph;
}

interface ChartChoice {
  readonly outermost: readonly Chart[];
  readonly rendered: readonly Chart[];
  readonly skipped: readonly Skipped[];
}

function isLocalDependencyOf(chart: Chart, { unit, dependencies }: Chart): boolean {
  return dependencies.some(
    ({ repository }) => repository.startsWith('file://') && resolve(unit, repository.slice(7)) === resolve(chart.unit),
  );
}

function chooseCharts(charts: readonly Chart[]): ChartChoice {
  const outermost: Chart[] = [];
  const rendered: Chart[] = [];
  const skipped: Skipped[] = [];
  for (const chart of [...charts].sort((a, b) => a.unit.length - b.unit.length || (a.unit < b.unit ? -1 : 1))) {
    const file = posix.join(chart.unit, 'Chart.yaml');
    const outer = outermost.find(({ unit }) => isBelow(chart.unit, unit));
    const user = charts.find((each) => isLocalDependencyOf(chart, each));
    if (outer !== undefined) {
      if (!/(?:^|\/)charts\/[^/]+$/.test(chart.unit))
        skipped.push({ file, what: `chart inside the chart "${outer.name}"` });
      continue;
    }
    outermost.push(chart);
    if (chart.isLibrary) skipped.push({ file, what: 'library chart: renders nothing by itself' });
    else if (user !== undefined) skipped.push({ file, what: `dependency of the chart "${user.name}"` });
    else rendered.push(chart);
  }
  return { outermost, rendered: rendered.sort((a, b) => (a.unit < b.unit ? -1 : 1)), skipped };
}

const partOfChart =
  /^(?:Chart\.(?:yaml|lock)|requirements\.(?:yaml|lock)|values\.schema\.json|(?:templates|charts|crds)\/.*)$/;

/** What to tell of a file below a chart; `undefined` for what the chart's rendering covers. */
function insideChart(file: string, chart: Chart): string | undefined {
  const path = chart.unit === '.' ? file : file.slice(chart.unit.length + 1);
  if (partOfChart.test(path)) return undefined;
  if (path === 'values.yaml') return `default values of the chart "${chart.name}"`;
  if (isValuesName(path)) return `values file of the chart "${chart.name}"; use it with --values`;
  return recogniseByName(file) ?? `file of the chart "${chart.name}", read only through the chart`;
}

interface SpokenFor {
  readonly files: ReadonlySet<string>;
  /** Folders with a kustomization, which says what of the folder belongs to the app. */
  readonly folders: ReadonlyMap<string, string>;
}

function spokenFor(graph: Graph): SpokenFor {
  const files = new Set<string>();
  const folders = new Map<string, string>();
  for (const node of graph.values()) {
    folders.set(node.key, node.kustomization.file);
    for (const key of [...node.files.keys(), ...node.patches.keys(), ...node.otherFiles]) files.add(key);
  }
  return { files, folders };
}

function isKustomized({ file }: FoundFile, { files, folders }: SpokenFor): boolean {
  return files.has(resolve(file)) || (isKustomizationName(baseName(file)) && folders.has(resolve(folderOf(file))));
}

/** `undefined` for a manifest; `''` for a file that needs no word; else what to tell. */
function describeFile(found: FoundFile, charts: readonly Chart[], kustomized: SpokenFor): string | undefined {
  const { file, given } = found;
  const chart = charts.find(({ unit }) => isBelow(file, unit));
  if (chart !== undefined) return insideChart(file, chart) ?? '';
  if (isKustomized(found, kustomized)) return '';
  const known = recogniseByName(file);
  if (known !== undefined || given) return known;
  if (isForeignTemplateName(baseName(file)))
    return 'template that another tool fills in; render it and give the output';
  const beside = kustomized.folders.get(resolve(folderOf(file)));
  return beside === undefined ? undefined : `not used by ${beside}`;
}

/** Every file to its unit; what is left out is told. */
export function assignFiles({ files, charts, graph }: Layout): Assigned {
  const { outermost, rendered, skipped: chartsSkipped } = chooseCharts(charts);
  const kustomized = spokenFor(graph);
  const manifests: FoundFile[] = [];
  const archives: FoundFile[] = [];
  const skipped: Skipped[] = [...chartsSkipped];
  for (const found of files) {
    const what = describeFile(found, outermost, kustomized);
    if (what === '') continue;
    if (what !== undefined) skipped.push({ file: found.file, what });
    else if (isArchiveName(baseName(found.file))) archives.push(found);
    else manifests.push(found);
  }
  return { manifests, charts: rendered, archives, skipped };
}
