// New objects of a chart or a kustomization: a template or a resource of its own, written as the others are.

import {
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
import type { FileDrafts } from './file-drafts.ts';
import { addToKustomization } from './new-patch.ts';
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

/** What the kustomization puts around names and into objects by itself is left out. */
function strip(create: NewObject, namespaced: boolean, prefix: string): NewObject {
  const { namespace, name, ...metadata } = asObject(create.raw['metadata']);
  const text = asString(name) ?? '';
  const short = prefix !== '' && text.startsWith(prefix) ? text.slice(prefix.length) : text;
  const kept = namespaced || namespace === undefined ? {} : { namespace };
  const { text: _, ...rest } = create;
  const isAsItWas = short === text && (namespace === undefined || !namespaced);
  return isAsItWas ? create : { ...rest, raw: { ...create.raw, metadata: { name: short, ...kept, ...metadata } } };
}

export interface KustomizeNaming {
  /** The kustomization sets the namespace of all objects. */
  readonly setsNamespace: boolean;
  readonly prefix: string;
}

/** Writes new objects and lists their files under `resources`; the reason where that cannot be. */
export function createKustomized(
  unit: KustomizeUnit,
  creates: readonly NewObject[],
  { setsNamespace, prefix }: KustomizeNaming,
  drafts: FileDrafts,
): string | undefined {
  const here = creates.map((create) => ({
    ...strip(create, setsNamespace, prefix),
    beside: besideIn(unit, create.beside, setsNamespace),
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

const releaseMark = 'release-name-of-the-chart';

/** The release's name wherever a text is it or begins with it. */
function markRelease(value: Json, release: string): Json {
  if (typeof value === 'string')
    return value === release || value.startsWith(`${release}-`) ? releaseMark + value.slice(release.length) : value;
  if (Array.isArray(value)) return (value as readonly Json[]).map((each) => markRelease(each, release));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, markRelease(each ?? null, release)]));
}

/** A template that prints the object in whatever release: braces of its own are printed as text. */
function toTemplate(raw: JsonObject, release: string): string {
  const { namespace: _, ...metadata } = asObject(raw['metadata']);
  const document = markRelease({ ...raw, metadata }, release);
  return `${renderBlock(document, { column: 0, newLine: '\n' })}\n`
    .replaceAll('{{', '{{ "{{" }}')
    .replaceAll(releaseMark, '{{ .Release.Name }}');
}

export interface HelmNaming {
  readonly release: string;
  /** The chart's folder of templates, and the names in it. */
  readonly folder: string;
  readonly names: readonly string[];
}

/** A file of templates for each kind. */
export function createTemplates(creates: readonly NewObject[], naming: HelmNaming, drafts: FileDrafts): void {
  const byKind = new Map<string, NewObject[]>();
  for (const create of creates) {
    const kind = asString(create.raw['kind']) ?? '';
    byKind.set(kind, [...(byKind.get(kind) ?? []), create]);
  }
  for (const [kind, own] of byKind) {
    const word = spellKind(kind, { spelling: 'joined', isPlural: own.length > 1 });
    const name = [`${word}.yaml`, `more-${word}.yaml`, `${word}-2.yaml`].find((each) => !naming.names.includes(each));
    const documents = own.map(({ raw }) => toTemplate(raw, naming.release));
    drafts.create(`${naming.folder}/${name ?? `${word}-3.yaml`}`, documents.join('---\n'));
  }
}
