// The data of the volumes of a backup: what becomes of each is decided, shown, and carried out once somebody agrees.

import type { ApiClient, Connection } from '../api/index.ts';
import {
  findPolicy,
  planVolumes,
  type PlannedVolume,
  readVolumes,
  reasonsOf,
  type ResourcePolicies,
  saveVolumes,
  type SaveVolumes,
  type Selection,
  type Store,
} from '../backup/index.ts';
import { veleroNamespace } from './config-map-text.ts';
import type { Outside } from './read-app.ts';
import { type Moving, type MovingWish, openMoving, planOf, tidyLeftovers, type VolumePlan } from './volumes.ts';

export interface VolumeWish {
  /** Whose data are saved: of no volumes, of those that pods name, or of all that can be; policies go first. */
  readonly volumes: 'none' | 'named' | 'all';
  readonly moving: MovingWish;
}

export interface VolumeSource {
  readonly client: ApiClient;
  readonly selection: Selection;
  readonly policies: ResourcePolicies | undefined;
  readonly wish: VolumeWish;
}

/** Nothing where nobody asks for data: then the cluster is not even looked at. */
async function decideVolumes({ client, selection, policies, wish }: VolumeSource) {
  if (wish.volumes === 'none') return undefined;
  const all = wish.volumes === 'all';
  const policy = policies && ((facts: Parameters<typeof findPolicy>[1]) => findPolicy(policies, facts));
  const read = await readVolumes(client, selection, { all, policy });
  return { ...read, planned: planVolumes({ ...read, all, policy }) };
}

/** What would become of the data of each volume. */
export async function foreseeVolumes(source: VolumeSource): Promise<readonly PlannedVolume[]> {
  return (await decideVolumes(source))?.planned ?? [];
}

export interface PreparingVolumes extends VolumeSource {
  readonly connection: Connection;
  readonly store: Store;
  readonly outside: Outside;
  readonly backup: { readonly name: string; readonly storageLocation: string };
  readonly making: {
    /** Shows what will be made in the cluster; throws where nobody agrees. Not asked where nothing is made. */
    readonly agree: (plan: VolumePlan) => Promise<void>;
    /** Hears what is left to do where the program is ended in the middle. */
    readonly onTidy: (tidy: () => Promise<void>) => void;
  };
}

export interface PreparedVolumes {
  /** Left out where no volume is saved: then the cluster is only read. */
  readonly save?: SaveVolumes;
  /** Why data are not saved, by the volume's name. */
  readonly reasons: ReadonlyMap<string, string>;
  readonly close: () => Promise<void>;
}

const nothing: PreparedVolumes = { reasons: new Map(), close: () => Promise.resolve() };

type Decided = NonNullable<Awaited<ReturnType<typeof decideVolumes>>>;

async function prepareSaving(how: PreparingVolumes, { chosen, volumes }: Decided): Promise<[SaveVolumes, Moving]> {
  const { wish, client, connection, store, outside, making, backup } = how;
  const moving = await openMoving(store, client, wish.moving, outside.progress);
  const { server, context } = connection;
  const { image } = wish.moving;
  const reached = moving.endpoint === undefined ? {} : { endpoint: moving.endpoint };
  await making.agree(planOf(chosen, { server, context, store: store.place, image, ...reached }));
  making.onTidy(moving.tidy);
  await tidyLeftovers(
    client,
    chosen.saved.map(({ namespace }) => namespace),
  );
  const { name, storageLocation } = backup;
  const facts = { chosen, volumes, backup: name, veleroNamespace, storageLocation };
  return [(told) => saveVolumes({ ...moving.moving, ...facts }, told), moving];
}

export async function prepareVolumes(how: PreparingVolumes): Promise<PreparedVolumes> {
  const decided = await decideVolumes(how);
  if (decided === undefined) return nothing;
  const reasons = reasonsOf(decided.planned);
  if (decided.chosen.saved.length === 0) return { ...nothing, reasons };
  const [save, moving] = await prepareSaving(how, decided);
  return { save, reasons, close: moving.close };
}
