// The texts of the user's that a chart or a kustomization is made of, as far as a fix may edit them.

import { readdir } from 'node:fs/promises';
import { posix, resolve } from 'node:path';
import type { KubeObject, Path } from '../../model/index.ts';
import { isArchiveName, isManifestName } from '../files/file-names.ts';
import { readText } from '../files/read-text.ts';
import { type Chart, releaseNameOf } from '../helm/chart.ts';
import { readChartFolder } from '../helm/read-chart-folder.ts';
import { findSiblings, type Siblings } from '../kustomize/find-siblings.ts';
import { readGraph } from '../kustomize/graph.ts';
import { overlayOf } from '../post-render/overlay.ts';
import { seesHooks } from '../post-render/sees-hooks.ts';
import type { ReadOptions } from '../read-options.ts';
import type { ChartRelease, Written } from '../releases/chart-release.ts';
import { findRelease } from '../releases/find-release.ts';
import { findPlainPlace, type PlainPlace } from '../releases/made-release.ts';
import type { TrialFile, TrialUnit } from './trial-copy.ts';

/** A chart: its values first in the order in which they are merged. A kustomization: its own file first. */
export interface UnitFiles {
  /** Values of a chart, later ones over earlier ones; empty for a kustomization. */
  readonly values: readonly ValuesFile[];
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
  /** Of a chart: who deploys it, where the files say so. */
  readonly releasedBy?: ChartRelease;
  /** Where a kustomization makes that: the document to edit instead, if there is one. */
  readonly madeFrom?: PlainPlace;
  /** Of a chart: whether what is behind it is shown its hooks. */
  readonly seesHooks?: boolean;
  /** Of a kustomization: who shares files with it. */
  readonly siblings?: Siblings;
}

/** A text with values. */
export interface ValuesFile extends TrialFile {
  /** Where they are a part of a HelmRelease or an Application in the file. */
  readonly inside?: {
    readonly kind: string;
    readonly name: string;
    readonly path: Path;
    /** True where a text in it holds them. */
    readonly isText: boolean;
  };
  /** True where nothing is edited: values from ConfigMaps and Secrets. */
  readonly isFixed?: boolean;
}

/** A kustomization's own file, and the names beside it. */
interface KustomizationFiles {
  readonly folder: string;
  readonly kustomization: TrialFile;
  readonly names: readonly string[];
}

/** One that is not UTF-8 stays as it is. */
async function readFiles(files: readonly string[], { maxFileBytes }: ReadOptions): Promise<ValuesFile[]> {
  const read = await Promise.all(files.map((file) => readText(file, file, maxFileBytes)));
  return read.flatMap((each, index) =>
    each.ok ? [{ file: files[index] ?? '', text: each.text, isFixed: each.encoding !== undefined }] : [],
  );
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

/** The kustomization that is declared to be behind the chart. */
async function readBehind(unit: string, options: ReadOptions): Promise<Pick<UnitFiles, 'overlay'>> {
  const declared = overlayOf(unit, options.helm.postRender ?? []);
  if (declared === undefined || isManifestName(declared)) return {};
  const overlay = await readKustomizationFiles(declared, options);
  return overlay === undefined ? {} : { overlay };
}

/** True where only objects of the tool itself stand in the file: others are edited by themselves. */
function standsAlone({ object, source }: ChartRelease, { objects, texts }: Written): boolean {
  const isOther = (each: KubeObject): boolean =>
    resolve(texts[each.source.text]?.file ?? '') === resolve(source.file) &&
    each.group.split('.').slice(-2).join('.') !== toolOf(object);
  return !source.rendered && source.encoding === undefined && !objects.some(isOther);
}

/** `fluxcd.io` of `helm.toolkit.fluxcd.io`. */
function toolOf({ group }: KubeObject): string {
  return group.split('.').slice(-2).join('.');
}

/** What the release says over the values of the chart, and may be edited to say. */
function valuesOf(release: ChartRelease, madeFrom: PlainPlace | undefined, input: Written): ValuesFile[] {
  const { object, source, inline, values } = release;
  const from: ValuesFile = { file: source.file, text: JSON.stringify(values.from), isFixed: true };
  if (inline === undefined) return [from];
  const { kind } = object;
  if (standsAlone(release, input))
    return [from, { file: source.file, text: source.text, inside: { kind, name: object.name, ...inline } }];
  const own = { ...from, text: JSON.stringify(values.own) };
  if (madeFrom === undefined) return [from, own];
  const { file, text } = madeFrom.source;
  return [from, own, { file, text, inside: { kind, name: madeFrom.name, ...inline } }];
}

/** What unpacks archives is loaded where there is one. */
async function readChartOf(unit: string, { maxFileBytes }: ReadOptions): Promise<Chart | undefined> {
  if (!isArchiveName(unit)) return readChartFolder(unit, maxFileBytes);
  const { openArchive } = await import('../helm/template-files.ts');
  return (await openArchive(unit, maxFileBytes))?.chart;
}

/** From the chart's own on to those that the user gave. */
async function readAllValues(
  unit: string,
  { releasedBy: release, madeFrom }: Pick<UnitFiles, 'releasedBy' | 'madeFrom'>,
  input: Written,
  options: ReadOptions,
): Promise<ValuesFile[]> {
  const given = await readFiles(options.helm.values, options);
  const defaults = posix.join(unit, 'values.yaml');
  if (release === undefined) return [...(await readFiles([defaults], options)), ...given];
  const { files, replaceDefaults } = release.values;
  const read = await readFiles(replaceDefaults ? files : [defaults, ...files], options);
  return [...read, ...valuesOf(release, madeFrom, input), ...given];
}

async function readChartFiles(unit: string, input: Written, options: ReadOptions): Promise<UnitFiles> {
  const folder = posix.join(unit, 'templates');
  const chart = await readChartOf(unit, options);
  const releasedBy = await findRelease(unit, input, options);
  const madeFrom =
    releasedBy?.source.rendered === true ? await findPlainPlace(releasedBy, input, options.maxFileBytes) : undefined;
  const deployer = {
    ...(releasedBy === undefined ? {} : { releasedBy }),
    ...(madeFrom === undefined ? {} : { madeFrom }),
  };
  return {
    values: await readAllValues(unit, deployer, input, options),
    affixes: { prefix: '', suffix: '' },
    release: releasedBy?.name ?? releaseNameOf(chart?.name ?? ''),
    names: await namesIn(folder),
    folder,
    vendored: await findVendored(unit, chart),
    seesHooks: await seesHooks(releasedBy, options),
    ...deployer,
    ...(await readBehind(unit, options)),
  };
}

/** `input` is what was read: an object of it may say how the chart is deployed. */
export async function readUnitFiles(
  { kind, unit }: TrialUnit,
  input: Written,
  options: ReadOptions,
): Promise<UnitFiles> {
  if (kind === 'helm') return readChartFiles(unit, input, options);
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
