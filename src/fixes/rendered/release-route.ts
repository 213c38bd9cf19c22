// Edits of what a chart renders, put into the HelmRelease of Flux that deploys it: `spec.postRenderers` runs kustomize behind the chart.

import { parseYaml, splitDocuments, type TextRange } from '../../kube/yaml/index.ts';
import {
  asArray,
  asObject,
  asString,
  type Edit,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  type KubeObject,
  type Path,
  type Snapshot,
} from '../../model/index.ts';
import type { Schemas } from '../../kube/schema/index.ts';
import { editText } from '../text/edit-text.ts';
import { editValue } from '../text/edit-value.ts';
import { renderBlock } from '../text/render-value.ts';
import type { Aim } from './aim.ts';
import type { FileDrafts } from './file-drafts.ts';
import { type KustomizeWish, knownOf } from './kustomize-route.ts';
import { type EditFields, putOwnFields } from './own-fields.ts';
import { editsToMerge, type Known, patchOf } from './strategic-patch.ts';

export interface ReleaseUnit {
  readonly snapshot: Snapshot;
  readonly schemas: Schemas;
  readonly file: string;
  /** As the file was at first. */
  readonly text: string;
  /** Name of the HelmRelease. */
  readonly name: string;
  readonly aim: Aim | undefined;
}

interface FoundRelease {
  readonly range: TextRange;
  readonly renderers: readonly JsonObject[];
}

function findRelease(text: string, name: string): FoundRelease | undefined {
  for (const range of splitDocuments(text)) {
    const parsed = parseYaml(text, range);
    const value = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
    if (value['kind'] !== 'HelmRelease' || asObject(value['metadata'])['name'] !== name) continue;
    return { range, renderers: asArray(asObject(value['spec'])['postRenderers']).map(asObject) };
  }
  return undefined;
}

const listPath: Path = ['spec', 'postRenderers'];

/** Edits of the last kustomization in the list, or of a new one. */
function fieldsOfRelease({ file, text: original, name }: ReleaseUnit, drafts: FileDrafts): EditFields {
  return (editsOf) => {
    const text = drafts.textOf(file, original);
    const found = findRelease(text, name);
    if (found === undefined) return false;
    const index = found.renderers.findLastIndex(({ kustomize }) => kustomize !== undefined);
    const edits = editsOf(asObject(found.renderers[index]?.['kustomize']));
    if (edits.length === 0) return true;
    const made = { kustomize: edits.reduce<Json>(editValue, {}) };
    const place = { ...found.range, document: 0, within: index === -1 ? [] : [...listPath, index, 'kustomize'] };
    const result = editText(text, place, index === -1 ? [{ op: 'add', path: listPath, values: [made] }] : edits);
    if (result.ok) drafts.change(file, original, result.text);
    return result.ok;
  };
}

/** The patch that is aimed at the object alone, where there is one. */
function findPatch(
  patches: readonly JsonObject[],
  target: JsonObject,
): { index: number; value: JsonObject } | undefined {
  for (const [index, each] of patches.entries()) {
    const parsed = parseYaml(asString(each['patch']) ?? '');
    const value = parsed.ok ? parsed.parsed.values[0] : undefined;
    if (isSameJson(each['target'] ?? null, target) && isJsonObject(value)) return { index, value };
  }
  return undefined;
}

function patchEdits(patches: readonly JsonObject[], target: JsonObject, document: JsonObject, known: Known): Edit[] {
  const write = (value: Json): string => `${renderBlock(value, { column: 0, newLine: '\n' })}\n`;
  const found = findPatch(patches, target);
  if (found === undefined) return [{ op: 'add', path: ['patches'], values: [{ target, patch: write(document) }] }];
  const edits = editsToMerge(found.value, document, [], { into: 'patch', known });
  const merged = edits.reduce<Json>(editValue, found.value);
  return [{ op: 'set', path: ['patches', found.index, 'patch'], value: write(merged) }];
}

/** Puts the difference into the release; the reason where it cannot be. What it renders to then must be looked at. */
export function editRelease(
  unit: ReleaseUnit,
  object: KubeObject,
  { usesFields, ...wanted }: KustomizeWish,
  drafts: FileDrafts,
): string | undefined {
  const edit = fieldsOfRelease(unit, drafts);
  const { before, after } = usesFields
    ? putOwnFields(edit, { ...wanted, name: undefined, isFree: () => true })
    : wanted;
  const known = knownOf(unit, object);
  const patch = patchOf(before, after, known);
  if (!isJsonObject(patch) || Object.keys(patch).length === 0) return undefined;
  const { apiVersion, kind, name } = object;
  const { metadata, ...rest } = patch;
  const document = { apiVersion, kind, metadata: { name: unit.aim?.name ?? name, ...asObject(metadata) }, ...rest };
  const target = unit.aim?.target ?? { kind, name };
  const isPut = edit(({ patches }) => patchEdits(asArray(patches).map(asObject), target, document, known));
  return isPut ? undefined : 'its HelmRelease cannot be edited';
}
