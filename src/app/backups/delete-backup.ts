// The use case of a backup's end: what a storage system holds for it goes first, where somebody names the cluster that can, and then its keys.

import { type ApiClient, createClient, isApiError, systemClock } from '../../api/index.ts';
import {
  deleteBackup,
  deleteSnapshots,
  type DeletedSnapshot,
  findLeftoversOf,
  type HeldSnapshot,
  type Leftover,
  openBackup,
  readSnapshots,
  readVeleroData,
  removeLeftovers,
  requireKeys,
  type Store,
} from '../../backup/index.ts';
import { UserError } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';
import { withStore } from './with-store.ts';

export interface DeleteOrder {
  readonly store: string;
  readonly name: string;
  /** Whose drivers delete snapshots. */
  readonly cluster?: ClusterWish | undefined;
  /** Snapshots stay in the storage system, and nobody knows them any more. */
  readonly keepsSnapshots: boolean;
}

export interface DeleteAnswer {
  readonly name: string;
  /** How many of the store went. */
  readonly keys: number;
  readonly snapshots: readonly DeletedSnapshot[];
  /** What its writer had left in the cluster, as `KIND NAMESPACE/NAME`. */
  readonly leftovers: readonly string[];
  readonly staying: readonly StayingData[];
}

/** Data of volumes that Velero has saved: they stay in the store, since only Velero can remove them, where it deletes the backup itself. */
export interface StayingData {
  /** The repository in the store: `kopia/NAMESPACE`. */
  readonly repository: string;
  readonly volumes: number;
}

interface Held {
  readonly snapshots: readonly HeldSnapshot[];
  readonly staying: readonly StayingData[];
}

/** Of a backup that was never finished nobody can say. */
async function readHeld(store: Store, name: string): Promise<Held> {
  try {
    const opened = await openBackup(store, name);
    const staying = [...(await readVeleroData(store, opened))].map(([namespace, volumes]) => ({
      repository: `kopia/${namespace}`,
      volumes,
    }));
    return { snapshots: await readSnapshots(store, opened), staying };
  } catch (error) {
    if (error instanceof UserError && error.code === 'store-key-missing') return { snapshots: [], staying: [] };
    throw error;
  }
}

function titles(snapshots: readonly Pick<HeldSnapshot, 'handle' | 'driver'>[]): string {
  const shown = snapshots.slice(0, 3).map(({ handle, driver }) => `${handle} in ${driver}`);
  return `${shown.join(', ')}${snapshots.length > shown.length ? ', …' : ''}`;
}

function requireWay(snapshots: readonly HeldSnapshot[], { name, cluster, keepsSnapshots }: DeleteOrder): void {
  if (snapshots.length === 0 || cluster !== undefined || keepsSnapshots) return;
  throw new UserError(
    'invalid-option',
    `the backup "${name}" holds snapshots that only their driver can delete: ${titles(snapshots)}`,
    'Name the cluster of that driver with --context, or leave them where they are with --keep-snapshots.',
  );
}

/** Throws `UserError` where one could not be deleted. */
export async function endSnapshots(
  client: ApiClient,
  snapshots: readonly HeldSnapshot[],
  progress: (text: string) => void,
): Promise<readonly DeletedSnapshot[]> {
  const { sleep } = systemClock;
  const results = await deleteSnapshots({ client, sleep, progress }, snapshots);
  const left = results.filter(({ result }) => result === 'left');
  if (left.length === 0) return results;
  const [first] = left;
  throw new UserError(
    'volume-failed',
    `${left.length} of ${results.length} snapshots were not deleted, and the backup stays: ${titles(left)}: ${first?.message ?? ''}`,
    'Run the command again, or leave them where they are with --keep-snapshots.',
  );
}

/** Who may not look into all namespaces finds nothing. */
async function leftoversOf(client: ApiClient, store: Store, name: string): Promise<readonly Leftover[]> {
  try {
    return await findLeftoversOf({ client, store }, name);
  } catch (error) {
    if (isApiError(error, 403)) return [];
    throw error;
  }
}

/** What goes besides the backup's keys, for the user to agree with. */
export interface Going {
  readonly snapshots: readonly HeldSnapshot[];
  /** What its writer has left in the cluster, as `KIND NAMESPACE/NAME`. */
  readonly leftovers: readonly string[];
  /** What does not go. */
  readonly staying: readonly StayingData[];
}

type Agree = (going: Going) => Promise<void>;

interface Ending {
  readonly store: Store;
  readonly order: DeleteOrder;
  readonly outside: Outside;
  readonly agree: Agree;
}

/** Asked first, then what the cluster can end is ended. */
async function endInCluster(
  { store, order, outside, agree }: Ending,
  { snapshots, staying }: Held,
): Promise<Pick<DeleteAnswer, 'snapshots' | 'leftovers'>> {
  const { name, cluster, keepsSnapshots } = order;
  if (cluster === undefined) {
    await agree({ snapshots, leftovers: [], staying });
    return { snapshots: [], leftovers: [] };
  }
  return await withClient(cluster, outside, async (client) => {
    const found = await leftoversOf(client, store, name);
    const leftovers = found.map((each) => `${each.kind} ${each.namespace}/${each.name}`);
    await agree({ snapshots, leftovers, staying });
    const ended = snapshots.length === 0 ? [] : await endSnapshots(client, snapshots, outside.progress);
    await removeLeftovers(client, found, keepsSnapshots);
    return { snapshots: ended, leftovers };
  });
}

async function withClient<T>(wish: ClusterWish, outside: Outside, act: (client: ApiClient) => Promise<T>): Promise<T> {
  const client = createClient(await connectCluster(wish, outside));
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

/** Ends the snapshots of one backup after the other. */
export class EndingBackups {
  private readonly store: Store;
  private readonly cluster: ClusterWish | undefined;
  private readonly outside: Outside;
  private client: ApiClient | undefined;

  constructor(store: Store, cluster: ClusterWish | undefined, outside: Outside) {
    this.store = store;
    this.cluster = cluster;
    this.outside = outside;
  }

  /** The reason where a backup must stay. */
  async end(name: string): Promise<string | undefined> {
    const { snapshots } = await readHeld(this.store, name);
    if (snapshots.length === 0) return undefined;
    if (this.cluster === undefined)
      return `it holds snapshots that only their driver can delete (${titles(snapshots)}): name its cluster with --context`;
    try {
      this.client ??= createClient(await connectCluster(this.cluster, this.outside));
      await endSnapshots(this.client, snapshots, this.outside.progress);
      return undefined;
    } catch (error) {
      if (error instanceof UserError) return error.message;
      throw error;
    }
  }

  async close(): Promise<void> {
    await this.client?.close();
  }
}

/** `agree` is shown what goes; throws where nobody agrees. */
export function removeBackup(order: DeleteOrder, outside: Outside, agree: Agree): Promise<DeleteAnswer> {
  const { store: place, name, keepsSnapshots } = order;
  return withStore(place, async (store) => {
    await requireKeys(store, name);
    const { snapshots: found, staying } = await readHeld(store, name);
    requireWay(found, order);
    const going = keepsSnapshots ? [] : found;
    const { snapshots: ended, leftovers } = await endInCluster(
      { store, order, outside, agree },
      { snapshots: going, staying },
    );
    const kept = found.filter((each) => !going.includes(each));
    const left = kept.map(({ driver, handle, claim }) => ({ driver, handle, claim, result: 'left' }) as const);
    return { name, keys: await deleteBackup(store, name), snapshots: [...ended, ...left], leftovers, staying };
  });
}
