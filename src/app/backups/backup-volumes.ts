// The data of the volumes of a backup: what becomes of each is decided, shown, and carried out once somebody agrees.

import { setTimeout } from 'node:timers/promises';
import type { ApiClient, Connection } from '../../api/index.ts';
import {
  type CollectProblem,
  type CreateContext,
  findPolicy,
  planVolumes,
  type PlannedVolume,
  readClasses,
  readVolumes,
  reasonsOf,
  type ResourcePolicies,
  saveVolumes,
  type SaveVolumes,
  type Selection,
  podSpecsOfClaims,
  SnapshotMover,
  snapshotProblems,
  SnapshotRun,
  snapshotsOf,
  type SnapshotToTake,
  type Store,
  tidyHelpers,
  tidySnapshots,
} from '../../backup/index.ts';
import { asObject, asString, kubectlCommand, UserError } from '../../model/index.ts';
import { veleroNamespace } from './config-map-text.ts';
import type { Remember } from '../passing.ts';
import type { Outside } from '../outside.ts';
import { type Moving, type MovingWish, openMoving, planOf, type VolumePlan } from './volumes.ts';

export interface VolumeWish {
  /** Whose files are saved: of no volumes, of those that pods name, or of all that can be; policies go first. */
  readonly volumes: 'none' | 'named' | 'all';
  /** Whether snapshots are taken of the others, where the cluster can: as a matter of course, because somebody asked for them, or not. */
  readonly snapshots: 'usual' | 'asked' | 'no';
  /** What snapshots hold is moved into the store, and they do not stay. */
  readonly movesData: boolean;
  /** Milliseconds that one snapshot may take. */
  readonly snapshotTimeout: number;
  readonly annotations: Readonly<Record<string, string>>;
  readonly moving: MovingWish;
}

/** What decides on the data of each volume. */
export type VolumeChoice = Pick<VolumeWish, 'volumes' | 'snapshots' | 'movesData' | 'annotations'>;

export interface VolumeSource {
  readonly client: ApiClient;
  readonly selection: Selection;
  readonly policies: ResourcePolicies | undefined;
  readonly wish: VolumeChoice;
}

/** Nothing where nobody wants data: then the cluster is not even looked at. */
async function decideVolumes({ client, selection, policies, wish }: VolumeSource) {
  const { volumes, snapshots, annotations, movesData } = wish;
  if (volumes === 'none') return undefined;
  const all = volumes === 'all';
  const policy = policies && ((facts: Parameters<typeof findPolicy>[1]) => findPolicy(policies, facts));
  const read = await readVolumes(client, selection, { all, policy });
  const namespaces = read.claims.flatMap(({ metadata }) => asString(asObject(metadata)['namespace']) ?? []);
  const classes = await readClasses(client, { namespaces, movesData });
  return { ...read, planned: planVolumes({ ...read, all, policy, snapshots, movesData, classes, annotations }) };
}

export interface ForeseenVolumes {
  readonly volumes: readonly PlannedVolume[];
  /** What could not be looked at. */
  readonly problems: readonly CollectProblem[];
}

/** What would become of the data of each volume. */
export async function foreseeVolumes(source: VolumeSource): Promise<ForeseenVolumes> {
  const { planned = [], problems = [] } = (await decideVolumes(source)) ?? {};
  return { volumes: planned, problems };
}

/** What will be made in the cluster, for the user to agree with. */
export interface DataPlan {
  readonly context: string;
  /** Address of the API server. */
  readonly server: string;
  readonly snapshots: readonly SnapshotToTake[];
  /** How what they hold goes into the store; left out where they stay. */
  readonly moved?: Pick<VolumePlan, 'store' | 'image' | 'endpoint'>;
  /** Volumes whose files are moved; left out where there are none. */
  readonly files?: VolumePlan;
}

export interface PreparingVolumes extends VolumeSource {
  readonly wish: VolumeWish;
  readonly connection: Connection;
  readonly store: Store;
  readonly outside: Outside;
  readonly backup: { readonly name: string; readonly storageLocation: string };
  readonly making: {
    readonly now: () => number;
    /** Shows what will be made in the cluster; throws where nobody agrees. Not asked where nothing is made. */
    readonly agree: (plan: DataPlan) => Promise<void>;
    /** Hears what is left to do where the program is ended in the middle. */
    readonly onTidy: (tidy: () => Promise<void>) => void;
    /** The same of what a person may have to remove. */
    readonly remember: Remember;
  };
}

type VolumesContext = Pick<CreateContext, 'saveVolumes' | 'snapshots' | 'foreseen' | 'reasons'>;

export interface PreparedVolumes {
  readonly context: VolumesContext;
  readonly close: () => Promise<void>;
}

type Decided = NonNullable<Awaited<ReturnType<typeof decideVolumes>>>;

/** Whatever a helper leaves goes: what an earlier run has left now, which is told, and what this one does at its end. */
async function prepareHelpers({ making }: PreparingVolumes, { chosen, planned }: Decided, { moving, tidy }: Moving) {
  making.onTidy(tidy);
  const places = [...chosen.saved, ...snapshotsOf(planned)];
  return await tidyHelpers(
    moving,
    places.map(({ namespace }) => namespace),
  );
}

function prepareFiles(how: PreparingVolumes, { chosen, volumes }: Decided, moving: Moving): SaveVolumes {
  const { backup } = how;
  const { name, storageLocation } = backup;
  const facts = { chosen, volumes, backup: name, veleroNamespace, storageLocation };
  return (told) => saveVolumes({ ...moving.moving, ...facts }, told);
}

function moverOf(how: PreparingVolumes, { volumes, pods }: Decided, { moving }: Moving): SnapshotMover {
  const { backup, store, wish } = how;
  const { name, storageLocation } = backup;
  const place = { backup: name, veleroNamespace, storageLocation, store: store.place };
  return new SnapshotMover({
    ...place,
    moving,
    volumes,
    timeout: wish.snapshotTimeout,
    podSpecs: podSpecsOfClaims(pods),
  });
}

function prepareSnapshots(how: PreparingVolumes, decided: Decided, moving: Moving | undefined): SnapshotRun {
  const { chosen, volumes, planned } = decided;
  const { client, wish, backup, store, outside, making, connection } = how;
  const stop = new AbortController();
  const run = new SnapshotRun(
    {
      client,
      sleep: (milliseconds) => setTimeout(milliseconds),
      now: making.now,
      signal: stop.signal,
      timeout: wish.snapshotTimeout,
      backup: backup.name,
      store: store.place,
      movesData: wish.movesData,
      progress: outside.progress,
    },
    {
      toTake: snapshotsOf(planned),
      volumes,
      podsOfFiles: new Set(chosen.saved.map(({ namespace, pod }) => `${namespace}/${pod}`)),
      mover: wish.movesData && moving !== undefined ? moverOf(how, decided, moving) : undefined,
    },
  );
  making.remember({
    remove: async () => {
      stop.abort(new UserError('volume-failed', 'it was ended from outside', 'Run the command again.'));
      await run.discard();
    },
    byHand: () =>
      run
        .leftovers()
        .map(({ namespace, selector }) =>
          kubectlCommand(['delete', leftKinds(wish), '-n', namespace, '-l', selector], connection),
        ),
  });
  return run;
}

/** What a backup makes in the cluster that outlives the program. */
function leftKinds({ movesData }: VolumeWish): string {
  return movesData ? 'volumesnapshots,persistentvolumeclaims' : 'volumesnapshots';
}

async function tidyEarlier({ client, store, backup, making }: PreparingVolumes, { claims }: Decided) {
  const namespaces = claims.flatMap(({ metadata }) => asString(asObject(metadata)['namespace']) ?? []);
  return await tidySnapshots({ client, store, now: making.now(), backup: backup.name, namespaces });
}

/** Shown before anything is made. */
async function agreeTo(how: PreparingVolumes, { chosen, planned }: Decided, moving: Moving | undefined): Promise<void> {
  const { store, wish, making, connection } = how;
  const { server, context } = connection;
  const snapshots = snapshotsOf(planned);
  const reached = moving?.endpoint === undefined ? {} : { endpoint: moving.endpoint };
  const through = { store: store.place, image: wish.moving.image, ...reached };
  const files = chosen.saved.length > 0 && moving ? planOf(chosen, { server, context, ...through }) : undefined;
  if (snapshots.length === 0 && files === undefined) return;
  const moved = wish.movesData && snapshots.length > 0 ? { moved: through } : {};
  await making.agree({ server, context, snapshots, ...moved, ...(files === undefined ? {} : { files }) });
}

async function prepareContext(how: PreparingVolumes, decided: Decided, moving: Moving | undefined) {
  const { planned, chosen, problems } = decided;
  const toTake = snapshotsOf(planned);
  const tidied = [
    ...(moving === undefined ? [] : await prepareHelpers(how, decided, moving)),
    ...(toTake.length === 0 ? [] : await tidyEarlier(how, decided)),
  ];
  const told = tidied.map((message) => ({ severity: 'warning', namespace: '', message }) as const);
  return {
    reasons: reasonsOf(planned),
    foreseen: [...problems, ...told, ...snapshotProblems(planned, chosen)],
    ...(moving === undefined || chosen.saved.length === 0 ? {} : { saveVolumes: prepareFiles(how, decided, moving) }),
    ...(toTake.length === 0 ? {} : { snapshots: prepareSnapshots(how, decided, moving) }),
  };
}

/** Throws `UserError` where nobody agrees. */
export async function prepareVolumes(how: PreparingVolumes): Promise<PreparedVolumes> {
  const decided = await decideVolumes(how);
  if (decided === undefined) return { context: {}, close: () => Promise.resolve() };
  const { store, client, wish, outside } = how;
  const hasFiles = decided.chosen.saved.length > 0 || (wish.movesData && snapshotsOf(decided.planned).length > 0);
  const moving = hasFiles ? await openMoving(store, client, wish.moving, outside.progress) : undefined;
  await agreeTo(how, decided, moving);
  const context = await prepareContext(how, decided, moving);
  return { context, close: moving?.close ?? (() => Promise.resolve()) };
}
