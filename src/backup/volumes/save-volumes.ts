// Saves the files of volumes: a helper pod beside each, kopia in it, and afterwards a list of every file with its hash.

import { randomBytes } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, gzipSync } from 'node:zlib';
import { asString, type JsonObject, UserError } from '../../model/index.ts';
import type { CollectProblem } from '../collect/collect-objects.ts';
import type { ChosenVolumes, VolumeToSave } from './choose-volumes.ts';
import { fileLine, filesEnd, filesHeader, type SavedVolume, volumeLine } from './files-manifest.ts';
import type { HelperWish } from './helper-pod.ts';
import { inOrder } from './in-order.ts';
import {
  parseProgress,
  parseSnapshot,
  policyCommand,
  type Snapshot,
  snapshotCommand,
  sourcePath,
  tidyCommand,
} from './kopia.ts';
import { listCommand, parseFiles } from './list-files.ts';
import { type OpenKopia, openKopia, type RepositoryPlace } from './open-repository.ts';
import { sweepSnapshots } from './sweep-snapshots.ts';
import { admitsNoRoot, type Helper, type HelperContext, startHelper, volumeError } from './run-helper.ts';
import { podVolumeBackup, type SavedFacts, volumeInfo } from './velero-records.ts';
import type { SavedVolumes, VolumesTold } from './volume-data.ts';

/** What moving data needs, in either direction. */
export interface MovingVolumes extends RepositoryPlace {
  readonly context: HelperContext;
  /** What the helper pod gets as environment: credentials of the store and the password of the repository. */
  readonly secret: Readonly<Record<string, string>>;
  readonly image: string;
  /** Milliseconds that one volume may take. */
  readonly timeout: number;
  /** Volumes under way at once. */
  readonly concurrency: number;
  /** For lists of files while they are made; the caller removes it. */
  readonly folder: string;
  readonly progress: (text: string) => void;
}

export interface SavingVolumes extends MovingVolumes {
  readonly chosen: ChosenVolumes;
  /** Persistent volumes by name. */
  readonly volumes: ReadonlyMap<string, JsonObject>;
  readonly backup: string;
  readonly veleroNamespace: string;
  readonly storageLocation: string;
}

/** A volume's list of files, in a file of its own. */
interface Listed {
  readonly file: string;
  readonly lines: number;
  readonly moving: number;
  readonly others: number;
}

interface Done {
  /** Why the repository could not be tidied. */
  readonly trouble: string | undefined;
  readonly facts: SavedFacts;
  readonly listed: Listed;
}

export function helperName(): string {
  return `nowwhat-volume-${randomBytes(4).toString('hex')}`;
}

/** The pod's volume as a helper mounts it. */
export function mountOf({ source }: Pick<VolumeToSave, 'source'>): JsonObject {
  if (source.kind === 'claim') return { persistentVolumeClaim: { claimName: source.claim } };
  return source.kind === 'nfs' ? { nfs: source.nfs } : { hostPath: { path: source.path } };
}

export function signalFor({ context, timeout }: Pick<MovingVolumes, 'context' | 'timeout'>): HelperContext {
  return { ...context, signal: AbortSignal.any([context.signal, AbortSignal.timeout(timeout)]) };
}

/** A connection that was lost is no reason to begin anew: kopia goes on with what the repository has. */
const attempts = 3;

export async function retrying<T>({ signal, sleep }: HelperContext, act: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      const isLost = error instanceof UserError && error.code === 'cluster-unreachable';
      if (!isLost || tries === attempts || signal.aborted) throw error;
      await sleep(1000 * tries);
    }
  }
}

class SavingOne {
  private readonly how: SavingVolumes;
  private readonly volume: VolumeToSave;
  private readonly index: number;
  /** Of its namespace. */
  private readonly isFirst: boolean;
  private readonly context: HelperContext;

  constructor(how: SavingVolumes, { volume, index }: { volume: VolumeToSave; index: number }) {
    this.isFirst = how.chosen.saved.findIndex(({ namespace }) => namespace === volume.namespace) === index;
    this.how = how;
    this.volume = volume;
    this.index = index;
    this.context = signalFor(how);
  }

  private get title(): string {
    const { namespace, pod, name } = this.volume;
    return `${namespace}/${pod}, volume ${name}`;
  }

  private async wish(): Promise<HelperWish> {
    const { volume, how } = this;
    const { namespace, node, podSpec } = volume;
    return {
      namespace,
      name: helperName(),
      image: how.image,
      source: mountOf(volume),
      readOnly: true,
      node,
      podSpec,
      asPod: await admitsNoRoot(how.context.client, namespace),
      lifetime: Math.ceil(how.timeout / 1000) + 600,
      needsStore: true,
    };
  }

  /** `saved` is told before anything that does not concern the pod. */
  async save(saved: () => Promise<void>): Promise<Done> {
    const { how, context } = this;
    how.progress(`${this.title}: starting a helper`);
    const helper = await startHelper(context, {
      wish: await this.wish(),
      secret: how.secret,
      network: how.repository.kind === 'bucket' ? 'where closed' : 'unneeded',
    });
    try {
      const started = context.now();
      const since = Number((await helper.must(['date', '+%s'])).stdout.trim());
      const kopia = await openKopia(helper, this.volume.namespace, how, true);
      const snapshot = await this.snapshot(kopia);
      how.progress(`${this.title}: hashing its files`);
      const listed = await this.list(helper, snapshot, since);
      await saved();
      const trouble = this.isFirst ? await this.sweep(kopia) : undefined;
      return { facts: this.facts(snapshot, started), listed, trouble };
    } finally {
      await helper.remove();
    }
  }

  /** Once for each repository. What is left is no harm to any backup. */
  private async sweep(kopia: OpenKopia): Promise<string | undefined> {
    try {
      const removed = await sweepSnapshots(kopia, this.how.store);
      if (removed > 0)
        this.how.progress(
          `${this.volume.namespace}: ${removed === 1 ? '1 snapshot' : `${removed} snapshots`} of deleted backups removed`,
        );
      // Of a bucket Velero takes care, or whoever it belongs to.
      if (this.how.repository.kind === 'folder') await kopia.run(tidyCommand());
      return undefined;
    } catch (error) {
      return `snapshots of deleted backups are left in the repository: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private async snapshot(kopia: OpenKopia): Promise<Snapshot> {
    const { how, volume } = this;
    const { namespace, pod, name, source } = volume;
    const path = sourcePath({ namespace, pod, volume: source.kind === 'claim' ? source.claim : name });
    await kopia.run(policyCommand(path));
    const command = snapshotCommand(path, how.backup);
    const { stdout } = await retrying(this.context, () => kopia.run(command, (text) => this.tell(text)));
    const snapshot = parseSnapshot(stdout);
    if (typeof snapshot === 'string') throw volumeError(snapshot);
    return snapshot;
  }

  private tell(text: string): void {
    const progress = parseProgress(text);
    if (progress !== undefined) this.how.progress(`${this.title}: ${progress}`);
  }

  private facts(snapshot: Snapshot, started: number): SavedFacts {
    const { how, volume } = this;
    const { backup, veleroNamespace, storageLocation, context } = how;
    return {
      backup,
      veleroNamespace,
      storageLocation,
      volume,
      snapshot,
      suffix: randomBytes(3).toString('hex'),
      started: new Date(started).toISOString(),
      completed: new Date(context.now()).toISOString(),
    };
  }

  /** What changed since the snapshot began may have been saved as it was before or after. */
  private async list(helper: Helper, snapshot: Snapshot, since: number): Promise<Listed> {
    const file = join(this.how.folder, `${this.index}.jsonl.gz`);
    const counts = { lines: 0, moving: 0, others: 0 };
    const head = volumeLine(recordOf(this.volume, snapshot));
    const files = parseFiles(helper.stream(listCommand()));
    const lines = async function* (): AsyncGenerator<string> {
      yield head;
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

function recordOf({ namespace, pod, name, node, source }: VolumeToSave, { id, bytes, files }: Snapshot): SavedVolume {
  return {
    namespace,
    pod,
    name,
    node,
    ...(source.kind === 'claim' ? { claim: source.claim } : {}),
    ...(source.kind === 'host-path' ? { hostPath: source.path } : {}),
    snapshot: id,
    bytes,
    files,
  };
}

/** Velero would wait for ever for a directory of the node that is no volume to the kubelet. */
function isForVelero({ source }: VolumeToSave): boolean {
  return source.kind !== 'host-path';
}

function problemsOf({ facts, listed, trouble }: Done): CollectProblem[] {
  const { namespace, pod, name } = facts.volume;
  const told = (message: string): CollectProblem => ({
    severity: 'warning',
    namespace,
    message: `volume ${name} of pod ${pod}: ${message}`,
  });
  const { moving, others } = listed;
  return [
    ...(trouble === undefined ? [] : [{ severity: 'warning' as const, namespace, message: trouble }]),
    ...(others === 0 ? [] : [told(`${others} sockets, pipes and devices are not saved`)]),
    ...(moving === 0
      ? []
      : [told(`${moving} files and directories changed while they were saved: a drill cannot compare them`)]),
  ];
}

async function* filesOf(backup: string, done: readonly Done[]): AsyncGenerator<Buffer> {
  yield gzipSync(filesHeader(backup));
  let files = 0;
  for (const { listed } of done) {
    for await (const chunk of createReadStream(listed.file)) yield chunk as Buffer;
    files += listed.lines;
  }
  yield gzipSync(filesEnd(done.length, files));
}

function failure({ namespace, pod, name }: VolumeToSave, error: unknown): CollectProblem {
  const words = error instanceof UserError ? error.message : String(error);
  const isLate = error instanceof Error && error.name === 'TimeoutError';
  const why = isLate ? 'it took longer than it may' : words;
  return { severity: 'error', namespace, message: `volume ${name} of pod ${pod} is not saved: ${why}` };
}

function leftOutProblems({ leftOut }: ChosenVolumes): CollectProblem[] {
  return leftOut
    .filter(({ asked }) => asked)
    .map(({ namespace, pod, name, reason }) => ({
      severity: 'warning',
      namespace,
      message: `volume ${name} of pod ${pod} is not saved: ${reason}`,
    }));
}

/** Tells of each pod once, when the last of its volumes is done. */
function tellingOf(volumes: readonly VolumeToSave[], told: VolumesTold): (volume: VolumeToSave) => Promise<void> {
  const left = new Map<string, number>();
  const seen = new Set<VolumeToSave>();
  const keyOf = ({ namespace, pod }: VolumeToSave): string => `${namespace}/${pod}`;
  for (const each of volumes) left.set(keyOf(each), (left.get(keyOf(each)) ?? 0) + 1);
  return async (volume) => {
    if (seen.has(volume)) return;
    seen.add(volume);
    const rest = (left.get(keyOf(volume)) ?? 1) - 1;
    left.set(keyOf(volume), rest);
    if (rest === 0) await told.onPodSaved(volume.namespace, volume.pod);
  };
}

/** A volume that cannot be saved is a problem of the backup; throws where the user ends it. */
export async function saveVolumes(how: SavingVolumes, told: VolumesTold): Promise<SavedVolumes> {
  const { saved } = how.chosen;
  const onSaved = tellingOf(saved, told);
  const problems = leftOutProblems(how.chosen);
  const results = await inOrder(saved, how.concurrency, async (volume, index): Promise<Done | undefined> => {
    try {
      return await new SavingOne(how, { volume, index }).save(() => onSaved(volume));
    } catch (error) {
      how.context.signal.throwIfAborted();
      problems.push(failure(volume, error));
      return undefined;
    } finally {
      await onSaved(volume);
    }
  });
  const done = results.filter((each) => each !== undefined);
  problems.push(...done.flatMap(problemsOf));
  const forVelero = done.filter(({ facts }) => isForVelero(facts.volume));
  return {
    podVolumeBackups: forVelero.map(({ facts }) => podVolumeBackup(facts)),
    infos: forVelero.map(({ facts }) => volumeInfo(facts, persistentOf(how, facts))),
    problems,
    volumes: done.map(({ facts: { volume, snapshot } }) => recordOf(volume, snapshot)),
    ...(done.length === 0 ? {} : { openFiles: () => Readable.from(filesOf(how.backup, done), { objectMode: false }) }),
  };
}

function persistentOf({ volumes }: SavingVolumes, { volume: { source } }: SavedFacts): JsonObject | undefined {
  return source.kind === 'claim' ? volumes.get(asString(source.volume) ?? '') : undefined;
}
