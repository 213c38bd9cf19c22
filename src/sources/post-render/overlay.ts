// Overlays behind charts: which one belongs to which chart, and where in it Helm's output goes.

import { posix, resolve } from 'node:path';
import type { GraphNode } from '../kustomize/graph.ts';

/** A kustomization that Helm's output goes through before it is applied. Both are paths as shown. */
export interface PostRender {
  /** Folder or archive of the chart. */
  readonly chart: string;
  /** Folder of the kustomization, or the file of a HelmRelease of Flux. */
  readonly overlay: string;
}

/** The resource that stands for Helm's output in overlays that this program writes. */
export const helmOutput = 'helm-output.yaml';

export function overlayOf(chart: string, declared: readonly PostRender[]): string | undefined {
  return declared.find((each) => resolve(each.chart) === resolve(chart))?.overlay;
}

/** The entry of `resources` that Helm's output is put in place of: by its name, else the one that is no file yet. */
export function outputEntry({ kustomization, files, bases }: GraphNode): string | undefined {
  const { folder, resources } = kustomization;
  if (resources.includes(helmOutput)) return helmOutput;
  const missing = resources.filter((entry) => {
    const path = resolve(posix.join(folder, entry));
    return !files.has(path) && !bases.includes(path);
  });
  return missing.length === 1 ? missing[0] : undefined;
}
