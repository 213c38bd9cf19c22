// How the data of volumes come back in a drill: those of claims, and those of directories of nodes, which get claims and empty folders in their place.

import { type ApiClient, createObject, isApiError } from '../../api/index.ts';
import {
  type DrillWish,
  FilesDrill,
  type FillVolumes,
  fillVolumes,
  innerClaim,
  moveDirectoriesIn,
  type OpenedBackup,
  type OpenedContents,
  planDirectories,
  readHostPaths,
  readPods,
  readRecords,
  type RestoreContext,
  splitFiles,
  type Store,
} from '../../backup/index.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Outside } from '../outside.ts';
import { type MovingWish, openMoving } from '../backups/volumes.ts';

/** A backup, and its archive as it was held to its seal. */
interface Drilled {
  readonly opened: OpenedBackup;
  readonly contents: OpenedContents;
}

interface DrilledVolumes {
  /** How the data of volumes come back; left out, they do not. */
  readonly order: { readonly moving?: MovingWish };
  readonly outside: Outside;
  readonly store: Store;
  /** Namespaces of the backup, and the copies that are made of them. */
  readonly copies: ReadonlyMap<string, string>;
}

const claims = { group: '', version: 'v1', resource: 'persistentvolumeclaims' } as const;
const defaultClass = 'storageclass.kubernetes.io/is-default-class';

/** Whether a claim that names no class gets a volume. Who may not look believes it. */
async function hasDefaultClass(client: ApiClient): Promise<boolean> {
  try {
    const { items } = await client.request({ path: '/apis/storage.k8s.io/v1/storageclasses' });
    const annotations = asArray(items).map((each) => asObject(asObject(asObject(each)['metadata'])['annotations']));
    return annotations.some((each) => each[defaultClass] === 'true');
  } catch (error) {
    if (isApiError(error, 403)) return true;
    throw error;
  }
}

async function readDirectories(client: ApiClient, { store, copies }: DrilledVolumes, { opened, contents }: Drilled) {
  const records = (await readHostPaths(store, opened, contents.seal)).filter(({ namespace }) => copies.has(namespace));
  return { records, inner: planDirectories(records, records.length > 0 && (await hasDefaultClass(client))) };
}

async function readVolumes(client: ApiClient, drilled: DrilledVolumes, backup: Drilled) {
  const read = await readRecords(drilled.store, backup.opened, backup.contents);
  const { records, inner } = await readDirectories(client, drilled, backup);
  const saved = read.pods.size > 0 || records.length === 0 ? read.pods : await readPods(backup.contents);
  const moveIn = (pod: JsonObject): JsonObject => {
    const namespace = asString(asObject(pod['metadata'])['namespace']) ?? '';
    return moveDirectoriesIn(pod, (path) => inner.claimFor(namespace, path));
  };
  const pods = new Map([...saved].map(([name, pod]) => [name, moveIn(pod)]));
  return { records: [...read.records, ...records], inner, pods };
}

interface DrillVolumes {
  /** What fills claims, for the restore. */
  readonly seam: Pick<RestoreContext, 'fillVolumes'>;
  /** What the drill knows of volumes. */
  readonly wish: Pick<DrillWish, 'files' | 'claimFor'>;
  readonly close: () => Promise<void>;
}

/** Nothing comes back where the data of volumes are not wanted, or the backup holds none. */
export async function openDrillVolumes(
  client: ApiClient,
  drilled: DrilledVolumes,
  backup: Drilled,
): Promise<DrillVolumes> {
  const { order, outside, store, copies } = drilled;
  const nothing: DrillVolumes = { seam: {}, wish: {}, close: () => Promise.resolve() };
  if (order.moving === undefined) return nothing;
  const { records, inner, pods } = await readVolumes(client, drilled, backup);
  const isWhole = records.some((each) => each.trouble === undefined && (each.claim ?? each.hostPath) !== undefined);
  if (!isWhole) return nothing;
  const { moving, close } = await openMoving(store, client, order.moving, outside.progress);
  const files = new FilesDrill(await splitFiles(store, backup.opened.keys.files, moving.folder));
  const placeOf = (namespace: string): string => copies.get(namespace) ?? namespace;
  const fill: FillVolumes = async (restored) => {
    for (const each of inner.claims) await createObject(client, claims, innerClaim(each, placeOf(each.namespace)));
    const made = inner.claims.map(({ namespace, name }) => [`${placeOf(namespace)}/${name}`, 'made'] as const);
    const filling = { ...moving, records, pods, placeDirectory: inner.place };
    const onFilled: typeof files.look = (helper, record) => files.look(helper, record);
    return fillVolumes({ ...filling, onFilled }, { ...restored, claims: new Map([...restored.claims, ...made]) });
  };
  return { seam: { fillVolumes: fill }, wish: { files, claimFor: inner.claimFor }, close };
}
