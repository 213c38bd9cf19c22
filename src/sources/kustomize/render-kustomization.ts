// Renders a kustomization and leads its objects back to the user's files.

import { resolve } from 'node:path';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import { emptyPart, type Part } from '../part.ts';
import type { ReadOptions } from '../read-options.ts';
import type { Graph, GraphNode } from './graph.ts';
import { readOriginals } from './read-originals.ts';
import { findRefusal, runKustomize } from './run-kustomize.ts';
import { traceObjects } from './trace-objects.ts';

/** Renders and reads one kustomization. Failures are unreadables of the part. */
export async function renderKustomization(graph: Graph, top: GraphNode, options: ReadOptions): Promise<Part> {
  const { folder, file } = top.kustomization;
  const refused = findRefusal(graph, top, options.allowRemote);
  if (refused !== undefined) return refused;
  // The user's own files are read while the program runs.
  const [run, originals] = await Promise.all([
    runKustomize({ folder: resolve(folder), file, command: `kubectl kustomize ${folder}` }, options),
    readOriginals(graph, top, options),
  ]);
  if (!run.ok) return run.problem;
  return traceObjects(parseRendering(top, run.text, options.namespace), originals);
}

function parseRendering({ kustomization: { folder, file } }: GraphNode, stdout: string, namespace: string): Part {
  const source = { file, text: stdout, rendered: true };
  const origin = { kind: 'kustomize', unit: folder } as const;
  const { objects, unreadable } = parseManifests(source, { textIndex: 0, origin, namespace });
  const atFile = unreadable.map((each) => ({ ...each, position: { file, line: 1, column: 1 } }));
  return { ...emptyPart, texts: [source], objects, unreadable: atFile };
}
