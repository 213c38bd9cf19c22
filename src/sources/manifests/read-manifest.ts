// One text of the user's to its Kubernetes objects, or to what else it is.

import { type OtherDocument, type ParsedText, parseManifests } from '../../kube/manifests/parse-manifests.ts';
import type { KubeObject, Origin, SourceText, Unreadable } from '../../model/index.ts';
import { baseName, isForeignTemplateName, isKustomizationName } from '../files/file-names.ts';
import { emptyPart, type Part, skippedPart, unreadablePart, withoutObjects } from '../part.ts';
import {
  claimsKubernetes,
  hasHelmMarks,
  isValuesName,
  looksLikeTemplate,
  recogniseByApi,
  recogniseByKeys,
} from '../units/recognise.ts';

const helmTemplate = 'Helm template outside a chart; give the folder that holds its Chart.yaml';
const foreignTemplate = 'template that another tool fills in; render it and give the output';

function notAnObject(file: string, { line, keys }: OtherDocument): Unreadable {
  const missing = ['apiVersion', 'kind'].filter((key) => !keys.includes(key));
  return {
    code: 'not-an-object',
    position: { file, line, column: 1 },
    reason: missing.length === 0 ? 'apiVersion or kind is not text' : `the document has no ${missing.join(' and no ')}`,
    advice: 'Add apiVersion and kind, or remove the document.',
  };
}

/** Data of a ConfigMap or Secret may carry templates of anything: only the rest of an object is looked at. */
function isTemplated({ raw }: KubeObject): boolean {
  return hasHelmMarks(JSON.stringify({ ...raw, data: undefined, stringData: undefined }));
}

function whatIsIt(file: string, parsed: ParsedText): string {
  if (isValuesName(file)) return 'values file of a chart';
  const [first] = parsed.others;
  if (first === undefined) return 'empty';
  return recogniseByKeys(first.keys) ?? 'not Kubernetes: no apiVersion and no kind';
}

/** Whether a text that cannot be parsed matters to the user's app. */
function mustBeReadable({ file, text }: SourceText): boolean {
  return claimsKubernetes(text) || isValuesName(file) || isKustomizationName(baseName(file));
}

/** Whether what cannot be parsed is a template's: where other documents are sound, the broken place itself must show it. */
function isBrokenByTemplate({ text }: SourceText, { objects, unreadable }: ParsedText): boolean {
  if (!looksLikeTemplate(text)) return false;
  if (objects.length === 0 || objects.some(isTemplated)) return true;
  const lines = text.split('\n');
  return unreadable.every(({ position: { line } }) =>
    /\{\{|\{%/.test(lines.slice(Math.max(0, line - 2), line + 1).join(' ')),
  );
}

function recogniseBroken(source: SourceText, parsed: ParsedText): string | undefined {
  if (isForeignTemplateName(source.file)) return foreignTemplate;
  if (isBrokenByTemplate(source, parsed)) return hasHelmMarks(source.text) ? helmTemplate : foreignTemplate;
  return mustBeReadable(source) ? undefined : 'not Kubernetes, and not YAML that can be read';
}

/** What the text is where it holds no object that the API server would take; `undefined` where it holds one. */
function recogniseText(source: SourceText, parsed: ParsedText): string | undefined {
  if (parsed.unreadable.length > 0) return recogniseBroken(source, parsed);
  if (hasHelmMarks(source.text) && parsed.objects.some(isTemplated)) return helmTemplate;
  const claims = parsed.others.some(({ keys }) => keys.includes('kind') || keys.includes('apiVersion'));
  return parsed.objects.length === 0 && !claims ? whatIsIt(source.file, parsed) : undefined;
}

/** JSON is read by the YAML parser; its errors are told as what the user wrote. */
function nameErrors(source: SourceText, unreadable: readonly Unreadable[]): Unreadable[] {
  const isJson = /\.json$/i.test(source.file);
  return unreadable.map((each) => (isJson && each.code === 'invalid-yaml' ? { ...each, code: 'invalid-json' } : each));
}

function describeForeign(objects: readonly KubeObject[]): ReadonlyMap<number, string> {
  const foreign = new Map<number, string>();
  for (const [index, { group, version, kind }] of objects.entries()) {
    const what = recogniseByApi(group, version, kind);
    if (what !== undefined) foreign.set(index, what);
  }
  return foreign;
}

export interface ManifestContext {
  readonly origin: Origin;
  readonly namespace: string;
}

/** Reads a text that a kubectl would be given. Pure. */
export function readManifest(source: SourceText, { origin, namespace }: ManifestContext): Part {
  const parsed = parseManifests(source, { textIndex: 0, origin, namespace });
  const what = recogniseText(source, parsed);
  if (what !== undefined) return skippedPart(source.file, what);
  const unreadable = [
    ...nameErrors(source, parsed.unreadable),
    ...parsed.others.map((other) => notAnObject(source.file, other)),
  ];
  if (parsed.objects.length === 0) return unreadablePart(...unreadable);
  const foreign = describeForeign(parsed.objects);
  const { objects, duplicateKeys } = parsed;
  const skipped = [...new Set(foreign.values())].map((each) => ({ file: source.file, what: each }));
  const part = withoutObjects({ ...emptyPart, texts: [source], objects, duplicateKeys }, new Set(foreign.keys()));
  return { ...part, unreadable, skipped };
}
