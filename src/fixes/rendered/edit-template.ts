// Edits a Helm template where it is plain text: whatever an action prints stays as it is, or the edit is not made.

import { findActions, maskActions } from '../../kube/templates/index.ts';
import { parseYaml, splitDocuments, type TextRange } from '../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  type Edit,
  isJsonObject,
  type Json,
  type KubeObject,
  type Path,
} from '../../model/index.ts';
import { editText } from '../text/edit-text.ts';
import { withoutDocument } from '../text/without-document.ts';

const filled = /\uE000+/;

/** The template as YAML of the same length: actions in a line are filled in, lines of actions alone are comments. */
export function toPlainYaml(template: string): string {
  const masked = maskActions(template, findActions(template));
  return masked
    .split('\n')
    .map((line) => {
      const isControl = filled.test(line) && line.replaceAll('\uE000', '').trim() === '';
      return isControl ? line.replace('\uE000', '#') : line;
    })
    .join('\n');
}

function fits(written: Json | undefined, rendered: string): boolean {
  const text = asString(written);
  if (text === undefined) return false;
  const parts = text.split(filled).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[\\s\\S]*')}$`).test(rendered);
}

interface Found {
  readonly range: TextRange;
  readonly value: Json;
}

/** The document that prints the object: of its kind, with a name that fits; none where two could be. */
function findDocument(plain: string, { kind, name }: KubeObject): Found | undefined {
  const fitting = splitDocuments(plain).flatMap((range): Found[] => {
    const parsed = parseYaml(plain, range);
    const value = parsed.ok ? parsed.parsed.values[0] : undefined;
    const isIt = isJsonObject(value) && value['kind'] === kind && fits(asObject(value['metadata'])['name'], name);
    return isIt ? [{ range, value }] : [];
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

function indexIn(items: readonly Json[], rendered: readonly Json[], step: number): number | undefined {
  const name = asString(asObject(rendered[step])['name']);
  const named = items.flatMap((item, index) =>
    name !== undefined && fits(asObject(item)['name'], name) ? [index] : [],
  );
  if (named.length === 1) return named[0];
  return items.length === rendered.length && name === undefined ? step : undefined;
}

/** The same path in the template; nothing where a list there is not the list of the rendering. */
function pathIn(written: Json, rendered: Json, path: Path): Path | undefined {
  const steps: (string | number)[] = [];
  let left: Json | undefined = written;
  let right: Json | undefined = rendered;
  for (const step of path) {
    if (typeof step === 'number') {
      const index = indexIn(asArray(left), asArray(right), step);
      if (index === undefined) return undefined;
      steps.push(index);
      left = asArray(left)[index];
      right = asArray(right)[step];
    } else {
      steps.push(step);
      left = asObject(left)[step];
      right = asObject(right)[step];
      // What an action prints there is not known.
      if (typeof left === 'string' && filled.test(left) && step !== path.at(-1)) return undefined;
    }
  }
  return steps;
}

/** The one range in which two texts differ. */
function differenceOf(before: string, after: string): { start: number; end: number; text: string } {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start += 1;
  let tail = 0;
  const most = Math.min(before.length, after.length) - start;
  while (tail < most && before[before.length - 1 - tail] === after[after.length - 1 - tail]) tail += 1;
  return { start, end: before.length - tail, text: after.slice(start, after.length - tail) };
}

export type TemplateEdit =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly reason: string };

const notPlain = 'its template prints the place by an action';

function editOnce(template: string, object: KubeObject, edit: Edit): TemplateEdit {
  const plain = toPlainYaml(template);
  const found = findDocument(plain, object);
  const path = found === undefined ? undefined : pathIn(found.value, object.raw, edit.path);
  if (found === undefined || path === undefined) return { ok: false, reason: notPlain };
  const result = editText(plain, { ...found.range, document: 0, within: [] }, [{ ...edit, path }]);
  if (!result.ok) return { ok: false, reason: result.reason };
  const { start, end, text } = differenceOf(plain, result.text);
  if (plain.slice(start, end) !== template.slice(start, end) || filled.test(text))
    return { ok: false, reason: notPlain };
  return { ok: true, text: template.slice(0, start) + text + template.slice(end) };
}

/** The template after the edits of one rendered object, or why it cannot be edited. What it renders to then must be looked at. */
export function editTemplate(template: string, object: KubeObject, edits: readonly Edit[]): TemplateEdit {
  let text = template;
  for (const edit of edits) {
    const result = editOnce(text, object, edit);
    if (!result.ok) return result;
    ({ text } = result);
  }
  return { ok: true, text };
}

const opening = /^\{\{-?\s*(?:if|range|with|define|block)\b/;
const closing = /^\{\{-?\s*end\b/;

/** The template without the document that prints the object, where nothing that begins in it ends outside. */
export function removeFromTemplate(template: string, object: KubeObject): TemplateEdit {
  const plain = toPlainYaml(template);
  const found = findDocument(plain, object);
  if (found === undefined) return { ok: false, reason: notPlain };
  const text = template.slice(found.range.start, found.range.end);
  const actions = findActions(text).map(({ start, end }) => text.slice(start, end));
  const count = (pattern: RegExp): number => actions.filter((action) => pattern.test(action)).length;
  if (count(opening) !== count(closing)) return { ok: false, reason: notPlain };
  return { ok: true, text: withoutDocument(template, found.range, object) };
}
