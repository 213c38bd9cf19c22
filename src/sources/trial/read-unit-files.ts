// The texts of the user's that a chart or a kustomization is made of, as far as a fix may edit them.

import { readdir } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import { isArchiveName } from '../files/file-names.ts';
import { readText } from '../files/read-text.ts';
import { type Chart, releaseNameOf } from '../helm/chart.ts';
import { readChartFolder } from '../helm/read-chart-folder.ts';
import { findSiblings, type Siblings } from '../kustomize/find-siblings.ts';
import { readGraph } from '../kustomize/graph.ts';
import { overlayOf } from '../post-render/overlay.ts';
import { readReleaseOverlay } from '../post-render/release-overlay.ts';
import type { ReadOptions } from '../read-options.ts';
import type { TrialFile, TrialUnit } from './trial-copy.ts';

/** A chart: its values first in the order in which they are merged. A kustomization: its own file first. */
export interface UnitFiles {
  /** Values files of a chart, later ones over earlier ones; empty for a kustomization. */
  readonly values: readonly TrialFile[];
  /** The kustomization's own file. */
  readonly kustomization?: TrialFile;
  /** Prefix and suffix that it puts around names. */
  readonly affixes: { readonly prefix: string; readonly suffix: string };
  /** Name of the release that a chart is rendered for; '' for a kustomization. */
  readonly release: string;
  /** Names in the folder where new files go. */
  readonly names: readonly string[];
  readonly folder: string;
  /** Of a chart: archives, and folders below `charts` that come from a repository. An edit there is lost when it is fetched again. */
  readonly vendored: readonly string[];
  /** Of a chart: the overlay behind it. */
  readonly overlay?: KustomizationFiles;
  /** Of a chart: the HelmRelease that is declared to be behind it. */
  readonly helmRelease?: HelmReleaseFile;
  /** Of a kustomization: who shares files with it. */
  readonly siblings?: Siblings;
}

export interface HelmReleaseFile extends TrialFile {
  /** Name of the release in it. */
  readonly name: string;
}

/** A kustomization's own file, and the names beside it. */
interface KustomizationFiles {
  readonly folder: string;
  readonly kustomization: TrialFile;
  readonly names: readonly string[];
}

async function readFiles(files: readonly string[], { maxFileBytes }: ReadOptions): Promise<TrialFile[]> {
  const read = await Promise.all(files.map((file) => readText(file, file, maxFileBytes)));
  return read.flatMap((each, index) => (each.ok ? [{ file: files[index] ?? '', text: each.text }] : []));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => []);
}

/** `https://…`, `oci://…`, or a repository by the name that the user gave it. */
const isFetched = /^(?:[a-z]+:\/\/|@|alias:)/;

async function findVendored(unit: string, chart: Chart | undefined): Promise<string[]> {
  if (isArchiveName(unit)) return [unit];
  const folder = posix.join(unit, 'charts');
  const fetched = new Set(
    (chart?.dependencies ?? [])
      .filter(({ repository }) => isFetched.test(repository) && !repository.startsWith('file://'))
      .map(({ name }) => name),
  );
  const names = (await namesIn(folder)).filter((name) => isArchiveName(name) || fetched.has(name));
  return names.map((name) => posix.join(folder, name));
}

async function readKustomizationFiles(folder: string, { maxFileBytes }: ReadOptions) {
  const [top] = (await readGraph([folder], maxFileBytes)).values();
  if (top === undefined) return undefined;
  const { file, text, namePrefix: prefix, nameSuffix: suffix } = top.kustomization;
  return { folder, kustomization: { file, text }, names: await namesIn(folder), affixes: { prefix, suffix } };
}

/** What is declared to be behind the chart: a kustomization, or a HelmRelease. */
async function readBehind(unit: string, options: ReadOptions): Promise<Pick<UnitFiles, 'overlay' | 'helmRelease'>> {
  const declared = overlayOf(unit, options.helm.postRender ?? []);
  if (declared === undefined) return {};
  const overlay = await readKustomizationFiles(declared, options);
  if (overlay !== undefined) return { overlay };
  const behind = await readReleaseOverlay(declared, resolve(unit), options.maxFileBytes);
  return behind === undefined ? {} : { helmRelease: { ...behind.source, name: behind.release.name } };
}

/** What unpacks archives is loaded where there is one. */
async function readChartOf(unit: string, { maxFileBytes }: ReadOptions): Promise<Chart | undefined> {
  if (!isArchiveName(unit)) return readChartFolder(unit, maxFileBytes);
  const { openArchive } = await import('../helm/template-files.ts');
  return (await openArchive(unit, maxFileBytes))?.chart;
}

async function readChartFiles(unit: string, options: ReadOptions): Promise<UnitFiles> {
  const folder = posix.join(unit, 'templates');
  const chart = await readChartOf(unit, options);
  return {
    values: await readFiles([posix.join(unit, 'values.yaml'), ...options.helm.values], options),
    affixes: { prefix: '', suffix: '' },
    release: releaseNameOf(chart?.name ?? ''),
    names: await namesIn(folder),
    folder,
    vendored: await findVendored(unit, chart),
    ...(await readBehind(unit, options)),
  };
}

export async function readUnitFiles({ kind, unit }: TrialUnit, options: ReadOptions): Promise<UnitFiles> {
  if (kind === 'helm') return readChartFiles(unit, options);
  const folder = posix.join(unit);
  const nothing = { folder, names: await namesIn(folder), affixes: { prefix: '', suffix: '' } };
  const siblings = await findSiblings(unit, options.maxFileBytes);
  return {
    values: [],
    release: '',
    vendored: [],
    ...((await readKustomizationFiles(folder, options)) ?? nothing),
    ...(siblings === undefined ? {} : { siblings }),
  };
}
