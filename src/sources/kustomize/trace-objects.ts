// Leads rendered objects back to the user's files: the resource each was made from, and the patches that changed it.

import { LineIndex, PositionTree } from '../../kube/yaml/index.ts';
import type { DuplicateKey, KubeObject, SourceText, WrittenIn } from '../../model/index.ts';
import type { Part } from '../part.ts';
import { findSettings } from './field-setters.ts';
import { isTargetOf } from './patch-target.ts';
import type { GeneratorOriginal, Original, Originals } from './read-originals.ts';

/** Kinds that `namePrefix` and `nameSuffix` leave alone. Source: kustomize api/internal/builtins/PrefixTransformer.go. */
const unrenamedKinds = new Set(['CustomResourceDefinition', 'APIService', 'Namespace']);

interface Match {
  readonly original: Original;
  readonly object: KubeObject;
}

/** Texts with their indexes in a part. */
export class Texts {
  readonly list: SourceText[];
  private readonly indexes = new Map<SourceText, number>();

  constructor(first: readonly SourceText[]) {
    this.list = [...first];
  }

  indexOf(source: SourceText): number {
    let index = this.indexes.get(source);
    if (index === undefined) {
      index = this.list.push(source) - 1;
      this.indexes.set(source, index);
    }
    return index;
  }
}

function renamed({ kind, name }: KubeObject, { prefix, suffix }: Original): string {
  return unrenamedKinds.has(kind) ? name : prefix + name + suffix;
}

function keyOf(group: string, kind: string, name: string): string {
  return `${group}/${kind}/${name}`;
}

function indexResources(resources: readonly Original[]): ReadonlyMap<string, readonly Match[]> {
  const index = new Map<string, Match[]>();
  for (const original of resources)
    for (const object of original.objects) {
      const key = keyOf(object.group, object.kind, renamed(object, original));
      index.set(key, [...(index.get(key) ?? []), { original, object }]);
    }
  return index;
}

/** The one resource that the object was made from; none where two could be. */
function findMatch(object: KubeObject, index: ReadonlyMap<string, readonly Match[]>): Match | undefined {
  const matches = index.get(keyOf(object.group, object.kind, object.name)) ?? [];
  if (matches.length < 2) return matches[0];
  const sameNamespace = matches.filter((match) => match.object.namespace === object.namespace);
  return sameNamespace.length === 1 ? sameNamespace[0] : undefined;
}

/** A resource by the names under which a patch may know it: its own, and the one that kustomizations gave it. */
interface Named {
  readonly group: string;
  readonly kind: string;
  readonly own: string;
  readonly renamed: string;
}

function isPatchOf(patch: KubeObject, { group, kind, own, renamed: given }: Named): boolean {
  return patch.kind === kind && patch.group === group && [own, given].includes(patch.name);
}

function writtenIn(object: KubeObject, text: number): WrittenIn {
  const { start, end, document, within } = object.source;
  return { text, start, end, document, within };
}

/** Where patches and other entries of kustomizations say something of the rendered object, in the order in which they are applied. */
export function findChanges(
  object: KubeObject,
  named: Named,
  { patches, setters }: Pick<Originals, 'patches' | 'setters'>,
  texts: Texts,
): WrittenIn[] {
  const places: WrittenIn[] = [];
  for (const { source, objects, targets = [] } of patches)
    for (const patch of objects) {
      const isIts =
        targets.length > 0 ? targets.some((target) => isTargetOf(target, object, named.own)) : isPatchOf(patch, named);
      if (isIts) places.push(writtenIn(patch, texts.indexOf(source)));
    }
  for (const { source, within, sets } of findSettings(object, named.own, setters))
    places.push({ text: texts.indexOf(source), start: 0, end: source.text.length, document: 0, within, sets });
  return places;
}

function traceResource(object: KubeObject, match: Match, originals: Originals, texts: Texts): KubeObject {
  const { group, kind, name: own } = match.object;
  const changes = findChanges(
    object,
    { group, kind, own, renamed: renamed(match.object, match.original) },
    originals,
    texts,
  );
  const places = [writtenIn(match.object, texts.indexOf(match.original.source)), ...changes];
  const { file, line } = match.object.source;
  return { ...object, source: { ...object.source, file, line, writtenIn: places } };
}

/** Generated objects are named after their entry, usually with a hash of their content behind. */
function isGenerated(name: string, expected: string): boolean {
  return (
    name === expected || (name.startsWith(`${expected}-`) && /^[a-z0-9]{10}$/.test(name.slice(expected.length + 1)))
  );
}

function traceGenerated(object: KubeObject, originals: readonly GeneratorOriginal[], texts: Texts): KubeObject {
  for (const { source, generators, prefix, suffix } of originals) {
    const entry = generators.find(
      ({ kind, name }) =>
        kind === object.kind && object.group === '' && isGenerated(object.name, prefix + name + suffix),
    );
    if (entry === undefined) continue;
    const { offset } = new PositionTree(source.text).locate(0, entry.path);
    const place = { text: texts.indexOf(source), start: 0, end: source.text.length, document: 0, within: entry.path };
    const { line } = new LineIndex(source.text).at(offset);
    return { ...object, source: { ...object.source, file: source.file, line, writtenIn: [place] } };
  }
  return object;
}

/** The part with its objects led back; an object that cannot be led back stays with the kustomization itself. Pure. */
export function traceObjects(part: Part, originals: Originals): Part {
  const { resources, generators } = originals;
  const texts = new Texts(part.texts);
  const index = indexResources(resources);
  const duplicateKeys: DuplicateKey[] = [];
  const objects = part.objects.map((object, at) => {
    const match = findMatch(object, index);
    if (match === undefined) return traceGenerated(object, generators, texts);
    for (const key of match.original.duplicateKeys)
      if (match.original.objects[key.object] === match.object) duplicateKeys.push({ ...key, object: at });
    return traceResource(object, match, originals, texts);
  });
  return { ...part, texts: texts.list, objects, duplicateKeys };
}
