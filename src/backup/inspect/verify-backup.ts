// Reads a whole backup and holds every byte of it against what was noted when it was written.

import { createHash, type KeyObject } from 'node:crypto';
import { sha256Of } from '../layout/sha256.ts';
import { asArray, asObject, asString, UserError } from '../../model/index.ts';
import { type EntryPlace, formatVersion } from '../archive/entry-names.ts';
import { parseEntry, readArchive } from '../archive/read-archive.ts';
import type { Archived } from '../archive/write-archive.ts';
import { parseSeal, type SealedFile } from '../layout/manifest.ts';
import { findSignatureFlaw } from '../seal/sign-seal.ts';
import type { Store } from '../store/store.ts';
import { openBackup, type OpenedBackup, readManifest, readSide } from './read-backup.ts';

export interface Flaw {
  /** The key, or the object as `deployments.apps shop/web`. */
  readonly where: string;
  readonly what: string;
}

export interface Verification {
  readonly name: string;
  /** `hashes`: every byte was compared; `structure`: the backup carries none (Velero's), so only that it can be read whole. */
  readonly compared: 'hashes' | 'structure';
  readonly files: number;
  readonly objects: number;
  /** Of what was read from the store. */
  readonly bytes: number;
  /** `unchecked`: it is signed, and no key was given to hold the signature against. */
  readonly signature: 'none' | 'unchecked' | 'valid' | 'invalid';
  readonly flaws: readonly Flaw[];
}

class Verifying {
  readonly flaws: Flaw[] = [];
  readonly store: Store;
  readonly opened: OpenedBackup;
  files = 0;
  objects = 0;
  bytes = 0;

  constructor(store: Store, opened: OpenedBackup) {
    this.store = store;
    this.opened = opened;
  }

  flaw(where: string, what: string): void {
    this.flaws.push({ where, what });
  }

  /** Runs a part; what it cannot read is a flaw, what the store refuses ends the whole. */
  async part<T>(act: () => Promise<T>): Promise<T | undefined> {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'invalid-backup') throw error;
      const { contents } = this.opened.keys;
      if (error.message.startsWith(contents))
        this.flaw(contents, error.message.slice(contents.length).replace(/^\W+/, ''));
      else this.flaw(this.opened.name, error.message);
      return undefined;
    }
  }

  async verifyFile(folder: string, { name, bytes, sha256 }: SealedFile): Promise<void> {
    const key = `${folder}${name}`;
    const size = await this.store.size(key);
    if (size === undefined) return this.flaw(key, 'is missing');
    const hash = createHash('sha256');
    for await (const chunk of await this.store.read(key)) hash.update(chunk as Buffer);
    this.files += 1;
    this.bytes += size;
    if (size !== bytes) this.flaw(key, `has ${size} bytes, and ${bytes} were written`);
    else if (hash.digest('hex') !== sha256) this.flaw(key, 'has other bytes than were written');
  }

  /** Held against the seal; `false` where the backup has none. */
  async verifySeal(): Promise<boolean> {
    const { keys, name } = this.opened;
    const content = await this.store.get(keys.seal);
    if (content === undefined) {
      if (this.opened.summary.madeBy === 'nowwhat') this.flaw(keys.seal, 'is missing');
      return false;
    }
    const seal = parseSeal(content.toString('utf8'));
    if (seal === undefined || seal.backup !== name) {
      this.flaw(keys.seal, 'is not as it was written');
      return true;
    }
    const folder = keys.seal.slice(0, keys.seal.lastIndexOf('/') + 1);
    for (const file of seal.files) await this.verifyFile(folder, file);
    await this.verifyNames(folder, new Set(seal.files.map((file) => file.name)));
    return true;
  }

  /** Nothing lies beside the backup that nobody put there, and no name in the seal was changed. */
  private async verifyNames(folder: string, sealed: ReadonlySet<string>): Promise<void> {
    const { seal, signature } = this.opened.keys;
    for await (const { key } of this.store.list(folder))
      if (key !== seal && key !== signature && !sealed.has(key.slice(folder.length)))
        this.flaw(seal, `does not know ${key}`);
  }

  /** The seal has a hash of everything; the signature says who made the seal. */
  async verifySignature(publicKey: KeyObject | undefined): Promise<Verification['signature']> {
    const { signature, seal } = this.opened.keys;
    const content = await this.store.get(signature);
    if (publicKey === undefined) return content === undefined ? 'none' : 'unchecked';
    const flaw = findSignatureFlaw((await this.store.get(seal)) ?? Buffer.alloc(0), content, publicKey);
    if (flaw !== undefined) this.flaw(signature, flaw);
    return flaw === undefined ? 'valid' : 'invalid';
  }

  async verifyArchive(): Promise<void> {
    const { keys } = this.opened;
    const manifest = await this.part(() => readManifest(this.store, keys));
    const expected =
      manifest === undefined ? undefined : new Map(manifest.objects.map((each) => [placeKey(each), each]));
    const found = new Set<string>();
    const isRead = await this.part(async () => {
      for await (const entry of readArchive(await this.store.read(keys.contents), keys.contents)) {
        const object = parseEntry(entry, keys.contents);
        const { place } = entry;
        if (asObject(object['metadata'])['name'] !== place.name)
          this.flaw(nameOf(place), 'stands at the name of another');
        if (expected !== undefined) this.compare(place, entry.content, expected.get(placeKey(place)));
        if (place.version === undefined) found.add(placeKey(place));
      }
      return true;
    });
    this.objects = found.size;
    this.compareNames(found, expected ?? new Map(), isRead === true);
    if (expected === undefined) await this.part(() => this.verifyResourceList(found.size));
  }

  /** Behind the place where an archive is broken nothing can be found: that is one flaw. */
  private compareNames(found: ReadonlySet<string>, expected: ReadonlyMap<string, Archived>, isRead: boolean): void {
    const missing = [...expected].filter(([key]) => !found.has(key)).map(([, each]) => nameOf(each));
    if (isRead) for (const name of missing) this.flaw(name, 'is missing in the archive');
    else if (missing.length > 0)
      this.flaw(
        this.opened.keys.contents,
        `holds ${missing.length} of ${expected.size} objects behind that place: they cannot be read`,
      );
  }

  private compare(place: EntryPlace, content: Buffer, expected: Archived | undefined): void {
    if (expected === undefined) return this.flaw(nameOf(place), 'is in the archive and was never saved');
    const sha256 = sha256Of(content);
    if (sha256 !== expected.sha256) this.flaw(nameOf(place), 'has other content than was saved');
  }

  /** Velero's own list says how many objects it meant to save. */
  private async verifyResourceList(found: number): Promise<void> {
    const list = await readSide(this.store, this.opened.keys.resourceList);
    if (list === undefined) return;
    const listed = Object.values(asObject(list)).reduce((sum: number, names) => sum + asArray(names).length, 0);
    if (listed !== found)
      this.flaw(this.opened.keys.resourceList, `lists ${listed} objects, and the archive holds ${found}`);
  }

  verifyObject(): void {
    const { object, name, keys } = this.opened;
    const { status, metadata, kind } = object;
    const version = asString(asObject(status)['formatVersion']) ?? '1';
    if (kind !== 'Backup') this.flaw(keys.backup, 'is no Backup');
    if (asObject(metadata)['name'] !== name) this.flaw(keys.backup, 'has another name than its folder');
    if (version !== formatVersion && !version.startsWith('1'))
      this.flaw(keys.backup, `has the unknown format ${version}`);
  }
}

function placeKey({ groupResource, namespace, name }: Pick<Archived, 'groupResource' | 'namespace' | 'name'>): string {
  return `${groupResource} ${namespace}/${name}`;
}

function nameOf({ groupResource, namespace, name }: Pick<Archived, 'groupResource' | 'namespace' | 'name'>): string {
  return `${groupResource} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** Throws `UserError` where the store or the backup cannot be read at all; what is wrong inside is in `flaws`. */
export async function verifyBackup(store: Store, name: string, publicKey?: KeyObject): Promise<Verification> {
  const verifying = new Verifying(store, await openBackup(store, name));
  verifying.verifyObject();
  const hasSeal = await verifying.verifySeal();
  await verifying.verifyArchive();
  const signature = await verifying.verifySignature(publicKey);
  const { files, objects, bytes, flaws } = verifying;
  return { name, compared: hasSeal ? 'hashes' : 'structure', files, objects, bytes, signature, flaws };
}
