// New objects of a chart or a kustomization: a template or a resource of its own, written as the others are.

import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  type Json,
  type JsonObject,
  type KubeObject,
  type NewObject,
  type Snapshot,
} from '../../model/index.ts';
import { folderOf } from '../new-files/folder.ts';
import { PlaceChooser } from '../new-files/choose-place.ts';
import { spellKind } from '../new-files/kind-words.ts';
import { appendDocument, renderFile, toWritten, type Written } from '../new-files/write-document.ts';
import { handOf } from '../text/hand.ts';
import { renderBlock } from '../text/render-value.ts';
import type { Twin } from './aim.ts';
import type { FileDrafts } from './file-drafts.ts';
import { addToKustomization } from './new-patch.ts';
import { markRelease, releaseExpression, releaseMark } from './release-names.ts';
import type { KustomizeUnit } from './written-places.ts';

/** The objects as they stand in files of the kustomization's own folder. */
function ownFiles({ snapshot, file }: KustomizeUnit): Snapshot {
  const objects = snapshot.objects.flatMap((object): KubeObject[] => {
    const [place] = object.source.writtenIn ?? [];
    const text = place === undefined ? undefined : snapshot.texts[place.text]?.file;
    if (place === undefined || text?.startsWith(folderOf(file)) !== true) return [];
    return [{ ...object, source: { ...object.source, file: text, text: place.text, within: place.within } }];
  });
  return { ...snapshot, objects };
}

/** In the kustomization's folder, wherever the base lies; a namespace that the kustomization sets is none of the object's own. */
function besideIn({ file }: KustomizeUnit, beside: KubeObject, setsNamespace: boolean): KubeObject {
  const { source, raw } = beside;
  const name = source.file.slice(folderOf(source.file).length);
  const { namespace: _, ...metadata } = asObject(raw['metadata']);
  return {
    ...beside,
    raw: setsNamespace ? { ...raw, metadata } : raw,
    source: { ...source, file: folderOf(file) + name, within: [] },
  };
}

function isFree(unit: KustomizeUnit, drafts: FileDrafts, file: string): boolean {
  return !unit.names.includes(file.slice(folderOf(unit.file).length)) && !drafts.has(file);
}

/** What a kustomization puts around names. */
export interface Affixes {
  readonly prefix: string;
  readonly suffix: string;
}

/** A new object as it renders: what is named for the app as it stands there has its affixes already. */
export function withAffixes(create: NewObject, { prefix, suffix }: Affixes): NewObject {
  const metadata = asObject(create.raw['metadata']);
  const name = asString(metadata['name']) ?? '';
  if (name.startsWith(prefix) && name.endsWith(suffix)) return create;
  return { ...create, raw: { ...create.raw, metadata: { ...metadata, name: prefix + name + suffix } } };
}

function shortName(name: string, { prefix, suffix }: Affixes): string {
  const isAround = name.startsWith(prefix) && name.endsWith(suffix) && name.length > prefix.length + suffix.length;
  return isAround ? name.slice(prefix.length, name.length - suffix.length) : name;
}

/** The text that came with it says what the object says: where it does not, it is not used. */
function textWith(text: string, name: string, isNamespaced: boolean): string {
  const named = text.replace(/^ {2}name: .*$/m, `  name: ${name}`);
  return isNamespaced ? named : named.replace(/^ {2}namespace: .*\n/m, '');
}

/** What the kustomization puts around names and into objects by itself is left out. */
function strip(create: NewObject, { setsNamespace, ...affixes }: KustomizeNaming): NewObject {
  const { namespace, name, ...metadata } = asObject(create.raw['metadata']);
  const short = shortName(asString(name) ?? '', affixes);
  const kept = setsNamespace || namespace === undefined ? {} : { namespace };
  const { text } = create;
  return {
    ...create,
    raw: { ...create.raw, metadata: { name: short, ...kept, ...metadata } },
    ...(text === undefined ? {} : { text: textWith(text, short, 'namespace' in kept) }),
  };
}

export interface KustomizeNaming extends Affixes {
  /** The kustomization sets the namespace of all objects. */
  readonly setsNamespace: boolean;
}

/** Writes new objects and lists their files under `resources`; the reason where that cannot be. */
export function createKustomized(
  unit: KustomizeUnit,
  creates: readonly NewObject[],
  naming: KustomizeNaming,
  drafts: FileDrafts,
): string | undefined {
  const here = creates.map((create) => ({
    ...strip(create, naming),
    beside: besideIn(unit, create.beside, naming.setsNamespace),
  }));
  const places = new PlaceChooser(ownFiles(unit), { isTaken: (file) => !isFree(unit, drafts, file) }, here);
  const fresh = new Map<string, Written[]>();
  for (const create of here) {
    const place = places.choose(create);
    const written = toWritten(create);
    if (place.text === undefined) fresh.set(place.file, [...(fresh.get(place.file) ?? []), written]);
    else {
      const original = unit.snapshot.texts[place.text]?.text ?? '';
      const text = drafts.textOf(place.file, original);
      drafts.change(place.file, original, appendDocument(text, written, handOf(original)));
    }
  }
  for (const [file, documents] of fresh) {
    drafts.create(file, renderFile(file, documents, handOf(unit.text)));
    const reason = addToKustomization(unit, drafts, 'resources', file.slice(folderOf(unit.file).length));
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function isOfRelease(text: string, release: string): boolean {
  return text === release || text.startsWith(`${release}-`);
}

function noteFixed(own: Json, other: Json | undefined, key: string, fixed: Set<string>): void {
  if (typeof own === 'string') {
    if (own === other) fixed.add(`${key}\n${own}`);
  } else if (Array.isArray(own)) {
    const others = asArray(other);
    for (const [index, each] of (own as readonly Json[]).entries()) noteFixed(each, others[index], key, fixed);
  } else if (isJsonObject(own))
    for (const [field, each] of Object.entries(own)) noteFixed(each ?? null, asObject(other)[field], field, fixed);
}

/** Texts, each with its field, that are the same under every name of the release, although they look like it: the name of a chart that is the release's. */
function fixedTexts(twins: readonly Twin[]): ReadonlySet<string> {
  const fixed = new Set<string>();
  for (const { object, other } of twins) noteFixed(object.raw, other.raw, '', fixed);
  return fixed;
}

interface Marking {
  readonly release: string;
  readonly fixed: ReadonlySet<string>;
}

/** A template that prints the object in whatever release: braces of its own are printed as text. */
function toTemplate(raw: JsonObject, marking: Marking): string {
  const { namespace: _, ...metadata } = asObject(raw['metadata']);
  const { release, fixed } = marking;
  const isNamed = (text: string, key: string): boolean => isOfRelease(text, release) && !fixed.has(`${key}\n${text}`);
  const document = markRelease({ ...raw, metadata }, release, isNamed);
  return `${renderBlock(document, { column: 0, newLine: '\n' })}\n`
    .replaceAll('{{', '{{ "{{" }}')
    .replaceAll(releaseMark, releaseExpression);
}

export interface HelmNaming {
  readonly release: string;
  /** The chart's folder of templates, and the names in it. */
  readonly folder: string;
  readonly names: readonly string[];
  /** The chart's objects, each with the same one of a release with another name; empty where that is not known. */
  readonly twins: readonly Twin[];
}

/** A file of templates for each kind. */
export function createTemplates(creates: readonly NewObject[], naming: HelmNaming, drafts: FileDrafts): void {
  const marking = { release: naming.release, fixed: fixedTexts(naming.twins) };
  const byKind = new Map<string, NewObject[]>();
  for (const create of creates) {
    const kind = asString(create.raw['kind']) ?? '';
    byKind.set(kind, [...(byKind.get(kind) ?? []), create]);
  }
  for (const [kind, own] of byKind) {
    const documents = own.map(({ raw }) => toTemplate(raw, marking));
    const words = [own.length > 1, own.length < 2].map((isPlural) => spellKind(kind, { spelling: 'joined', isPlural }));
    const begun = words.map((word) => fileOf(naming, word)).find((file) => drafts.has(file));
    // What an earlier round has begun is gone on with.
    if (begun !== undefined) drafts.create(begun, [drafts.textOf(begun, ''), ...documents].join('---\n'));
    else drafts.create(fileOf(naming, words[0] ?? ''), documents.join('---\n'));
  }
}

/** The first name that the chart has no file of. */
function fileOf({ folder, names }: HelmNaming, word: string): string {
  const free = [`${word}.yaml`, `more-${word}.yaml`, `${word}-2.yaml`].find((each) => !names.includes(each));
  return `${folder}/${free ?? `${word}-3.yaml`}`;
}
