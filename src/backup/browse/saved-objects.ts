// The objects of a backup for somebody who looks for a few of them: of ours, only the parts of the archive that hold them are fetched; Velero's are streamed
// from their beginning, and never kept.

import { sha256Of } from '../layout/sha256.ts';
import { asString, UserError } from '../../model/index.ts';
import type { JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { ArchiveMember } from '../archive/pack-members.ts';
import { parseEntry, readArchive, type ReadEntry } from '../archive/read-archive.ts';
import type { Archived } from '../archive/write-archive.ts';
import { openBackup, type OpenedBackup, readManifest } from '../inspect/read-backup.ts';
import { readSeal, sealedHash } from '../inspect/read-seal.ts';
import type { Manifest } from '../layout/manifest.ts';
import type { Store } from '../store/store.ts';
import { assembleRanges } from './ranges.ts';

export type ObjectPlace = Pick<Archived, 'groupResource' | 'namespace' | 'name'>;

/** An object as a backup holds it. */
export interface SavedObject extends Archived {
  readonly object: JsonObject;
}

export interface SavedObjects {
  readonly backup: OpenedBackup;
  /** What the backup holds. Of ours that is the manifest; of Velero's the archive is read once, and what is told of it is remembered. */
  readonly list: () => Promise<readonly Archived[]>;
  /** Objects in the order of the archive. Throws `UserError` where one is not what was saved. */
  readonly read: (takes: (place: ObjectPlace) => boolean) => AsyncGenerator<SavedObject>;
}

/** `deployments.apps shop/web`: the same for the same object in every backup. */
export function keyOfPlace({ groupResource, namespace, name }: ObjectPlace): string {
  return `${groupResource} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

function toSaved({ place, content }: ReadEntry, where: string): SavedObject {
  const object = parseEntry({ place, content }, where);
  const { groupResource, namespace, name } = place;
  const apiVersion = asString(object['apiVersion']) ?? '';
  return {
    groupResource,
    version: apiVersion.slice(apiVersion.indexOf('/') + 1),
    kind: asString(object['kind']) ?? '',
    namespace,
    name,
    bytes: content.length,
    sha256: sha256Of(content),
    object,
  };
}

/** The classic path, or that of the preferred version where there is none: of two copies the first is read. */
function isCopy({ version }: EntryPlace): boolean {
  return version !== undefined && !version.endsWith('-preferredversion');
}

class StreamedObjects implements SavedObjects {
  readonly backup: OpenedBackup;
  private readonly store: Store;
  private listed: Archived[] | undefined;

  constructor(store: Store, backup: OpenedBackup) {
    this.store = store;
    this.backup = backup;
  }

  async list(): Promise<readonly Archived[]> {
    if (this.listed !== undefined) return this.listed;
    const listed: Archived[] = [];
    for await (const { object: _, ...archived } of this.read(() => true)) listed.push(archived);
    this.listed = listed;
    return listed;
  }

  async *read(takes: (place: ObjectPlace) => boolean): AsyncGenerator<SavedObject> {
    const { contents } = this.backup.keys;
    const seen = new Set<string>();
    for await (const entry of readArchive(await this.store.read(contents), contents)) {
      const key = keyOfPlace(entry.place);
      if (isCopy(entry.place) || seen.has(key) || !takes(entry.place)) continue;
      seen.add(key);
      yield toSaved(entry, contents);
    }
  }
}

/** Which objects each part of the archive holds: both stand in the order in which they were written. */
function membersWith(
  { objects, members }: Manifest,
  takes: (place: ObjectPlace) => boolean,
): readonly { readonly member: ArchiveMember; readonly wanted: readonly Archived[] }[] {
  let first = 0;
  return members.flatMap((member) => {
    const wanted = objects.slice(first, first + member.objects).filter(takes);
    first += member.objects;
    return wanted.length === 0 ? [] : [{ member, wanted }];
  });
}

class IndexedObjects implements SavedObjects {
  readonly backup: OpenedBackup;
  private readonly store: Store;
  private readonly manifest: Manifest;

  constructor(store: Store, backup: OpenedBackup, manifest: Manifest) {
    this.store = store;
    this.backup = backup;
    this.manifest = manifest;
  }

  list(): Promise<readonly Archived[]> {
    return Promise.resolve(this.manifest.objects);
  }

  async *read(takes: (place: ObjectPlace) => boolean): AsyncGenerator<SavedObject> {
    const found = membersWith(this.manifest, takes);
    const expected = new Map(found.flatMap(({ wanted }) => wanted).map((each) => [keyOfPlace(each), each]));
    const { contents } = this.backup.keys;
    for (const range of assembleRanges(found.map(({ member }) => member))) {
      for await (const entry of readArchive(await this.store.read(contents, range), contents)) {
        if (entry.place.version !== undefined) continue;
        const wanted = expected.get(keyOfPlace(entry.place));
        if (wanted === undefined) continue;
        expected.delete(keyOfPlace(entry.place));
        yield this.held(toSaved(entry, contents), wanted);
      }
    }
    const [missing] = expected.keys();
    if (missing !== undefined) throw notAsSaved(contents, missing, 'it is not where the manifest says');
  }

  private held(saved: SavedObject, { sha256, kind, version }: Archived): SavedObject {
    if (saved.sha256 === sha256) return { ...saved, kind, version };
    throw notAsSaved(this.backup.keys.contents, keyOfPlace(saved), 'it has other content than was saved');
  }
}

function notAsSaved(where: string, what: string, why: string): UserError {
  return new UserError(
    'invalid-backup',
    `${where}, ${what}: ${why}`,
    'See what else was changed: nowwhat backup verify NAME. Use another backup.',
  );
}

/** The manifest is what the seal says, and so are the objects: each has its hash in it. */
async function readSealedManifest(store: Store, backup: OpenedBackup): Promise<Manifest | undefined> {
  const seal = await readSeal(store, backup);
  const { keys } = backup;
  if (seal === undefined) return undefined;
  if (sealedHash(seal, keys.backup) !== backup.sha256)
    throw notAsSaved(keys.backup, backup.name, 'it has other bytes than were written');
  return readManifest(store, keys, sealedHash(seal, keys.manifest));
}

/** Throws `UserError` where there is no such backup, or its seal does not hold. */
export async function openSavedObjects(store: Store, name: string): Promise<SavedObjects> {
  const backup = await openBackup(store, name);
  const manifest = await readSealedManifest(store, backup);
  return manifest === undefined || manifest.members.length === 0
    ? new StreamedObjects(store, backup)
    : new IndexedObjects(store, backup, manifest);
}
