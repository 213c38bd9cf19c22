// Helm's output to objects, one text per template, each knowing its hook and its subchart.

import { parseManifests } from '../../kube/manifests/parse-manifests.ts';
import { splitDocuments } from '../../kube/yaml/index.ts';
import { asObject, asString, type KubeObject, type Origin, type SourceText } from '../../model/index.ts';
import { emptyPart, type Part } from '../part.ts';
import type { TemplateFile } from './template-files.ts';

/** All that one template rendered to. */
export interface Rendering {
  /** As Helm prints it: `shop/templates/web.yaml`; empty where Helm named none. */
  readonly path: string;
  readonly text: string;
}

/** Cuts `helm template` output by its `# Source:` comments, in the order in which templates first appear. */
export function splitBySource(stdout: string): Rendering[] {
  const texts = new Map<string, string>();
  for (const { start, end } of splitDocuments(stdout)) {
    const document = stdout.slice(start, end);
    const path = /^(?:---[^\n]*\n)?\s*# Source: (\S.*?)\r?$/m.exec(document.slice(0, 2000))?.[1] ?? '';
    const separated = document.startsWith('---') ? document : `---\n${document}`;
    texts.set(path, (texts.get(path) ?? '') + (separated.endsWith('\n') ? separated : `${separated}\n`));
  }
  return [...texts].map(([path, text]) => ({ path, text }));
}

/** `charts/redis/charts/common` for a template of a subchart's subchart. */
export function subchartOf(path: string): string | undefined {
  const match = /^[^/]+\/((?:charts\/[^/]+\/)+)(?:templates|crds)\//.exec(path);
  return match?.[1]?.replace(/\/$/, '');
}

export interface RenderingContext {
  /** Chart folder or archive. */
  readonly unit: string;
  readonly namespace: string;
  readonly template: TemplateFile | undefined;
}

function withHook(object: KubeObject): KubeObject {
  const annotations = asObject(asObject(object.raw['metadata'])['annotations']);
  const hook = asString(annotations['helm.sh/hook']);
  if (hook === undefined) return object;
  return { ...object, source: { ...object.source, origin: { ...object.source.origin, hook } } };
}

/** Objects of one template. Pure. */
export function parseRendering(rendering: Rendering, { unit, namespace, template }: RenderingContext): Part {
  const file = template?.file ?? unit;
  const base: SourceText = { file, text: rendering.text, rendered: true };
  const source = template === undefined ? base : { ...base, template: template.text };
  const subchart = subchartOf(rendering.path);
  const origin: Origin = subchart === undefined ? { kind: 'helm', unit } : { kind: 'helm', unit, subchart };
  const { objects, unreadable } = parseManifests(source, { textIndex: 0, origin, namespace });
  const own = objects.map(withHook).map((object) => ({ ...object, source: { ...object.source, line: 1 } }));
  const atTemplate = unreadable.map((each) => ({ ...each, position: { file, line: 1, column: 1 } }));
  return { ...emptyPart, texts: [source], objects: own, unreadable: atTemplate };
}
