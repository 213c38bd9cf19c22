// How the volumes of a copy get their data: from pod to pod, or out of the store of a backup; and how that ends in any case.

import { setTimeout } from 'node:timers/promises';
import {
  type CloneData,
  type ClonePlan,
  type CloneSource,
  copyVolumes,
  type FillVolumes,
  fillVolumes,
  type HelperContext,
  type ReadRecords,
  type Store,
  tidyHelpers,
} from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import type { Reached } from '../cluster/reach-cluster.ts';
import { type MovingWish, openMoving } from '../backups/volumes.ts';

/** A backup that a copy is made of, with its store still open. */
export interface SavedVolumes {
  readonly store: Store;
  readonly read: ReadRecords;
}

export function dataOf(wish: MovingWish | undefined, saved: SavedVolumes | undefined): CloneData {
  if (wish === undefined) return { from: 'nothing' };
  return saved === undefined ? { from: 'original' } : { from: 'backup', records: saved.read.records };
}

export interface Filling {
  readonly fill: FillVolumes;
  /** Ends what runs and removes the helpers. */
  readonly tidy: () => Promise<void>;
  readonly close: () => Promise<void>;
}

export interface FillingClone {
  readonly wish: MovingWish;
  readonly plan: ClonePlan;
  readonly source: CloneSource;
  readonly saved: SavedVolumes | undefined;
  readonly from: Reached;
  readonly to: Reached;
  readonly progress: (text: string) => void;
}

function fillDirectly({ wish, plan, source, from, to, progress }: FillingClone): Filling {
  const stop = new AbortController();
  const helpers = new Set<() => Promise<void>>();
  const contextOf = ({ client }: Reached): HelperContext => ({
    client,
    sleep: (milliseconds) => setTimeout(milliseconds),
    now: Date.now,
    signal: stop.signal,
    helpers,
  });
  const { image, timeout, concurrency } = wish;
  const fromContext = contextOf(from);
  const toContext = from === to ? fromContext : contextOf(to);
  const copying = { source, plan, image, timeout, concurrency, progress };
  const copy = copyVolumes({ ...copying, from: fromContext, to: toContext });
  const tidy = async (): Promise<void> => {
    stop.abort(new UserError('volume-failed', 'it was ended from outside', 'Run the command again: it begins anew.'));
    await Promise.allSettled([...helpers].map((removeHelper) => removeHelper()));
  };
  const fill: FillVolumes = async (restored) => {
    await tidyHelpers({ context: fromContext, progress }, [source.namespace]);
    await tidyHelpers({ context: toContext, progress }, [plan.name]);
    return copy(restored).catch(async (error: unknown) => {
      await tidy();
      throw error;
    });
  };
  return { fill, tidy, close: () => Promise.resolve() };
}

async function fillFromBackup(filling: FillingClone, { store, read }: SavedVolumes): Promise<Filling> {
  const { wish, plan, source, to, progress } = filling;
  const { moving, tidy, close } = await openMoving(store, to.client, wish, progress);
  const records = read.records.filter(({ namespace }) => namespace === source.namespace);
  const fill: FillVolumes = (restored) =>
    fillVolumes({ ...moving, ...read, records }, { ...restored, mapNamespace: () => plan.name });
  return { fill, tidy, close };
}

/** Nothing where no volume of the copy gets data. */
export async function openFilling(filling: FillingClone): Promise<Filling | undefined> {
  const { plan, saved } = filling;
  if (plan.volumes.every(({ from }) => from === 'nothing')) return undefined;
  return saved === undefined ? fillDirectly(filling) : fillFromBackup(filling, saved);
}
