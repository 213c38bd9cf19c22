// The use cases of backups: a store is opened, a cluster where one is needed, and both are closed again.

import { hostname } from 'node:os';
import { type ApiClient, type Connection, createClient, discoverOnce } from '../../api/index.ts';
import {
  createBackup,
  type CreateContext,
  type CreatedBackup,
  openSeal,
  openStore,
  parseSigningKey,
  type ResourcePolicies,
  sealedTo,
  type Selection,
  signSeal,
  type Store,
  type VolumeSpec,
} from '../../backup/index.ts';
import { shellCommand } from '../../model/index.ts';
import { type DataPlan, prepareVolumes } from './backup-volumes.ts';
import { type BackupWish } from './backup-wish.ts';
import { veleroNamespace } from './config-map-text.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import { type AgreeToCommands, commandsOf } from './pod-commands.ts';
import { readKeyFile } from './read-key-file.ts';
import type { Passing, Remember } from '../passing.ts';
import type { Outside } from '../outside.ts';
import { requireSomeNamespace } from './require-namespace.ts';
import { readPolicies, withPolicies } from './resource-policies.ts';

interface Making {
  /** `nowwhat 0.1.0`. */
  readonly tool: string;
  readonly now: () => number;
  readonly agreeToCommands: AgreeToCommands;
  /** Shows what will be made in the cluster; throws where nobody agrees. Not asked where nothing is made. */
  readonly agree: (plan: DataPlan) => Promise<void>;
  /** Hears what is left to do where the program is ended in the middle. */
  readonly onTidy: (tidy: () => Promise<void>) => void;
  /** The same of what a person may have to remove. */
  readonly remember: Remember;
}

/** `shop-20261129021500`, as Velero names what a schedule makes. */
function usualName({ includedNamespaces = [] }: Selection, now: number): string {
  const [first] = includedNamespaces;
  const plain = includedNamespaces.length === 1 && first !== undefined && /^[a-z0-9-]+$/.test(first) ? first : 'backup';
  return `${plain}-${new Date(now).toISOString().replace(/\D/g, '').slice(0, 14)}`;
}

/** Namespaces of the wish where the selection names none. */
function withNamespaces(selection: Selection, { namespaces, allNamespaces }: ClusterWish, own: string): Selection {
  if (allNamespaces || (selection.includedNamespaces ?? []).length > 0) return selection;
  return { ...selection, includedNamespaces: namespaces.length > 0 ? namespaces : [own] };
}

/** A cluster that is open, and what is to be saved of it. */
export interface BackupSource {
  readonly wish: BackupWish & { readonly name: string };
  readonly client: ApiClient;
  readonly connection: Connection;
  readonly policies: ResourcePolicies | undefined;
}

interface Backing extends BackupSource {
  readonly store: Store;
  readonly outside: Outside;
  readonly making: Making;
}

function volumeSpecOf({ volumes, policies, snapshots, snapshotTimeout, movesData }: BackupWish): VolumeSpec {
  const isConfigMap = policies !== undefined && 'configMap' in policies;
  return {
    snapshotVolumes: volumes !== 'none' && snapshots !== 'no',
    csiSnapshotTimeout: `${snapshotTimeout / 1000}s`,
    defaultVolumesToFsBackup: volumes === 'all',
    ...(movesData && volumes !== 'none' ? { snapshotMoveData: true } : {}),
    ...(isConfigMap ? { resourcePolicy: { kind: 'configmap', name: policies.configMap } } : {}),
  };
}

/** What a writer that is ended leaves, and the two ways on. */
function unfinished({ name, store }: { readonly name: string; readonly store: string }): Passing {
  const removes = shellCommand(['nowwhat', 'backup', 'delete', name, '--store', store]);
  const sentence = `The backup ${name} is not finished. The same command, with its name and --take-over, goes on with it; "${removes}" removes it.`;
  return { remove: () => undefined, byHand: () => [], stays: () => [sentence] };
}

async function backUp(backing: Backing): Promise<CreatedBackup> {
  const { wish, client, store, outside, making } = backing;
  const { tool, now, onTidy, agreeToCommands } = making;
  const closing = await readClosing(wish);
  const commands = await commandsOf(client, wish, agreeToCommands);
  const volumes = await prepareVolumes({ ...backing, selection: wish.selection, backup: wish });
  try {
    return await createBackup(
      {
        ...wish,
        annotations: annotationsOf(wish),
        veleroNamespace,
        concurrency: wish.cluster.concurrency,
        volumeSpec: volumeSpecOf(wish),
      },
      {
        client,
        store,
        now,
        tool,
        writer: `${hostname()}, process ${process.pid}`,
        progress: outside.progress,
        onTidy,
        onClaim: () => making.remember(unfinished(wish)),
        ...closing,
        ...commands,
        ...volumes.context,
      },
    );
  } finally {
    await volumes.close();
  }
}

/** Read before anything is written: a key that is none ends it at once. */
async function readClosing({ sealTo = [], signWith }: BackupWish): Promise<Pick<CreateContext, 'seal' | 'sign'>> {
  const key = signWith === undefined ? undefined : parseSigningKey(await readKeyFile(signWith), signWith);
  return {
    seal: sealTo.length === 0 ? undefined : await openSeal(sealTo),
    sign: key === undefined ? undefined : (seal) => signSeal(seal, key),
  };
}

/** For whom Secrets are sealed is said: it is what somebody who restores must know. */
function annotationsOf({ annotations, sealTo = [] }: BackupWish): BackupWish['annotations'] {
  return sealTo.length === 0 ? annotations : { ...annotations, [sealedTo]: sealTo.join(',') };
}

/** Opens the cluster for as long as it is needed. */
export async function withBackupSource<T>(
  wish: BackupWish,
  outside: Outside,
  now: number,
  act: (source: BackupSource) => Promise<T>,
): Promise<T> {
  const connection = await connectCluster(wish.cluster, outside);
  const client = createClient(connection, { concurrency: wish.cluster.concurrency });
  try {
    // Needed by all that follows, which is told where it fails.
    discoverOnce(client).catch(() => undefined);
    const policies = await readPolicies(client, wish.policies);
    const named = withNamespaces(wish.selection, wish.cluster, connection.namespace);
    await requireSomeNamespace(client, named.includedNamespaces);
    const selection = await withPolicies(client, named, policies);
    const name = wish.name ?? usualName(selection, now);
    return await act({ wish: { ...wish, name, selection }, client, connection, policies });
  } finally {
    await client.close();
  }
}

/** Throws `UserError` where no backup could be made; then none is there. */
export async function makeBackup(wish: BackupWish, outside: Outside, making: Making): Promise<CreatedBackup> {
  const opening = openStore(wish.store);
  // Its client is loaded while the cluster is asked; who needs the store is told of a failure.
  opening.catch(() => undefined);
  try {
    return await withBackupSource(wish, outside, making.now(), async (source) =>
      backUp({ ...source, store: await opening, outside, making }),
    );
  } finally {
    await opening.then(
      (store) => store.close(),
      () => undefined,
    );
  }
}
