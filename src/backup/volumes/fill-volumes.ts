// Brings the files of volumes back: a helper pod on each claim that is new and empty, and kopia in it, before anything runs that uses the claim.

import type { JsonObject } from '../../model/index.ts';
import { UserError } from '../../model/index.ts';
import { dataPath, type HelperWish } from './helper-pod.ts';
import { parseProgress, restoreCommand } from './kopia.ts';
import { openKopia } from './open-repository.ts';
import { admitsNoRoot, type Helper, type HelperContext, startHelper, volumeError } from './run-helper.ts';
import { helperName, inOrder, type MovingVolumes, retrying, signalFor } from './save-volumes.ts';
import type { VolumeRecord } from './velero-records.ts';
import type { RestoredSoFar, RestoredVolume } from './volume-data.ts';

export interface FillingVolumes extends MovingVolumes {
  readonly records: readonly VolumeRecord[];
  /** Specs of the pods of the backup by `namespace/name`: where a new volume may be made, and who its files are for. */
  readonly podSpecs: ReadonlyMap<string, JsonObject>;
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
  private readonly claim: string;
  private readonly namespace: string;
  private readonly context: HelperContext;

  constructor(
    how: FillingVolumes,
    record: VolumeRecord,
    place: { readonly namespace: string; readonly claim: string },
  ) {
    this.how = how;
    this.record = record;
    this.namespace = place.namespace;
    this.claim = place.claim;
    this.context = signalFor(how);
  }

  private async wish(): Promise<HelperWish> {
    const { how, record, namespace, claim } = this;
    return {
      namespace,
      name: helperName(),
      image: how.image,
      source: { persistentVolumeClaim: { claimName: claim } },
      readOnly: false,
      podSpec: how.podSpecs.get(`${record.namespace}/${record.pod}`) ?? {},
      asPod: await admitsNoRoot(how.context.client, namespace),
      lifetime: Math.ceil(how.timeout / 1000) + 600,
      needsStore: true,
    };
  }

  async fill(): Promise<RestoredVolume> {
    const { how, context, namespace, claim } = this;
    how.progress(`${namespace}/${claim}: starting a helper`);
    const wish = await this.wish();
    const helper = await startHelper(context, {
      wish,
      secret: how.secret,
      network: how.repository.kind === 'bucket' ? 'opened' : 'unneeded',
    });
    try {
      const { stdout } = await helper.must(lookCommand);
      if (stdout.trim() !== 'fill')
        return { namespace, name: claim, result: 'there already', message: 'it holds files, and stays as it is' };
      await this.bringBack(helper, wish.asPod);
      await how.onFilled?.(helper, this.record);
      return { namespace, name: claim, result: 'filled' };
    } finally {
      await helper.remove();
    }
  }

  private async bringBack(helper: Helper, asPod: boolean): Promise<void> {
    const { record, how } = this;
    await helper.must(['touch', `${dataPath}/${marker}`]);
    const kopia = await openKopia(helper, record.namespace, how, false);
    const command = restoreCommand(record.snapshot, asPod);
    await retrying(this.context, () => kopia.run(command, (text) => this.tell(text)));
    await helper.must(['rm', '-f', `${dataPath}/${marker}`]);
  }

  private tell(text: string): void {
    const progress = parseProgress(text);
    if (progress !== undefined) this.how.progress(`${this.namespace}/${this.claim}: ${progress}`);
  }
}

function leftOut({ namespace, name }: { namespace: string; name: string }, message: string): RestoredVolume {
  return { namespace, name, result: 'left out', message };
}

function failed(place: string, error: unknown): UserError {
  const words = error instanceof UserError ? error.message : String(error);
  return volumeError(`the data of ${place} did not come back, and nothing that uses it was started: ${words}`, error);
}

async function fillOne(how: FillingVolumes, record: VolumeRecord, restored: RestoredSoFar): Promise<RestoredVolume> {
  const namespace = restored.mapNamespace(record.namespace);
  const { claim, name } = record;
  if (claim === undefined) return leftOut({ namespace, name }, `a volume of the pod ${record.pod} alone starts empty`);
  const place = { namespace, name: claim };
  if (record.trouble !== undefined) return leftOut(place, record.trouble);
  if (!restored.claims.has(`${namespace}/${claim}`)) return leftOut(place, 'its claim is not restored');
  if (restored.dryRun) return { ...place, result: 'filled', message: 'not tried' };
  try {
    return await new FillingOne(how, record, { namespace, claim }).fill();
  } catch (error) {
    how.context.signal.throwIfAborted();
    throw failed(`${namespace}/${claim}`, error);
  }
}

/** Throws where the data of a volume did not come back: what uses it would begin anew on an empty one. A second run goes on. */
export function fillVolumes(how: FillingVolumes, restored: RestoredSoFar): Promise<readonly RestoredVolume[]> {
  return inOrder(how.records, how.concurrency, (record) => fillOne(how, record, restored));
}
