// Kustomizations that share files with the one that is edited: which of their objects are the same, and what may become of them.

import { resolve } from 'node:path';
import { byIdentity, findSharedFile, identityOf, isSameObject } from '../../fixes/index.ts';
import type { Change, Json, JsonObject, KubeObject, Path, Snapshot } from '../../model/index.ts';
import type { Sibling, TrialCopy } from '../../sources/index.ts';

/** A sibling with what it renders to. */
export interface OpenSibling extends Sibling {
  /** What it rendered to at first. */
  readonly first: ReadonlyMap<string, JsonObject>;
  now: Snapshot;
}

/** Programs run at once. */
const atOnce = 3;

/** What the siblings render to now, in their order. */
export async function readSiblings(siblings: readonly Sibling[], copy: TrialCopy): Promise<Snapshot[]> {
  const read: Snapshot[] = [];
  for (let start = 0; start < siblings.length; start += atOnce) {
    const some = siblings.slice(start, start + atOnce);
    read.push(...(await Promise.all(some.map(({ folder }) => copy.readSibling(folder)))));
  }
  return read;
}

export async function openSiblings(siblings: readonly Sibling[], copy: TrialCopy): Promise<OpenSibling[]> {
  const read = await readSiblings(siblings, copy);
  return siblings.flatMap((sibling, index) => {
    const now = read[index];
    return now === undefined ? [] : [{ ...sibling, now, first: byIdentity(now.objects) }];
  });
}

/** The document that an object is made from, whichever kustomization makes it. */
function placeOf({ source: { writtenIn: [place] = [] } }: KubeObject, { texts }: Snapshot): string | undefined {
  if (place === undefined) return undefined;
  return [texts[place.text]?.file, place.start, place.document, ...place.within].join('\n');
}

/** Objects of a sibling that are made from the same resource. */
export function twinsOf(object: KubeObject, of: Snapshot, sibling: Pick<OpenSibling, 'now'>): KubeObject[] {
  const place = placeOf(object, of);
  return place === undefined
    ? []
    : sibling.now.objects.filter((other) => other.kind === object.kind && placeOf(other, sibling.now) === place);
}

/** True where the sibling is made from the file that an edit of these fields goes into. */
export function sharesPlace({ files }: Sibling, of: Snapshot, object: KubeObject, paths: readonly Path[]): boolean {
  const file = findSharedFile(of, object, paths);
  return file !== undefined && files.has(resolve(file));
}

/** A change of an object, as a patch, and the change that it is part of. */
export interface PatchedTwin {
  readonly wish: Change;
  readonly id: string;
  readonly patch: Json;
  /** False where the sibling may have the field from elsewhere: then nothing changes there. */
  readonly isDue: boolean;
}

/** What may become of a sibling. */
export interface SiblingMeant {
  readonly sibling: OpenSibling;
  readonly patches: readonly PatchedTwin[];
  /** Identities of what goes there as well. */
  readonly removed: readonly { readonly wish: Change; readonly id: string }[];
  /** Kinds of new objects that come with the kustomization that it uses. */
  readonly created: readonly string[];
}

type Merge = (raw: JsonObject, patch: Json) => Json;

/** The object with every patch that is due, and with each other one that shows in what was rendered. */
function expected(raw: JsonObject, rendered: JsonObject, patches: readonly PatchedTwin[], merge: Merge): Json {
  return patches.reduce<Json>((value, { patch, isDue }) => {
    const shows = isDue || isSameObject(merge(rendered, patch), rendered);
    return shows ? merge(value as JsonObject, patch) : value;
  }, raw);
}

/** Identities in the sibling that are not as they may be. */
export function wrongInSibling(
  { sibling, patches, removed, created }: SiblingMeant,
  rendered: Snapshot,
  merge: Merge,
): string[] {
  const now = byIdentity(rendered.objects);
  const gone = new Set(removed.map(({ id }) => id));
  const before = byIdentity(sibling.now.objects);
  const wrong = [...before].flatMap(([id, raw]) => {
    const found = now.get(id);
    if (gone.has(id)) return found === undefined ? [] : [id];
    if (found === undefined) return [id];
    const own = patches.filter((each) => each.id === id);
    return isSameObject(expected(raw, found, own, merge), found) ? [] : [id];
  });
  const more = rendered.objects.filter((object) => !before.has(identityOf(object)) && !created.includes(object.kind));
  return [...wrong, ...more.map(identityOf)];
}

/** Changes that have to do with what is wrong in a sibling. */
export function blamedIn({ patches, removed }: SiblingMeant, wrong: readonly string[]): Change[] {
  return [...patches, ...removed].filter(({ id }) => wrong.includes(id)).map(({ wish }) => wish);
}
