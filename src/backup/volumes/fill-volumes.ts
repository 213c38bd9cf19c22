// Brings the files of volumes back: a helper pod on each claim that is new and empty, and kopia in it, before anything runs that uses the claim.

import { asObject, asString, inParallel, type JsonObject, UserError } from '../../model/index.ts';
import { decideTarget, type FillTarget, type PlaceDirectory } from './decide-target.ts';
import { dataPath, type HelperWish, usualPatience } from './helper-pod.ts';
import { parseProgress, restoreCommand } from './kopia.ts';
import { tidyHelpers } from './left-helpers.ts';
import { openKopia } from './open-repository.ts';
import { placeClaims } from './place-claims.ts';
import { admitsNoRoot, type Helper, type HelperContext, startHelper, volumeError } from './run-helper.ts';
import { helperName, type MovingVolumes, retrying, signalFor } from './moving-volumes.ts';
import type { VolumeRecord } from './velero-records.ts';
import type { RestoredSoFar, RestoredVolume } from './volume-data.ts';

export interface FillingVolumes extends MovingVolumes {
  readonly records: readonly VolumeRecord[];
  /** Pods of the backup by `namespace/name`: where a new volume may be made, and who its files are for. */
  readonly pods: ReadonlyMap<string, JsonObject>;
  /** Where directories of nodes come back, where they are wanted. */
  readonly placeDirectory?: PlaceDirectory | undefined;
  /** Looks at what came back, in the helper that brought it. */
  readonly onFilled?: (helper: Helper, record: VolumeRecord) => Promise<void>;
}

/** Stands in a volume while its files come in: who finds it knows that they are not all there. */
export const marker = '.nowwhat-unfinished';

/** `fill` for a volume that is empty, or that an earlier restore has begun to fill. */
export const look = `if [ -e ${dataPath}/${marker} ]; then echo fill; elif [ -z "$(ls -A ${dataPath} | grep -vx 'lost+found')" ]; then echo fill; else echo full; fi`;
export const lookCommand: readonly string[] = ['sh', '-c', look];

class FillingOne {
  private readonly how: FillingVolumes;
  private readonly record: VolumeRecord;
  private readonly target: FillTarget;
  private readonly context: HelperContext;

  constructor(how: FillingVolumes, record: VolumeRecord, target: FillTarget) {
    this.how = how;
    this.record = record;
    this.target = target;
    this.context = signalFor(how);
  }

  private async wish(): Promise<HelperWish> {
    const { how, record } = this;
    const { namespace, source, node } = this.target;
    return {
      namespace,
      name: helperName(),
      image: how.image,
      source,
      readOnly: false,
      node,
      podSpec: asObject(how.pods.get(`${record.namespace}/${record.pod}`)?.['spec']),
      asPod: await admitsNoRoot(how.context.client, namespace),
      lifetime: Math.ceil(how.timeout / 1000) + 600,
      needsStore: true,
      patience: usualPatience,
    };
  }

  async fill(): Promise<RestoredVolume> {
    const { how, context } = this;
    const { namespace, name } = this.target;
    this.tell('starting a helper');
    const wish = await this.wish();
    const helper = await startHelper(context, {
      wish,
      secret: how.secret,
      network: how.repository.kind === 'bucket' ? 'opened' : 'unneeded',
    });
    try {
      const { stdout } = await helper.must(lookCommand);
      if (stdout.trim() !== 'fill')
        return { namespace, name, result: 'there already', message: 'it holds files, and stays as it is' };
      await this.bringBack(helper, wish.asPod);
      await how.onFilled?.(helper, this.record);
      return { namespace, name, result: 'filled' };
    } finally {
      await helper.remove();
    }
  }

  private async bringBack(helper: Helper, asPod: boolean): Promise<void> {
    const { record, how } = this;
    await helper.must(['touch', `${dataPath}/${marker}`]);
    const kopia = await openKopia(helper, record.namespace, how, false);
    const command = restoreCommand(record.snapshot, asPod);
    await retrying(this.context, () => kopia.run(command, (text) => this.tell(parseProgress(text)))).catch(unreadable);
    await helper.must(['rm', '-f', `${dataPath}/${marker}`]);
  }

  private tell(progress: string | undefined): void {
    const { namespace, name } = this.target;
    const title = this.record.hostPath ?? `${namespace}/${name}`;
    if (progress !== undefined) this.how.progress(`${title}: ${progress}`);
  }
}

/** kopia was there, and could not bring back what it was asked for. */
function unreadable(error: unknown): never {
  if (!(error instanceof UserError) || error.code !== 'volume-failed') throw error;
  const advice = 'Look whether the store is whole and the volume large enough, or restore another backup.';
  throw new UserError('volume-unreadable', error.message, advice, error);
}

function failed(place: string, error: unknown): UserError {
  const words = error instanceof UserError ? error.message : String(error);
  const what = `the data of ${place} did not come back, and nothing that uses it was started: ${words}`;
  return error instanceof UserError && error.code === 'volume-unreadable'
    ? new UserError(error.code, what, error.advice, error)
    : volumeError(what, error);
}

async function fillOne(how: FillingVolumes, record: VolumeRecord, restored: RestoredSoFar): Promise<RestoredVolume> {
  const target = decideTarget(record, restored, how.placeDirectory);
  const { namespace, name } = target;
  if ('reason' in target) return { namespace, name, result: 'left out', message: target.reason };
  if (restored.dryRun) return { namespace, name, result: 'filled', message: 'not tried' };
  try {
    return await new FillingOne(how, record, target).fill();
  } catch (error) {
    how.context.signal.throwIfAborted();
    throw failed(record.hostPath ?? `${namespace}/${name}`, error);
  }
}

function claimIn({ source }: FillTarget): string | undefined {
  return asString(asObject(source['persistentVolumeClaim'])['claimName']);
}

/** Where helpers are about to start. */
function namespacesOf({ records, placeDirectory }: FillingVolumes, restored: RestoredSoFar): string[] {
  const targets = records.map((record) => decideTarget(record, restored, placeDirectory));
  return targets.flatMap((target) => ('reason' in target ? [] : [target.namespace]));
}

/** What is to be said of claims whose place could not be chosen for their pod. */
function place(how: FillingVolumes, restored: RestoredSoFar): Promise<ReadonlyMap<string, string>> {
  const { context, image, progress, pods, records, placeDirectory } = how;
  const { mapNamespace, claims } = restored;
  const filled = records.flatMap((record) => {
    const target = decideTarget(record, restored, placeDirectory);
    const claim = 'reason' in target ? undefined : claimIn(target);
    return claim === undefined ? [] : [`${target.namespace}/${claim}`];
  });
  return placeClaims({ context, image, progress, pods: pods.values(), mapNamespace, filled, there: claims.keys() });
}

/** Throws where the data of a volume did not come back: what uses it would begin anew on an empty one. A second run goes on. */
export async function fillVolumes(how: FillingVolumes, restored: RestoredSoFar): Promise<readonly RestoredVolume[]> {
  if (!restored.dryRun) await tidyHelpers(how, namespacesOf(how, restored));
  const words = restored.dryRun ? new Map<string, string>() : await place(how, restored);
  const told = (volume: RestoredVolume): RestoredVolume => {
    const message = words.get(`${volume.namespace}/${volume.name}`);
    return volume.result !== 'filled' || message === undefined ? volume : { ...volume, message };
  };
  return inParallel(how.records, how.concurrency, async (record) => told(await fillOne(how, record, restored)));
}
