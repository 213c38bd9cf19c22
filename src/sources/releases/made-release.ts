// Where a HelmRelease or an Application that a kustomization makes is written: in a patch or a resource that only this kustomization is made from.

import { resolve } from 'node:path';
import { parseYaml } from '../../kube/yaml/index.ts';
import {
  asObject,
  asString,
  type JsonObject,
  type KubeObject,
  type Path,
  type SourceText,
  valueAt,
  type WrittenIn,
} from '../../model/index.ts';
import { findSiblings } from '../kustomize/find-siblings.ts';
import type { ChartRelease, Written } from './chart-release.ts';

/** A document that can be edited in the place of the object that is made from it. */
export interface PlainPlace {
  readonly source: SourceText;
  /** The object's, as the document says it. */
  readonly name: string;
}

interface Candidate extends PlainPlace {
  readonly value: JsonObject;
}

function toCandidate(
  { kind }: KubeObject,
  { texts }: Written,
  { text, start, end, document, within }: WrittenIn,
): Candidate[] {
  const source = texts[text];
  if (source === undefined || source.encoding !== undefined || within.length + document > 0) return [];
  const parsed = parseYaml(source.text, { start, end });
  const value = asObject(parsed.ok ? parsed.parsed.values[0] : undefined);
  const name = asString(asObject(value['metadata'])['name']);
  return value['kind'] === kind && name !== undefined ? [{ source, name, value }] : [];
}

/** Items of a list are not merged: a document that has not the item would put a list of its own over all. */
function mayHold({ value }: Candidate, path: Path): boolean {
  const last = path.findLastIndex((step) => typeof step === 'number');
  return last === -1 || valueAt(value, path.slice(0, last + 1)) !== undefined;
}

/** True where all that is written in the file belongs to the tool that deploys: other objects are edited by themselves. */
function standsAlone({ group }: KubeObject, source: SourceText, { objects, texts }: Written): boolean {
  const tool = group.split('.').slice(-2).join('.');
  const isIn = (text: number): boolean => resolve(texts[text]?.file ?? '') === resolve(source.file);
  return objects.every(
    (each) =>
      each.group.split('.').slice(-2).join('.') === tool ||
      !(isIn(each.source.text) || (each.source.writtenIn ?? []).some(({ text }) => isIn(text))),
  );
}

/** The last of its patches that says the path, else its resource, else its last patch: what others share is no place for one of them. */
export async function findPlainPlace(
  { object, inline }: ChartRelease,
  input: Written,
  maxBytes: number,
): Promise<PlainPlace | undefined> {
  const { origin, writtenIn = [] } = object.source;
  const siblings = origin.kind === 'kustomize' ? await findSiblings(origin.unit, maxBytes) : undefined;
  if (siblings === undefined || siblings.others.some(({ usesIt }) => usesIt)) return undefined;
  const path = inline?.path ?? ['spec', 'postRenderers'];
  const [resource, ...patches] = writtenIn.map((place) =>
    place.sets === undefined ? toCandidate(object, input, place) : [],
  );
  const isPlain = (each: Candidate): boolean =>
    siblings.ownFiles.has(resolve(each.source.file)) && mayHold(each, path) && standsAlone(object, each.source, input);
  const own = patches.flat().filter(isPlain);
  const says = own.findLast(({ value }) => valueAt(value, path) !== undefined);
  return says ?? resource?.find(isPlain) ?? own.at(-1);
}
