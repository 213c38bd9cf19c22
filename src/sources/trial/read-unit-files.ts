// The texts of the user's that a chart or a kustomization is made of, as far as a fix may edit them.

import { readdir } from 'node:fs/promises';
import { posix } from 'node:path';
import { readText } from '../files/read-text.ts';
import { releaseNameOf } from '../helm/chart.ts';
import { readChartFolder } from '../helm/read-chart-folder.ts';
import { readGraph } from '../kustomize/graph.ts';
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
}

async function readFiles(files: readonly string[], { maxFileBytes }: ReadOptions): Promise<TrialFile[]> {
  const read = await Promise.all(files.map((file) => readText(file, file, maxFileBytes)));
  return read.flatMap((each, index) => (each.ok ? [{ file: files[index] ?? '', text: each.text }] : []));
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch((): string[] => []);
}

export async function readUnitFiles({ kind, unit }: TrialUnit, options: ReadOptions): Promise<UnitFiles> {
  const none = { prefix: '', suffix: '' };
  if (kind === 'helm') {
    const folder = posix.join(unit, 'templates');
    const values = await readFiles([posix.join(unit, 'values.yaml'), ...options.helm.values], options);
    const chart = await readChartFolder(unit, options.maxFileBytes);
    const release = releaseNameOf(chart?.name ?? '');
    return { values, affixes: none, release, names: await namesIn(folder), folder };
  }
  const folder = posix.join(unit);
  const graph = await readGraph([unit], options.maxFileBytes);
  const [top] = graph.values();
  const names = await namesIn(folder);
  if (top === undefined) return { values: [], affixes: none, release: '', names, folder };
  const { file, text, namePrefix: prefix, nameSuffix: suffix } = top.kustomization;
  return { values: [], kustomization: { file, text }, affixes: { prefix, suffix }, release: '', names, folder };
}
