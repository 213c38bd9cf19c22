// Puts what a chart renders to through the overlay behind it, as Helm's post-renderer would, with the user's own kustomize or kubectl.

import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject, SourceText, WrittenIn } from '../../model/index.ts';
import { type Graph, type GraphNode, readGraph } from '../kustomize/graph.ts';
import { readOriginals } from '../kustomize/read-originals.ts';
import { findRefusal, type KustomizeOutput, runKustomize } from '../kustomize/run-kustomize.ts';
import { findChanges, Texts, traceObjects } from '../kustomize/trace-objects.ts';
import { emptyPart, joinParts, type Part, unreadablePart } from '../part.ts';
import type { ReadOptions } from '../read-options.ts';
import type { ChartRelease } from '../releases/chart-release.ts';
import { helmOutput, outputEntry } from './overlay.ts';
import { seesHooks } from './sees-hooks.ts';
import { findReleaseChanges, stepsOf } from './release-overlay.ts';

/** A definition of a chart's `crds`: neither Helm shows those to a post-renderer when the chart is installed. */
function isDefinition({ source: { file } }: KubeObject): boolean {
  return /(?:^|\/)crds\//.test(file) && !file.includes('/templates/');
}

/** True for what does not go through what is behind the chart. `hooks`: whether that is shown hooks. */
export function isPastOverlay(object: KubeObject, hooks: boolean): boolean {
  return (object.source.origin.hook !== undefined && !hooks) || isDefinition(object);
}

function identityOf({ group, kind, namespace, name }: KubeObject): string {
  return [group, kind, namespace, name].join('/');
}

/** The documents that Helm hands to its post-renderer, each once, as it printed them. */
function throughOverlay({ objects, texts }: Part, hooks: boolean): string {
  const documents = new Map<string, string>();
  for (const object of objects) {
    if (isPastOverlay(object, hooks)) continue;
    const { start, end, text: index } = object.source;
    documents.set(`${index}/${start}`, texts[index]?.text.slice(start, end) ?? '');
  }
  return [...documents.values()].map((text) => (text.startsWith('---') ? text : `---\n${text}`)).join('\n');
}

interface Overlaid {
  readonly graph: Graph;
  readonly top: GraphNode;
  readonly part: Part;
  /** Whether it is shown hooks. */
  readonly hooks: boolean;
}

async function render({ top, part, hooks }: Omit<Overlaid, 'graph'>, options: ReadOptions): Promise<KustomizeOutput> {
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
    };
  const root = await mkdtemp(join(tmpdir(), 'nowwhat-overlay-'));
  try {
    await cp(folder, root, { recursive: true });
    await writeFile(join(root, entry), throughOverlay(part, hooks));
    const hidden = { root, shown: folder };
    return await runKustomize(
      { folder: root, file, command: `helm template with the post-renderer in ${folder}`, hidden },
      options,
    );
  } finally {
    await rm(root, { recursive: true, force: true });
  }
}

/** Where an overlay says something of an object that comes out of it. */
type FindChanges = (object: KubeObject, texts: Texts) => WrittenIn[];

type Out = Pick<Overlaid, 'part' | 'hooks'>;

/** Objects of Helm as they come out, led to their templates and to what changed them; and those that only the overlay has. */
function comeOut({ part, hooks }: Out, source: SourceText, findIn: FindChanges, namespace: string) {
  const [first] = part.objects;
  const origin = { kind: 'helm', unit: first?.source.origin.unit ?? source.file } as const;
  const out = parseManifests(source, { textIndex: 0, origin, namespace }).objects;
  const before = new Set(part.objects.map(identityOf));
  const after = new Map(out.map((object) => [identityOf(object), object.raw]));
  const texts = new Texts(part.texts);
  const objects = part.objects.flatMap((object): KubeObject[] => {
    if (isPastOverlay(object, hooks)) return [object];
    const raw = after.get(identityOf(object));
    if (raw === undefined) return [];
    const changed = { ...object, raw };
    const writtenIn = findIn(changed, texts);
    return [writtenIn.length === 0 ? changed : { ...changed, source: { ...object.source, writtenIn } }];
  });
  const own = out.filter((object) => !before.has(identityOf(object)));
  return { part: { ...part, texts: texts.list, objects, duplicateKeys: [] }, own };
}

async function trace({ graph, top, part, hooks }: Overlaid, rendered: string, options: ReadOptions): Promise<Part> {
  const originals = await readOriginals(graph, top, options);
  const source = { file: top.kustomization.file, text: rendered, rendered: true };
  const findIn: FindChanges = (object, texts) => {
    const { group, kind, name } = object;
    return findChanges(object, { group, kind, own: name, renamed: name }, originals, texts);
  };
  const out = comeOut({ part, hooks }, source, findIn, options.namespace);
  return joinParts([out.part, traceObjects({ ...emptyPart, texts: [source], objects: out.own }, originals)]);
}

/** The part of a chart behind the post-renderers of the HelmRelease that deploys it: one step after the other. */
export async function applyRelease(part: Part, release: ChartRelease, options: ReadOptions): Promise<Part> {
  const { object, source } = release;
  const steps = stepsOf(object);
  if (steps.length === 0 || part.objects.length === 0) return part;
  const { file } = source;
  const hooks = await seesHooks(release, options);
  let text = throughOverlay(part, hooks);
  for (const { kustomization } of steps) {
    const root = await mkdtemp(join(tmpdir(), 'nowwhat-overlay-'));
    try {
      await writeFile(join(root, 'kustomization.yaml'), kustomization.text);
      await writeFile(join(root, helmOutput), text);
      const hidden = { root, shown: file };
      const run = await runKustomize({ folder: root, file, command: 'flux build for it', hidden }, options);
      if (!run.ok) return { ...run.problem, skipped: part.skipped };
      ({ text } = run);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  }
  const out = { file, text, rendered: true };
  // What a kustomization makes the release of is another text than the user's.
  const findIn: FindChanges = (each, texts) =>
    source.rendered ? [] : findReleaseChanges(each, { source, release: object, steps }, texts.indexOf(source));
  return comeOut({ part, hooks }, out, findIn, release.namespace).part;
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
  const [first] = part.objects;
  if (first === undefined) return part;
  const graph = await readGraph([overlay], options.maxFileBytes);
  const top = graph.get(resolve(overlay));
  if (top === undefined) return noOverlay(overlay);
  const refused = findRefusal(graph, top, options.allowRemote);
  if (refused !== undefined) return refused;
  const overlaid = { graph, top, part, hooks: await seesHooks(undefined, options) };
  const run = await render(overlaid, options);
  return run.ok ? trace(overlaid, run.text, options) : { ...run.problem, skipped: part.skipped };
}
