// Fills the claims of a copy out of the volumes of the original: several at once, and none that the copy does not have.

import { asObject, asString, inParallel, UserError } from '../../model/index.ts';
import { placeClaims } from '../volumes/place-claims.ts';
import { type HelperContext, volumeError } from '../volumes/run-helper.ts';
import type { MovingVolumes } from '../volumes/moving-volumes.ts';
import type { FillVolumes, RestoredVolume } from '../volumes/volume-data.ts';
import type { ClonePlan, CloneSource, PlannedVolume } from './clone-plan.ts';
import { copyVolume } from './copy-volume.ts';
import { podOf } from './plan-volumes.ts';

export interface CopyingVolumes extends Pick<MovingVolumes, 'image' | 'timeout' | 'concurrency' | 'progress'> {
  readonly source: CloneSource;
  readonly plan: ClonePlan;
  /** The cluster of the original, and that of the copy: the same one where both are in it. */
  readonly from: HelperContext;
  readonly to: HelperContext;
}

function failed(place: string, error: unknown): UserError {
  const words = error instanceof UserError ? error.message : String(error);
  return volumeError(`the data of ${place} were not copied, and nothing that uses them was started: ${words}`, error);
}

async function copyOne(how: CopyingVolumes, { claim }: PlannedVolume): Promise<RestoredVolume> {
  const { source, plan, from, to, image, timeout, progress } = how;
  const spec = asObject(podOf(source, claim)?.object['spec']);
  try {
    return await copyVolume({
      claim,
      image,
      timeout,
      progress,
      from: { context: from, namespace: source.namespace },
      to: { context: to, namespace: plan.name },
      podSpec: spec,
      node: asString(spec['nodeName']),
    });
  } catch (error) {
    to.signal.throwIfAborted();
    throw failed(`${plan.name}/${claim}`, error);
  }
}

/** In the same cluster a copy goes where the original is; in another one its claims are placed as its pods will need them. */
async function place(how: CopyingVolumes, filled: readonly string[], there: Iterable<string>) {
  const { source, plan, from, to, image, progress } = how;
  if (from.client === to.client) return new Map<string, string>();
  const pods = source.objects.flatMap(({ place: { groupResource, namespace }, object }) =>
    groupResource === 'pods' && namespace === source.namespace ? [object] : [],
  );
  return placeClaims({ context: to, image, progress, pods, mapNamespace: () => plan.name, filled, there });
}

export function copyVolumes(how: CopyingVolumes): FillVolumes {
  const { plan, concurrency } = how;
  const keyOf = ({ claim }: PlannedVolume): string => `${plan.name}/${claim}`;
  const wanted = plan.volumes.filter(({ from }) => from === 'original');
  return async ({ claims }) => {
    const volumes = wanted.filter((volume) => claims.has(keyOf(volume)));
    const words = await place(how, volumes.map(keyOf), claims.keys());
    return inParallel(volumes, concurrency, async (volume) => {
      const copied = await copyOne(how, volume);
      const said = [copied.message, words.get(keyOf(volume))].filter((each) => each !== undefined);
      return said.length === 0 ? copied : { ...copied, message: said.join('; ') };
    });
  };
}
