// Copies the kopia repository of a namespace to another store, blob by blob: nothing there is overwritten, and a repository that others write to is left alone.

import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { inParallel, UserError } from '../../model/index.ts';
import { repositoryFolder } from '../layout/keys.ts';
import type { Store } from '../store/store.ts';
import { type HashedBytes, hashing } from './hash-stream.ts';
import {
  byRank,
  copiedPrefix,
  indexPrefixes,
  isChanging,
  isCopied,
  isIndex,
  parseRepositoryId,
  repositoryBlob,
} from './kopia-blobs.ts';

export interface CopyingRepository {
  readonly namespace: string;
  readonly from: Store;
  readonly to: Store;
  readonly now: () => number;
  readonly progress: (text: string) => void;
}

export interface CopiedRepository {
  readonly namespace: string;
  /** Blobs that were written, and those that were there already. */
  readonly copied: number;
  readonly already: number;
  /** Of what was written. */
  readonly bytes: number;
}

/** Blobs by name, with their bytes. */
type Blobs = Map<string, number>;

const concurrency = 8;

function refuse(what: string, advice: string): UserError {
  return new UserError('store-key-exists', what, advice);
}

class Copying {
  private readonly how: CopyingRepository;
  private readonly source: string;
  private readonly target: string;
  private bytes = 0;
  private done = 0;

  constructor(how: CopyingRepository) {
    this.how = how;
    this.source = repositoryFolder(how.from.prefix, how.namespace);
    this.target = repositoryFolder(how.to.prefix, how.namespace);
  }

  async run(): Promise<CopiedRepository> {
    const wanted = await this.listSource();
    const there = await this.listTarget();
    await this.requireOwn(wanted, there);
    const missing = [...wanted.keys()].filter((blob) => !there.has(blob)).toSorted(byRank);
    if (missing.length > 0) await this.writeIntent(missing);
    // One rank after the other: what is named comes before what names it.
    for (let at = 0; at < missing.length; ) {
      const rank = missing.slice(at).filter((blob) => byRank(missing[at] ?? '', blob) === 0);
      await this.copyAll(rank, wanted, missing.length);
      at += rank.length;
    }
    const { namespace } = this.how;
    return { namespace, copied: missing.length, already: wanted.size - missing.length, bytes: this.bytes };
  }

  /** Indexes first, all else afterwards: then each content that one of them names is among it. */
  private async listSource(): Promise<Blobs> {
    const found: Blobs = new Map();
    for (const prefix of indexPrefixes) await this.list(this.how.from, `${this.source}${prefix}`, this.source, found);
    const others: Blobs = new Map();
    await this.list(this.how.from, this.source, this.source, others);
    for (const [blob, bytes] of others) if (!isIndex(blob)) found.set(blob, bytes);
    if (found.has(repositoryBlob)) return found;
    const { from, namespace } = this.how;
    throw new UserError(
      'store-key-missing',
      `${from.place} has no kopia repository for ${namespace}: ${this.source}${repositoryBlob} is not there`,
      'Copy the backup without --volumes; the data of its volumes are not where they should be.',
    );
  }

  private async list(store: Store, prefix: string, folder: string, into: Blobs): Promise<void> {
    for await (const { key, bytes } of store.list(prefix)) {
      const blob = key.slice(folder.length);
      if (isCopied(blob)) into.set(blob, bytes);
    }
  }

  private async listTarget(): Promise<Blobs> {
    const found: Blobs = new Map();
    await this.list(this.how.to, this.target, this.target, found);
    return found;
  }

  /** Throws where the other store holds something of another repository, or somebody has written to it there. */
  private async requireOwn(wanted: Blobs, there: Blobs): Promise<void> {
    const { to, namespace } = this.how;
    const elsewhere = 'Use another store, or another prefix in it: what a store holds is never overwritten.';
    const copied = await this.readIntents();
    if (!(await this.isSame(there)))
      throw refuse(`${to.place} holds another kopia repository for ${namespace}`, elsewhere);
    for (const [blob, bytes] of there) {
      const isOurs = copied.has(blob) || wanted.has(blob) || isChanging(blob);
      if (!isOurs)
        throw refuse(
          `the kopia repository for ${namespace} in ${to.place} is written to there as well: ${blob} is not from here`,
          elsewhere,
        );
      const expected = wanted.get(blob);
      if (expected !== undefined && expected !== bytes && !isChanging(blob))
        throw refuse(`${this.target}${blob} has ${bytes} bytes, and ${expected} here`, elsewhere);
    }
  }

  private async isSame(there: Blobs): Promise<boolean> {
    if (!there.has(repositoryBlob)) return true;
    const { from, to } = this.how;
    const [one, other] = await Promise.all([
      from.get(`${this.source}${repositoryBlob}`),
      to.get(`${this.target}${repositoryBlob}`),
    ]);
    const id = parseRepositoryId(one ?? Buffer.alloc(0));
    return id !== undefined && id === parseRepositoryId(other ?? Buffer.alloc(0));
  }

  /** What earlier copies have put there: the source may have dropped it since. */
  private async readIntents(): Promise<ReadonlySet<string>> {
    const { to } = this.how;
    const names = new Set<string>();
    for await (const { key } of to.list(`${this.target}${copiedPrefix}`)) {
      const bytes = await to.get(key);
      if (bytes !== undefined) for (const line of gunzipSync(bytes).toString('utf8').split('\n')) names.add(line);
    }
    return names;
  }

  /** Before the first of them is written, so that a copy that is cut off knows its own. */
  private async writeIntent(missing: readonly string[]): Promise<void> {
    const { to, now } = this.how;
    const key = `${this.target}${copiedPrefix}${now()}`;
    await to.put(key, gzipSync(missing.map((blob) => `${blob}\n`).join('')), { ifAbsent: true });
  }

  /** Ends only when nothing is under way any more, also where one has failed. */
  private async copyAll(blobs: readonly string[], wanted: Blobs, all: number): Promise<void> {
    const failures: unknown[] = [];
    await inParallel(blobs, concurrency, async (blob) => {
      if (failures.length > 0) return;
      await this.copy(blob, wanted.get(blob) ?? 0, all).catch((error: unknown) => failures.push(error));
    });
    if (failures.length > 0) throw failures[0];
  }

  private async copy(blob: string, expected: number, all: number): Promise<void> {
    const { from, to, namespace, progress } = this.how;
    const body = await from.read(`${this.source}${blob}`).catch((error: unknown) => {
      if (error instanceof UserError && error.code === 'store-key-missing') throw this.changed(blob, error);
      throw error;
    });
    const length = isChanging(blob) ? {} : { bytes: expected };
    const told: HashedBytes = { bytes: 0, sha256: '' };
    const checked = hashing(body, `${this.source}${blob}`, length, told);
    await to.upload(`${this.target}${blob}`, Readable.from(checked, { objectMode: false }), { ifAbsent: true });
    this.bytes += told.bytes;
    this.done += 1;
    progress(`kopia/${namespace}: ${this.done} of ${all} blobs`);
  }

  private changed(blob: string, cause: unknown): UserError {
    return new UserError(
      'store-failed',
      `${this.source}${blob} changed while it was copied: kopia cleans up there`,
      'Run the command again: what was copied is not copied twice.',
      cause,
    );
  }
}

/** Run again, it goes on. Throws `UserError`; what was in the other store before is as it was. */
export function copyRepository(how: CopyingRepository): Promise<CopiedRepository> {
  return new Copying(how).run();
}
