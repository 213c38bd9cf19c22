// Reads charts as they are deployed: with the values of the HelmRelease or the Application that deploys them, and behind what runs after Helm.

import type { Unreadable } from '../../model/index.ts';
import type { FoundFile } from '../files/found-file.ts';
import { isManifestName } from '../files/file-names.ts';
import { mapBounded } from '../files/map-bounded.ts';
import { type Part, unreadablePart } from '../part.ts';
import { overlayOf } from '../post-render/overlay.ts';
import type { ReadOptions } from '../read-options.ts';
import type { ChartRelease, Written } from '../releases/chart-release.ts';
import type { UnitPart } from '../units/leave-out.ts';
import { type Chart, releaseNameOf } from './chart.ts';
import type { TemplateFiles } from './template-files.ts';

/** Programs run at once. */
export const programsAtOnce = 3;

/** A chart that was read, and can be read again. */
export interface ChartUnit {
  readonly unit: UnitPart;
  /** Nothing for what cannot be unpacked. */
  readonly chart?: { readonly chart: Chart; readonly templates: TemplateFiles };
}

const nothingWritten: Written = { objects: [], texts: [] };

/** Loaded when a chart is found: most folders hold none, and unpacking and running programs take time to load. */
async function loadHelm() {
  const [{ renderChart }, { folderTemplates, openArchive }] = await Promise.all([
    import('./render-chart.ts'),
    import('./template-files.ts'),
  ]);
  return { renderChart, folderTemplates, openArchive };
}

interface Behind {
  readonly overlay: string | undefined;
  readonly release: ChartRelease | undefined;
}

/** What leaves the overlay, or the post-renderers of the release. */
async function behind(part: Part, { overlay, release }: Behind, options: ReadOptions): Promise<Part> {
  const isFolder = overlay !== undefined && !isManifestName(overlay);
  if (!isFolder && release?.by !== 'Flux') return part;
  const { applyOverlay, applyRelease } = await import('../post-render/apply-overlay.ts');
  // What names no namespace is in that of the release.
  if (isFolder) return applyOverlay(part, overlay, { ...options, namespace: release?.namespace ?? options.namespace });
  return release === undefined ? part : applyRelease(part, release, options);
}

function noRelease(overlay: string): Part {
  return unreadablePart({
    code: 'path-missing',
    position: { file: overlay, line: 1, column: 1 },
    reason: 'postRender of nowwhat.yaml names it, and it holds no HelmRelease and no Application of the chart',
    advice: 'Correct the path, or take the entry out where the chart is deployed without a post-renderer.',
  });
}

/** Whether the release of the chart may be known: by the settings, or by what stands beside the input. */
function mayBeKnown(overlay: string | undefined, { helm }: ReadOptions): boolean {
  return (overlay !== undefined && isManifestName(overlay)) || (helm.beside?.objects.length ?? 0) > 0;
}

async function knownRelease(unit: string, input: Written, options: ReadOptions): Promise<ChartRelease | undefined> {
  const { findRelease } = await import('../releases/find-release.ts');
  return findRelease(unit, input, options);
}

/** Nothing is read where the settings name a release that is not there: nobody deploys what the chart alone gives. */
async function renderPart(
  { chart, templates }: NonNullable<ChartUnit['chart']>,
  release: ChartRelease | undefined,
  options: ReadOptions,
): Promise<Part> {
  const overlay = overlayOf(chart.unit, options.helm.postRender ?? []);
  if (overlay !== undefined && isManifestName(overlay) && release === undefined) return noRelease(overlay);
  const { renderChart } = await loadHelm();
  return behind(await renderChart(chart, templates, options, release), { overlay, release }, options);
}

async function renderUnit(
  chart: NonNullable<ChartUnit['chart']>,
  release: ChartRelease | undefined,
  options: ReadOptions,
): Promise<UnitPart> {
  const { unit, name } = chart.chart;
  const part = await renderPart(chart, release, options);
  return {
    kind: 'helm',
    unit,
    prefixes: [`${options.helm.release ?? release?.name ?? releaseNameOf(name)}-`],
    part: { ...part, skipped: [...part.skipped, ...(release?.notes ?? [])] },
  };
}

async function readUnit(chart: NonNullable<ChartUnit['chart']>, options: ReadOptions): Promise<ChartUnit> {
  const { unit } = chart.chart;
  const isKnown = mayBeKnown(overlayOf(unit, options.helm.postRender ?? []), options);
  const release = isKnown ? await knownRelease(unit, nothingWritten, options) : undefined;
  return { unit: await renderUnit(chart, release, options), chart };
}

export async function readChart(chart: Chart, options: ReadOptions): Promise<ChartUnit> {
  const { folderTemplates } = await loadHelm();
  return readUnit({ chart, templates: folderTemplates(chart, options.maxFileBytes) }, options);
}

/** Nothing for an archive without a chart that the user did not name. */
export async function readArchiveUnit({ file, real, given }: FoundFile, options: ReadOptions): Promise<ChartUnit[]> {
  const { openArchive } = await loadHelm();
  const opened = await openArchive(file, options.maxFileBytes, real);
  if (opened !== undefined) return [await readUnit(opened, options)];
  if (!given) return [];
  const unreadable: Unreadable = {
    code: 'invalid-chart',
    position: { file, line: 1, column: 1 },
    reason: 'the archive cannot be unpacked, or holds no chart',
    advice: 'Give an archive made by helm package, or the files themselves.',
  };
  return [{ unit: { kind: 'helm', unit: file, prefixes: [], part: unreadablePart(unreadable) } }];
}

/** The charts as the HelmReleases and Applications of the input deploy them; the others as they were read. */
export async function asDeployed(
  charts: readonly ChartUnit[],
  input: Written,
  options: ReadOptions,
): Promise<UnitPart[]> {
  return mapBounded(charts, programsAtOnce, async ({ unit, chart }) => {
    if (chart === undefined) return unit;
    const release = await knownRelease(chart.chart.unit, input, options);
    return release === undefined || release.isDeclared ? unit : renderUnit(chart, release, options);
  });
}
