// A copy of a chart or a kustomization where edits are tried: rendered there, never in the user's own folder.

import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { KubeObject, Snapshot, SourceText, Variables } from '../../model/index.ts';
import { isManifestName } from '../files/file-names.ts';
import { readGraph } from '../kustomize/graph.ts';
import { overlayOf } from '../post-render/overlay.ts';
import type { HelmOptions, ReadOptions } from '../read-options.ts';
import { readSnapshot } from '../read-snapshot.ts';
import { withVariables } from '../releases/put-variables.ts';
import { renderOne } from './render-one.ts';

/** The unit as `Origin` names it. */
export interface TrialUnit {
  readonly kind: 'helm' | 'kustomize';
  readonly unit: string;
}

export interface TrialFile {
  /** As shown to the user. */
  readonly file: string;
  readonly text: string;
}

/** How else than as the user's own a chart is rendered. */
export interface TrialReading {
  /** An overlay that is new in the copy, or the file of who deploys the chart where the settings do not name it, as shown. */
  readonly overlay?: string | undefined;
  readonly release?: string;
}

/** What a copy is made of. */
export interface TrialContent {
  readonly unit: TrialUnit;
  /** Kustomizations that share files with the unit. */
  readonly siblings?: readonly string[];
  /** Files besides the unit that a chart is rendered with: who deploys it, and its values. */
  readonly files?: readonly string[];
  /** The kustomization that makes who deploys a chart: rendered again whenever the chart is. */
  readonly madeBy?: string | undefined;
  /** What Flux puts into what the unit is rendered to. */
  readonly variables?: Variables | undefined;
}

/** Nobody's part of a chart or a kustomization. */
const leftOut = /(?:^|[\\/])(?:\.git|node_modules)(?:[\\/]|$)/;

/** Folders that the rendering reads; what a folder holds below it goes along. */
async function foldersOf(
  { unit: { kind, unit }, siblings = [], files: beside = [], madeBy }: TrialContent,
  options: ReadOptions,
): Promise<string[]> {
  const { maxFileBytes, helm } = options;
  if (kind === 'helm') {
    const making = madeBy === undefined ? [] : await foldersOfGraph([madeBy], maxFileBytes);
    const overlay = overlayOf(unit, helm.postRender ?? []);
    const folders = [
      unit,
      ...[...helm.values, ...beside].map((file) => dirname(file)),
      ...(overlay === undefined ? [] : [isManifestName(overlay) ? dirname(overlay) : overlay]),
    ];
    return [...folders, ...making].map((each) => resolve(each));
  }
  return foldersOfGraph([unit, ...siblings], maxFileBytes);
}

async function foldersOfGraph(kustomizations: readonly string[], maxFileBytes: number): Promise<string[]> {
  const nodes = [...(await readGraph(kustomizations, maxFileBytes)).values()];
  const files = nodes.flatMap(({ files: own, patches, otherFiles }) => [
    ...own.keys(),
    ...patches.keys(),
    ...otherFiles,
  ]);
  return [...nodes.map(({ key }) => key), ...files.map((file) => dirname(file))];
}

/** Without those that lie below another. */
function outermost(folders: readonly string[]): string[] {
  const all = [...new Set(folders)];
  return all.filter((folder) => !all.some((other) => folder !== other && folder.startsWith(other + sep)));
}

export class TrialCopy {
  private readonly root: string;
  private readonly unit: TrialUnit;
  private readonly variables: Variables | undefined;
  private readonly madeBy: string | undefined;
  private readonly options: ReadOptions;

  constructor(root: string, { unit, variables, madeBy }: TrialContent, options: ReadOptions) {
    this.root = root;
    this.unit = unit;
    this.madeBy = madeBy;
    this.variables = variables;
    this.options = options;
  }

  /** Puts texts in the place of the copied files; folders are made as needed. */
  async write(files: readonly TrialFile[]): Promise<void> {
    for (const { file, text } of files) {
      const path = this.inside(file);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    }
  }

  async take(file: string): Promise<void> {
    await rm(this.inside(file), { force: true });
  }

  /** What the unit renders to now, with files named as the user's own. Throws `UserError` where it gives nothing at all. */
  async read({ overlay, release }: TrialReading = {}): Promise<Snapshot> {
    const { helm } = this.options;
    const { kind, unit } = this.unit;
    if (kind === 'kustomize') return this.readKustomization(unit);
    const declared = [...(helm.postRender ?? []), ...(overlay === undefined ? [] : [{ chart: unit, overlay }])];
    const inner: HelmOptions = {
      ...helm,
      ...(await this.besideNow()),
      ...(release === undefined ? {} : { release }),
      values: helm.values.map((file) => this.inside(file)),
      postRender: declared.map((each) => ({ chart: this.inside(each.chart), overlay: this.inside(each.overlay) })),
    };
    const options = { ...this.options, helm: inner };
    return this.shown(await readSnapshot([this.inside(unit)], { ...options, evidence: [] }));
  }

  /** The same of a kustomization that shares files with the unit; why not, where it cannot be rendered. */
  async readSibling(folder: string): Promise<Snapshot> {
    return this.shown(await renderOne(this.inside(folder), { ...this.options, evidence: [] }));
  }

  /** Releases as their kustomization makes them by now. */
  private async besideNow(): Promise<Pick<HelmOptions, 'beside'>> {
    const { beside } = this.options.helm;
    if (this.madeBy === undefined || beside === undefined) return {};
    const made = await this.readSibling(this.madeBy);
    const isOther = ({ source: { origin } }: KubeObject): boolean => origin.unit !== this.madeBy;
    const moved = made.objects.map((object): KubeObject => {
      const text = object.source.text + beside.texts.length;
      return { ...object, source: { ...object.source, text } };
    });
    return {
      beside: { objects: [...beside.objects.filter(isOther), ...moved], texts: [...beside.texts, ...made.texts] },
    };
  }

  private async readKustomization(unit: string): Promise<Snapshot> {
    const { variables, options } = this;
    const snapshot = await this.readSibling(unit);
    if (variables === undefined) return snapshot;
    const objects = snapshot.objects.map((object) => withVariables(object, variables, options.namespace));
    return { ...snapshot, objects };
  }

  /** At once: where the program is about to end, nothing is waited for. */
  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  private inside(file: string): string {
    return join(this.root, resolve(file));
  }

  private nameOf(file: string): string {
    if (!file.startsWith(this.root)) return file;
    const own = file.slice(this.root.length);
    // The working folder itself has a name, too.
    return isAbsolute(this.unit.unit) ? own : relative(resolve('.'), own).split(sep).join('/') || '.';
  }

  private shown(snapshot: Snapshot): Snapshot {
    const text = (each: SourceText): SourceText => ({ ...each, file: this.nameOf(each.file) });
    const object = (each: KubeObject): KubeObject => {
      const { source } = each;
      const origin = { ...source.origin, unit: this.nameOf(source.origin.unit) };
      return { ...each, source: { ...source, file: this.nameOf(source.file), origin } };
    };
    const unreadable = snapshot.unreadable.map((each) => ({
      ...each,
      reason: each.reason.replaceAll(this.root, ''),
      position: { ...each.position, file: this.nameOf(each.position.file) },
    }));
    return { ...snapshot, unreadable, texts: snapshot.texts.map(text), objects: snapshot.objects.map(object) };
  }
}

/** Copies what the unit renders from. `remember` hears of the copy before it is filled; the caller removes it. */
export async function copyForTrial(
  content: TrialContent,
  options: ReadOptions,
  remember: (copy: TrialCopy) => void,
): Promise<TrialCopy> {
  const root = mkdtempSync(join(tmpdir(), 'nowwhat-trial-'));
  const copy = new TrialCopy(root, content, options);
  remember(copy);
  for (const folder of outermost(await foldersOf(content, options)))
    await cp(folder, join(root, folder), {
      recursive: true,
      filter: (source) => !leftOut.test(source.slice(folder.length)),
    });
  return copy;
}
