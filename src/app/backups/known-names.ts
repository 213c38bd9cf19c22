// Names that somebody may mean while typing a command: of a store, a cluster or a kubeconfig, each by the fewest questions that tell.

import { listAll, readKubeconfig, resourceOfKind } from '../../api/index.ts';
import {
  listBackupNames,
  listClones,
  listRestoreNames,
  listSavedNamespaces,
  listSavedSchedules,
  scheduleMark,
  type Store,
} from '../../backup/index.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { ClusterWish } from '../cluster/open-cluster.ts';
import { reach, type Reached, withClosing } from '../cluster/reach-cluster.ts';
import type { Outside } from '../outside.ts';
import { requireFolder } from './require-folder.ts';
import { withStore } from './with-store.ts';

export interface SavedNamesWish {
  readonly kind: 'backup' | 'restore' | 'saved-schedule' | 'saved-namespace';
  readonly store: string;
  /** Whose namespaces are meant. */
  readonly backup?: string | undefined;
}

function readFrom(store: Store, { kind, backup }: SavedNamesWish): Promise<readonly string[]> {
  switch (kind) {
    case 'backup':
      return listBackupNames(store);
    case 'restore':
      return listRestoreNames(store);
    case 'saved-schedule':
      return listSavedSchedules(store);
    case 'saved-namespace':
      return backup === undefined ? Promise.resolve([]) : listSavedNamespaces(store, backup);
  }
}

/** Throws `UserError`. */
export function readSavedNames(wish: SavedNamesWish): Promise<readonly string[]> {
  return withStore(wish.store, async (store) => {
    requireFolder(store);
    return await readFrom(store, wish);
  });
}

type LiveKind = 'namespace' | 'schedule' | 'clone';

function namesOf({ items }: { readonly items: readonly JsonObject[] }): readonly string[] {
  return items.flatMap((each) => asString(asObject(each['metadata'])['name']) ?? []);
}

/** What marks a schedule is a label of its CronJob. */
async function listNames(
  { client, discovery, connection }: Reached,
  kind: LiveKind,
  wish: ClusterWish,
): Promise<readonly string[]> {
  if (kind === 'clone') return (await listClones(client, discovery)).map(({ name }) => name);
  if (kind === 'namespace') return namesOf(await listAll(client, resourceOfKind(discovery, 'v1', 'Namespace')));
  const [namespace = connection.namespace] = wish.namespaces;
  const where = wish.allNamespaces ? {} : { namespace };
  const cronJobs = resourceOfKind(discovery, 'batch/v1', 'CronJob');
  return namesOf(await listAll(client, cronJobs, { labelSelector: scheduleMark, ...where }));
}

/** Throws `UserError`, or `ApiError`. */
export function readLiveNames(kind: LiveKind, wish: ClusterWish, outside: Outside): Promise<readonly string[]> {
  return withClosing(async (closing) => await listNames(await reach(wish, outside, closing), kind, wish));
}

/** Of the kubeconfig, as kubectl finds it where none is named. Throws `UserError`. */
export async function readContextNames(
  path: string | undefined,
  { environment }: Pick<Outside, 'environment'>,
): Promise<readonly string[]> {
  const kubeconfig = await readKubeconfig({ environment, ...(path === undefined ? {} : { path }) });
  return [...(kubeconfig?.contexts.keys() ?? [])];
}
