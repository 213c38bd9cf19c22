// Saves the files of one volume: a helper pod that mounts it, kopia in it, and afterwards a list of every file with its hash.

import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { type JsonObject, UserError } from '../../model/index.ts';
import type { CollectProblem } from '../collect/gap.ts';
import { fileLine, filesEnd, filesHeader, type SavedVolume, volumeLine } from './files-manifest.ts';
import { type HelperWish, usualPatience } from './helper-pod.ts';
import { parseProgress, parseSnapshot, policyCommand, type Snapshot, snapshotCommand, tidyCommand } from './kopia.ts';
import { listCommand, parseFiles } from './list-files.ts';
import { helperName, type MovingVolumes, retrying, signalFor } from './moving-volumes.ts';
import { type OpenKopia, openKopia } from './open-repository.ts';
import { admitsNoRoot, type Helper, type HelperContext, startHelper, volumeError } from './run-helper.ts';
import { sweepSnapshots } from './sweep-snapshots.ts';

/** A volume's list of files, in a file of its own. */
export interface ListedVolume {
  readonly file: string;
  readonly lines: number;
  readonly moving: number;
  readonly others: number;
}

/** What is saved, and what it is called. */
export interface FilesToSave {
  /** For the user. */
  readonly title: string;
  /** Of the helper, and of the repository. */
  readonly namespace: string;
  /** As it stands below `volumes` of a pod, without its name. */
  readonly source: JsonObject;
  /** The only node that it can be mounted on; left out, where the scheduler puts the helper. */
  readonly node?: string | undefined;
  /** Of the pod whose files they are. */
  readonly podSpec: JsonObject;
  /** What the repository calls where they come from. */
  readonly path: string;
  /** What the list of files says of the volume. */
  readonly record: Omit<SavedVolume, 'snapshot' | 'bytes' | 'files'>;
  /** What is left of deleted backups goes too: once for each repository. */
  readonly sweeps: boolean;
  /** Name of the list, one for each volume of a backup. */
  readonly list: string;
  /** Milliseconds until the helper must run; left out, as usual. */
  readonly patience?: number | undefined;
}

export interface SavingFiles extends MovingVolumes {
  readonly backup: string;
}

export interface SavedFiles {
  /** Why the repository could not be tidied. */
  readonly trouble: string | undefined;
  readonly snapshot: Snapshot;
  readonly listed: ListedVolume;
  readonly volume: SavedVolume;
  /** ISO times. */
  readonly started: string;
  readonly completed: string;
}

class SavingOne {
  private readonly how: SavingFiles;
  private readonly toSave: FilesToSave;
  private readonly context: HelperContext;

  constructor(how: SavingFiles, toSave: FilesToSave) {
    this.how = how;
    this.toSave = toSave;
    this.context = signalFor(how);
  }

  private async wish(): Promise<HelperWish> {
    const { toSave, how } = this;
    const { namespace, node, podSpec, source } = toSave;
    return {
      namespace,
      name: helperName(),
      image: how.image,
      source,
      readOnly: true,
      node,
      podSpec,
      asPod: await admitsNoRoot(how.context.client, namespace),
      lifetime: Math.ceil(how.timeout / 1000) + 600,
      needsStore: true,
      patience: toSave.patience ?? usualPatience,
    };
  }

  /** `saved` is told before anything that does not concern the volume. */
  async save(saved: () => Promise<void>): Promise<SavedFiles> {
    const { how, context, toSave } = this;
    how.progress(`${toSave.title}: starting a helper`);
    const helper = await startHelper(context, {
      wish: await this.wish(),
      secret: how.secret,
      network: how.repository.kind === 'bucket' ? 'where closed' : 'unneeded',
    });
    try {
      const started = context.now();
      const since = Number((await helper.must(['date', '+%s'])).stdout.trim());
      const kopia = await openKopia(helper, toSave.namespace, how, true);
      const snapshot = await this.snapshot(kopia);
      how.progress(`${toSave.title}: hashing its files`);
      const volume = { ...toSave.record, snapshot: snapshot.id, bytes: snapshot.bytes, files: snapshot.files };
      const listed = await this.list(helper, volume, since);
      await saved();
      const trouble = toSave.sweeps ? await this.sweep(kopia) : undefined;
      const completed = new Date(context.now()).toISOString();
      return { snapshot, volume, listed, trouble, started: new Date(started).toISOString(), completed };
    } finally {
      await helper.remove();
    }
  }

  /** What is left is no harm to any backup. */
  private async sweep(kopia: OpenKopia): Promise<string | undefined> {
    const { how, toSave } = this;
    try {
      const removed = await sweepSnapshots(kopia, how.store);
      if (removed > 0)
        how.progress(
          `${toSave.namespace}: ${removed === 1 ? '1 snapshot' : `${removed} snapshots`} of deleted backups removed`,
        );
      // Of a bucket Velero takes care, or whoever it belongs to.
      if (how.repository.kind === 'folder') await kopia.run(tidyCommand());
      return undefined;
    } catch (error) {
      return `snapshots of deleted backups are left in the repository: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private async snapshot(kopia: OpenKopia): Promise<Snapshot> {
    const { how, toSave } = this;
    await kopia.run(policyCommand(toSave.path));
    const command = snapshotCommand(toSave.path, how.backup);
    const { stdout } = await retrying(this.context, () => kopia.run(command, (text) => this.tell(text)));
    const snapshot = parseSnapshot(stdout);
    if (typeof snapshot === 'string') throw volumeError(snapshot);
    return snapshot;
  }

  private tell(text: string): void {
    const progress = parseProgress(text);
    if (progress !== undefined) this.how.progress(`${this.toSave.title}: ${progress}`);
  }

  /** What changed since the snapshot began may have been saved as it was before or after. */
  private async list(helper: Helper, volume: SavedVolume, since: number): Promise<ListedVolume> {
    const file = join(this.how.folder, `${this.toSave.list}.jsonl.gz`);
    const counts = { lines: 0, moving: 0, others: 0 };
    const files = parseFiles(helper.stream(listCommand()));
    const lines = async function* (): AsyncGenerator<string> {
      yield volumeLine(volume);
      for await (const each of files) {
        const isMoving = each.changed >= since;
        counts.lines += 1;
        if (isMoving) counts.moving += 1;
        if (each.kind === 'other') counts.others += 1;
        yield fileLine(each, isMoving);
      }
    };
    await pipeline(Readable.from(lines()), createGzip(), createWriteStream(file, { mode: 0o600 }));
    return { file, ...counts };
  }
}

/** Throws where they cannot be saved. */
export function saveFiles(how: SavingFiles, toSave: FilesToSave, saved: () => Promise<void>): Promise<SavedFiles> {
  return new SavingOne(how, toSave).save(saved);
}

/** Why a volume could not be saved, in words. */
export function failureText(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'it took longer than it may';
  return error instanceof UserError ? error.message : String(error);
}

/** What is not as one might expect of a volume that was saved. */
export function problemsOfFiles({ listed, trouble, volume }: SavedFiles, title: string): CollectProblem[] {
  const { moving, others } = listed;
  const { namespace } = volume;
  const told = (message: string): CollectProblem => ({ severity: 'warning', namespace, message });
  return [
    ...(trouble === undefined ? [] : [told(trouble)]),
    ...(others === 0 ? [] : [told(`${title}: ${others} sockets, pipes and devices are not saved`)]),
    ...(moving === 0
      ? []
      : [told(`${title}: ${moving} files and directories changed while they were saved: a drill cannot compare them`)]),
  ];
}

async function* filesOf(backup: string, listed: readonly ListedVolume[]): AsyncGenerator<Buffer> {
  yield gzipSync(filesHeader(backup));
  let files = 0;
  for (const { file, lines } of listed) {
    for await (const chunk of createReadStream(file)) yield chunk as Buffer;
    files += lines;
  }
  yield gzipSync(filesEnd(listed.length, files));
}

/** Gzipped lines with the hash of every file of all volumes. */
export function openFileLists(backup: string, listed: readonly ListedVolume[]): Readable {
  return Readable.from(filesOf(backup, listed), { objectMode: false });
}
