// How the data of volumes come back in a restore: out of the store, and out of snapshots.

import type { ApiClient } from '../../api/index.ts';
import {
  compileSelection,
  fillVolumes,
  type FillVolumes,
  type OpenedBackup,
  type OpenedContents,
  placeOnNodes,
  readHostPaths,
  readRecords,
  readSnapshotClaims,
  type RestoreContext,
  type Store,
} from '../../backup/index.ts';
import { asArray, asObject, asString } from '../../model/index.ts';
import type { ChosenObjects } from './choose-restored.ts';
import type { Outside } from '../outside.ts';
import { openMoving, type VolumePlan } from '../backups/volumes.ts';
import { type RestoreOrder } from './restore-order.ts';

/** A restore whose volumes are to come back. */
interface RestoringVolumes {
  readonly order: RestoreOrder;
  readonly store: Store;
  readonly client: ApiClient;
  readonly outside: Pick<Outside, 'progress'>;
  /** Hears how to tidy up where the program is ended in the middle. */
  readonly onTidy: (tidy: () => Promise<void>) => void;
  /** Hears what is to be closed at the end. */
  readonly onClose: (close: () => Promise<void>) => void;
}

async function readNodes(client: ApiClient): Promise<readonly string[]> {
  const { items } = await client.request({ path: '/api/v1/nodes' });
  return asArray(items).map((node) => asString(asObject(asObject(node)['metadata'])['name']) ?? '');
}

/** Claims that are filled from snapshots: `namespace/name` as saved. */
export async function readFilled(
  { order, store }: Pick<RestoringVolumes, 'order' | 'store'>,
  backup: OpenedBackup,
  objects: ChosenObjects | undefined,
): Promise<readonly string[]> {
  if (order.moving === undefined) return [];
  const { takesNamespace } = compileSelection(order.selection);
  const claims = await readSnapshotClaims(store, backup);
  return claims
    .filter(({ namespace, claim }) => takesNamespace(namespace) && (objects?.hasClaim(namespace, claim) ?? true))
    .map(({ namespace, claim }) => `${namespace}/${claim}`);
}

export interface RestoredVolumes {
  /** Those whose data come back, and how. */
  readonly volumes: VolumePlan['volumes'];
  readonly volumeImage: string;
  /** What fills claims, for the restore. */
  readonly seam: Pick<RestoreContext, 'fillVolumes'>;
}

/** Nothing where the data of volumes are not wanted, or the backup holds none. */
export async function prepareVolumes(
  { order, store, client, outside, onTidy, onClose }: RestoringVolumes,
  backup: OpenedBackup,
  contents: OpenedContents,
  objects: ChosenObjects | undefined,
): Promise<RestoredVolumes> {
  const none: RestoredVolumes = { volumes: [], volumeImage: '', seam: {} };
  if (order.moving === undefined) return none;
  const { records: inClaims, pods } = await readRecords(store, backup, contents);
  const { takesNamespace } = compileSelection(order.selection);
  const onNodes = (await readHostPaths(store, backup, contents.seal)).filter(({ namespace }) =>
    takesNamespace(namespace),
  );
  const isWanted = ({ namespace, claim }: (typeof inClaims)[number]): boolean =>
    objects === undefined || (claim !== undefined && objects.hasClaim(namespace, claim));
  const records = [...inClaims, ...onNodes].filter(isWanted);
  const planned = records.flatMap(({ namespace, pod, name, claim, hostPath, node, trouble }): VolumePlan['volumes'] => {
    if (trouble !== undefined) return [];
    if (claim !== undefined) return [{ namespace, pod, name, claim }];
    return hostPath === undefined || order.hostPaths !== true ? [] : [{ namespace, pod, name, hostPath, node }];
  });
  if (records.length === 0) return none;
  const placeDirectory = order.hostPaths === true ? placeOnNodes(await readNodes(client)) : undefined;
  const moving = await openMoving(store, client, order.moving, outside.progress);
  onTidy(moving.tidy);
  onClose(moving.close);
  const fill: FillVolumes = (restored) => fillVolumes({ ...moving.moving, records, pods, placeDirectory }, restored);
  return { volumes: planned, volumeImage: order.moving.image, seam: { fillVolumes: fill } };
}
