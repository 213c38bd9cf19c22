// Copies a finished backup to another store, key by key: each is written once and held against the seal on its way, and the key that makes it a backup comes
// last. What was copied before is not copied again.

import { Readable } from 'node:stream';
import { UserError } from '../../model/index.ts';
import { openBackup, type OpenedBackup } from '../inspect/read-backup.ts';
import { readSeal, type Seal } from '../inspect/read-seal.ts';
import { backupFolder, type BackupKeys } from '../layout/keys.ts';
import type { SealedFile } from '../layout/manifest.ts';
import type { Store } from '../store/store.ts';
import { type HashedBytes, hashing, hashOf } from './hash-stream.ts';
import { type CopiedRepository, copyRepository } from './copy-repository.ts';
import { type HeldData, judgeLeft, type LeftData, readHeldData } from './volume-data.ts';

export interface CopyWish {
  readonly name: string;
  readonly from: Store;
  readonly to: Store;
  /** With the repositories that hold the data of its volumes. */
  readonly volumes: boolean;
  readonly now: () => number;
  readonly progress: (text: string) => void;
}

export interface CopiedBackup {
  readonly name: string;
  readonly from: string;
  readonly to: string;
  /** Keys that were written, and those that were there already with the same bytes. */
  readonly copied: number;
  readonly already: number;
  /** Of what was written. */
  readonly bytes: number;
  /** `hashes`: every byte was held against the seal; `reading`: Velero notes none, and each key is as it was read. */
  readonly compared: 'hashes' | 'reading';
  /** Repositories with data of volumes; all that is in them, for this backup or another. */
  readonly repositories: readonly CopiedRepository[];
  /** Data of volumes, which stay where they are. */
  readonly leftBehind: readonly LeftData[];
}

/** A key by its name in the backup's folder. */
type File = Pick<SealedFile, 'name'> & Partial<SealedFile>;

function nameIn(folder: string, key: string): string {
  return key.slice(folder.length);
}

/** A writer's claim first, so that nobody takes the name; the seal when all is there; what makes it a backup last. */
function rankOf(file: File, folder: string, { claim, seal, signature, backup }: BackupKeys): number {
  const at = [backup, signature, seal].findIndex((key) => nameIn(folder, key) === file.name);
  if (at >= 0) return 10 - at;
  return nameIn(folder, claim) === file.name ? 0 : 1;
}

class Copying {
  copied = 0;
  already = 0;
  bytes = 0;
  private readonly wish: CopyWish;
  private readonly opened: OpenedBackup;
  private readonly folder: string;

  constructor(wish: CopyWish, opened: OpenedBackup) {
    this.wish = wish;
    this.opened = opened;
    this.folder = backupFolder(wish.from.prefix, wish.name);
  }

  async run(): Promise<CopiedBackup> {
    const { name, from, to, progress } = this.wish;
    const seal = await readSeal(from, this.opened);
    const files = await this.listFiles(seal);
    const { keys } = this.opened;
    const held = await readHeldData(from, this.opened);
    const repositories = await this.copyRepositories(held);
    const ranked = files.toSorted((a, b) => rankOf(a, this.folder, keys) - rankOf(b, this.folder, keys));
    for (const [index, file] of ranked.entries()) {
      progress(`${index + 1} of ${ranked.length} keys: ${file.name}`);
      await this.copyFile(file);
    }
    const { copied, already, bytes } = this;
    const compared = seal === undefined ? 'reading' : 'hashes';
    const leftBehind = await judgeLeft(
      from,
      to,
      held.filter((each) => !this.isTaken(each)),
    );
    return { name, from: from.place, to: to.place, copied, already, bytes, compared, repositories, leftBehind };
  }

  private isTaken({ uploader }: HeldData): boolean {
    return this.wish.volumes && uploader === 'kopia';
  }

  /** Before the backup itself: where that is, its data are. */
  private async copyRepositories(held: readonly HeldData[]): Promise<readonly CopiedRepository[]> {
    const copied: CopiedRepository[] = [];
    for (const each of held.filter((data) => this.isTaken(data)))
      copied.push(await copyRepository({ ...this.wish, namespace: each.namespace }));
    return copied;
  }

  /** What lies in the folder; a key that the seal does not know was put there by somebody else. */
  private async listFiles(seal: Seal | undefined): Promise<readonly File[]> {
    const present: string[] = [];
    for await (const { key } of this.wish.from.list(this.folder)) present.push(nameIn(this.folder, key));
    if (seal === undefined) return present.map((name) => ({ name }));
    const { keys } = this.opened;
    const own = { name: nameIn(this.folder, keys.seal), sha256: seal.sha256 };
    const signature = { name: nameIn(this.folder, keys.signature) };
    const files = [...seal.files, own, ...(present.includes(signature.name) ? [signature] : [])];
    const foreign = present.find((name) => !files.some((file) => file.name === name));
    const missing = files.find(({ name }) => !present.includes(name));
    if (foreign !== undefined) throw this.broken(foreign, 'is not known to the seal');
    if (missing !== undefined) throw this.broken(missing.name, 'is missing');
    return files;
  }

  private broken(name: string, what: string): UserError {
    const advice = `See what else was changed: nowwhat backup verify ${this.wish.name}.`;
    return new UserError('invalid-backup', `${this.folder}${name} ${what}`, advice);
  }

  private async copyFile(file: File): Promise<void> {
    const { from, to, name } = this.wish;
    const [source, target] = [`${this.folder}${file.name}`, `${backupFolder(to.prefix, name)}${file.name}`];
    if ((await to.size(target)) !== undefined) return this.requireSame(file, source, target);
    const told: HashedBytes = { bytes: 0, sha256: '' };
    const body = hashing(await from.read(source), source, file, told);
    try {
      await to.upload(target, Readable.from(body, { objectMode: false }), { ifAbsent: true });
    } catch (error) {
      if (!(error instanceof UserError) || error.code !== 'store-key-exists') throw error;
      return this.requireSame(file, source, target);
    }
    this.copied += 1;
    this.bytes += told.bytes;
  }

  /** What is there is never overwritten: it is the same, or the name belongs to another backup. */
  private async requireSame(file: File, source: string, target: string): Promise<void> {
    const { from, to, name } = this.wish;
    const expected = file.sha256 ?? (await hashOf(await from.read(source)));
    if ((await hashOf(await to.read(target))) !== expected)
      throw new UserError(
        'store-key-exists',
        `${to.place} holds another backup "${name}": ${target} has other bytes`,
        'Use another store, or another prefix in it: what a store holds is never overwritten.',
      );
    this.already += 1;
  }
}

/** Run again, it goes on where it was cut off. Throws `UserError`; then the other store shows no such backup, or had it before. */
export async function copyBackup(wish: CopyWish): Promise<CopiedBackup> {
  const { from, to, name } = wish;
  if (from.place === to.place)
    throw new UserError('invalid-option', `${to.place} is where the backup is`, 'Name another store with --to.');
  return new Copying(wish, await openBackup(from, name)).run();
}
