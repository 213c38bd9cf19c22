// Puts what a chart renders to through the overlay behind it, as Helm's post-renderer would, with the user's own kustomize or kubectl.

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject, SourceText } from '../../model/index.ts';
import { type Graph, type GraphNode, readGraph } from '../kustomize/graph.ts';
import { readOriginals } from '../kustomize/read-originals.ts';
import { findRefusal, runKustomize } from '../kustomize/run-kustomize.ts';
import { findChanges, Texts, traceObjects } from '../kustomize/trace-objects.ts';
import { emptyPart, joinParts, type Part, unreadablePart } from '../part.ts';
import type { ReadOptions } from '../read-options.ts';
import { outputEntry } from './overlay.ts';

/** Helm 3 shows its post-renderer no hooks, and neither Helm shows it what a chart has in `crds` when it is installed. */
export function isPastOverlay({ source: { origin, file } }: KubeObject): boolean {
  return origin.hook !== undefined || (/(?:^|\/)crds\//.test(file) && !file.includes('/templates/'));
}

function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return [group, kind, namespace, name].join('/');
}

/** The documents that Helm printed, each once, as it printed them. */
function printed(objects: readonly KubeObject[], texts: readonly SourceText[]): string {
  const documents = new Map<string, string>();
  for (const { source } of objects) {
    const { text } = texts[source.text] ?? { text: '' };
    documents.set(`${source.text}/${source.start}`, text.slice(source.start, source.end));
  }
  return [...documents.values()].map((text) => (text.startsWith('---') ? text : `---\n${text}`)).join('\n');
}

interface Overlaid {
  readonly graph: Graph;
  readonly top: GraphNode;
  readonly part: Part;
}

async function render({ top, part }: Omit<Overlaid, 'graph'>, options: ReadOptions) {
  const { folder, file } = top.kustomization;
  const entry = outputEntry(top);
  if (entry === undefined)
    return {
      ok: false,
      problem: unreadablePart({
        code: 'kustomize-failed',
        position: { file, line: 1, column: 1 },
        reason: 'none of its resources stands for the output of Helm',
        advice: 'List helm-output.yaml under resources: what the chart renders to is put in its place.',
      }),
    } as const;
  const root = await mkdtemp(join(tmpdir(), 'nowwhat-overlay-'));
  try {
    await cp(folder, root, { recursive: true });
    const through = part.objects.filter((object) => !isPastOverlay(object));
    await writeFile(join(root, entry), printed(through, part.texts));
    const hidden = { root, shown: folder };
    return await runKustomize(
      { folder: root, file, command: `helm template with the post-renderer in ${folder}`, hidden },
      options,
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Objects as they come out: those of Helm led to their templates and to the patches of the overlay, those that only the overlay has to its files. */
async function trace({ graph, top, part }: Overlaid, rendered: string, options: ReadOptions): Promise<Part> {
  const { file, folder } = top.kustomization;
  const originals = await readOriginals(graph, top, options);
  const [first] = part.objects;
  const origin = { kind: 'helm', unit: first?.source.origin.unit ?? folder } as const;
  const source = { file, text: rendered, rendered: true };
  const out = parseManifests(source, { textIndex: 0, origin, namespace: options.namespace });
  const before = new Map(part.objects.map((object) => [identityOf(object), object]));
  const own = out.objects.filter((object) => !before.has(identityOf(object)));
  const added = traceObjects({ ...emptyPart, texts: [source], objects: own }, originals);
  const after = new Map(out.objects.map((object) => [identityOf(object), object.raw]));
  const texts = new Texts(part.texts);
  const objects = part.objects.flatMap((object): KubeObject[] => {
    if (isPastOverlay(object)) return [object];
    const raw = after.get(identityOf(object));
    if (raw === undefined) return [];
    const { group, kind, name } = object;
    const changed = { ...object, raw };
    const writtenIn = findChanges(changed, { group, kind, own: name, renamed: name }, originals, texts);
    return [writtenIn.length === 0 ? changed : { ...changed, source: { ...object.source, writtenIn } }];
  });
  return joinParts([{ ...part, texts: texts.list, objects, duplicateKeys: [] }, added]);
}

function noOverlay(overlay: string): Part {
  return unreadablePart({
    code: 'path-missing',
    position: { file: overlay, line: 1, column: 1 },
    reason: 'postRender of nowwhat.yaml names it, and it holds no kustomization',
    advice: 'Correct the path, or take the entry out where the chart is deployed without a post-renderer.',
  });
}

/**
 * The part of a chart as it is behind its overlay: with what that changes and adds, without what it takes away. Where the overlay cannot be rendered, only
 * why: what the chart alone renders to is not what is deployed.
 */
export async function applyOverlay(part: Part, overlay: string, options: ReadOptions): Promise<Part> {
  if (part.objects.length === 0) return part;
  const graph = await readGraph([overlay], options.maxFileBytes);
  const top = graph.get(resolve(overlay));
  if (top === undefined) return noOverlay(overlay);
  const refused = findRefusal(graph, top, options.allowRemote);
  if (refused !== undefined) return refused;
  const overlaid = { graph, top, part };
  const run = await render(overlaid, options);
  return run.ok ? trace(overlaid, run.text, options) : { ...run.problem, skipped: part.skipped };
}
