// One kustomization as a snapshot of its own, whatever else lies in its folder.

import { resolve } from 'node:path';
import type { Snapshot } from '../../model/index.ts';
import { readGraph } from '../kustomize/graph.ts';
import { renderKustomization } from '../kustomize/render-kustomization.ts';
import { unreadablePart } from '../part.ts';
import type { ReadOptions } from '../read-options.ts';

/** What it renders to; why not, where it cannot be rendered. */
export async function renderOne(folder: string, options: ReadOptions): Promise<Snapshot> {
  const graph = await readGraph([folder], options.maxFileBytes);
  const top = graph.get(resolve(folder));
  const part =
    top === undefined
      ? unreadablePart({
          code: 'kustomize-failed',
          position: { file: folder, line: 1, column: 1 },
          reason: 'it holds no kustomization that can be read',
          advice: 'Correct the kustomization file.',
        })
      : await renderKustomization(graph, top, options);
  const files = new Set(part.objects.map(({ source }) => source.file)).size;
  const units = [{ kind: 'kustomize', unit: folder, objects: part.objects.length }] as const;
  return { ...part, redefinitions: [], facts: { inputs: [folder], files, minor: options.minor, units } };
}
