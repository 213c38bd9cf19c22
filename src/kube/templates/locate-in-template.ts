// Leads a field of a rendered object back to the line of the Helm template that prints it, and to the values key that decides it.

import { isJsonObject, type Json, type Path, valueAt } from '../../model/index.ts';
import { parseYaml } from '../yaml/index.ts';
import type { Block } from './template-actions.ts';
import { readTemplateTree, type TemplateNode } from './template-tree.ts';

/** Lines and columns count from 1. `valuesKey` is spelled as `helm --set` does: `web.resources.limits`, `hosts[0]`. */
export interface TemplatePlace {
  readonly line: number;
  readonly column: number;
  readonly valuesKey?: string;
}

interface Found {
  readonly line: number;
  readonly column: number;
  readonly reads: string | undefined;
  readonly blocks: readonly Block[];
  /** Steps that no line of the template shows: what a `toYaml` printed, or what is missing. */
  readonly rest: Path;
  /** True where an action prints the rest of the path. */
  readonly filled: boolean;
}

function scalarText(value: Json | undefined): string | undefined {
  return typeof value === 'object' || value === undefined ? undefined : String(value);
}

function matchesScalar(node: TemplateNode, value: Json | undefined): boolean {
  const text = scalarText(value);
  return text !== undefined && node.value !== undefined && node.value.test(text);
}

/** A pattern with more of its own text says more: `shop-metrics` fits `{{ … }}-metrics` better than `{{ … }}`. */
function scalarFit(node: TemplateNode, value: Json | undefined): number {
  const own = node.value?.source.replaceAll('[\\s\\S]*', '').length ?? 0;
  return matchesScalar(node, value) ? 3 + own / 1000 : -3;
}

/** How well a node of the template fits a rendered value: shared keys and matching scalars count. */
function fit(node: TemplateNode, value: Json | undefined): number {
  if (!isJsonObject(value)) return scalarFit(node, value);
  let points = 0;
  for (const child of node.children) {
    const key = Object.keys(value).find((each) => child.key?.test(each) === true);
    if (key === undefined) points -= 1;
    else if (child.value === undefined) points += 1;
    else points += scalarFit(child, value[key]);
  }
  return points;
}

/** An entry with the same name is the same entry, whatever else differs. */
function nameDecides(node: TemplateNode, value: Json | undefined): boolean | undefined {
  const name = isJsonObject(value) ? scalarText(value['name']) : undefined;
  const pattern = node.children.find(({ key }) => key?.test('name') === true)?.value;
  return name === undefined || pattern === undefined ? undefined : pattern.test(name);
}

function best(nodes: readonly TemplateNode[], value: Json | undefined): TemplateNode | undefined {
  const [first, ...others] = nodes;
  if (first === undefined) return undefined;
  return others.reduce((a, b) => (fit(b, value) > fit(a, value) ? b : a), first);
}

function isRepeated(node: TemplateNode, parent: TemplateNode): boolean {
  return node.blocks.slice(parent.blocks.length).some(({ kind }) => kind === 'range');
}

function findItem(parent: TemplateNode, list: readonly Json[], index: number): TemplateNode | undefined {
  const items = parent.children.filter(({ isItem }) => isItem);
  const isPlain = parent.fillers.length === 0 && !items.some((item) => isRepeated(item, parent));
  if (isPlain && items.length === list.length) return items[index];
  const value = list[index];
  const named = items.filter((item) => nameDecides(item, value) !== false);
  const item = best(named, value);
  // With something else printing items too, one that merely could be it is not enough.
  if (item === undefined || (parent.fillers.length > 0 && fit(item, value) <= 0)) return undefined;
  return item;
}

function findChild(parent: TemplateNode, step: string | number, value: Json | undefined): TemplateNode | undefined {
  if (typeof step === 'number') return findItem(parent, Array.isArray(value) ? (value as Json[]) : [], step);
  const keyed = parent.children.filter(({ key }) => key !== undefined && key.test(step));
  const exact = keyed.filter(({ key }) => key?.source === `^${step}$`);
  return best(exact.length > 0 ? exact : keyed, valueAt(value, [step]));
}

function stopAt(node: TemplateNode, rest: Path): Found {
  const [filler, ...others] = node.fillers;
  if (rest.length > 0 && filler !== undefined && others.length === 0) return { ...filler, rest, filled: true };
  const { line, column, reads, blocks } = node;
  return { line, column, reads, blocks, rest, filled: rest.length > 0 && reads !== undefined };
}

function descend(root: TemplateNode, rendered: Json, path: Path): Found {
  let node = root;
  let value: Json | undefined = rendered;
  for (const [depth, step] of path.entries()) {
    const next = findChild(node, step, value);
    if (next === undefined) return stopAt(node, path.slice(depth));
    node = next;
    value = valueAt(value, [step]);
  }
  return stopAt(node, []);
}

function spell(steps: Path): string {
  return steps.map((step) => (typeof step === 'number' ? `[${step}]` : `.${step.replaceAll('.', '\\.')}`)).join('');
}

/**
 * The key that the place itself reads; else that of the block around it. A condition decides only whether the place is printed, so its key
 * counts where the place was not.
 */
function valuesKeyOf({ reads, blocks, rest, filled }: Found, isPrinted: boolean): string | undefined {
  if (rest.length > 0 && !filled && isPrinted) return undefined;
  if (reads !== undefined) return reads + spell(rest);
  const around = blocks.findLast(({ kind, reads: key }) => key !== undefined && (kind !== 'if' || !isPrinted));
  return around?.reads;
}

/** The document of the template that this object came from: by its kind, then by its name, then by its shape. */
function findDocument(documents: readonly TemplateNode[], rendered: Json): TemplateNode | undefined {
  const fits = (document: TemplateNode): boolean => {
    const kind = document.children.filter(({ key }) => key?.test('kind') === true);
    return kind.some((node) => matchesScalar(node, valueAt(rendered, ['kind'])));
  };
  const namePoints = (document: TemplateNode): number => {
    const metadata = document.children.find(({ key }) => key?.test('metadata') === true);
    return metadata === undefined ? 0 : fit(metadata, valueAt(rendered, ['metadata']));
  };
  const points = (document: TemplateNode): number => 10 * namePoints(document) + fit(document, rendered);
  const [first, ...others] = documents.filter(fits);
  return first === undefined ? undefined : others.reduce((a, b) => (points(b) > points(a) ? b : a), first);
}

/**
 * Where `path` of the rendered document stands in its template, or the nearest parent that does. `undefined` where the template shows nothing of
 * the object, as when all of it comes from an `include`. The template is never run: where several lines could be meant, the one that fits the
 * rendering best is taken.
 */
export function locateInTemplate(template: string, renderedDocument: string, path: Path): TemplatePlace | undefined {
  const parsed = parseYaml(renderedDocument);
  const rendered = parsed.ok ? parsed.parsed.values.find((value) => value !== null) : undefined;
  return rendered === undefined ? undefined : locateValue(readTemplateTree(template), rendered, path);
}

/** The same for a template already read and a document already parsed. */
export function locateValue(documents: readonly TemplateNode[], rendered: Json, path: Path): TemplatePlace | undefined {
  const document = findDocument(documents, rendered);
  if (document === undefined) return undefined;
  const found = descend(document, rendered, path);
  const { line, column } = found.line > 0 ? found : { line: 1, column: 1 };
  const printed = valueAt(rendered, path.slice(0, path.length - found.rest.length)) !== undefined;
  const valuesKey = valuesKeyOf(found, printed);
  return valuesKey === undefined ? { line, column } : { line, column, valuesKey };
}
