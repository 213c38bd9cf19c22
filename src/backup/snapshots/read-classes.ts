// Reads whether a cluster takes snapshots, by which classes, and whether this user may ask for them.

import {
  type ApiClient,
  ApiError,
  discover,
  findResource,
  isApiError,
  listAll,
  reviewAccess,
} from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { classResource, snapshotKinds, snapshotResource } from './snapshot-words.ts';

/** The classes, or why there can be no snapshot. */
export type SnapshotClasses =
  | {
      readonly classes: readonly JsonObject[];
      /** Namespaces in which this user may make no VolumeSnapshots. */
      readonly forbidden: ReadonlySet<string>;
    }
  | { readonly obstacle: string };

type Question = { readonly verb: string; readonly namespace?: string } & (typeof snapshotKinds)[
  | 'snapshots'
  | 'contents'];

/** Where the API server does not say, the attempt will tell. */
async function may(client: ApiClient, { verb, group, resource, ...where }: Question): Promise<boolean> {
  try {
    return (await reviewAccess(client, { verb, group, resource, ...where })).allowed;
  } catch (error) {
    if (error instanceof ApiError) return true;
    throw error;
  }
}

async function findForbidden(client: ApiClient, namespaces: readonly string[]): Promise<ReadonlySet<string>> {
  const answers = await Promise.all(
    namespaces.map((namespace) => may(client, { verb: 'create', ...snapshotKinds.snapshots, namespace })),
  );
  return new Set(namespaces.filter((_, index) => answers[index] === false));
}

/** `namespaces`: where snapshots may be wanted. */
export async function readClasses(client: ApiClient, namespaces: Iterable<string> = []): Promise<SnapshotClasses> {
  const discovery = await discover(client);
  const classes = findResource(discovery, classResource);
  if (classes === undefined || findResource(discovery, snapshotResource) === undefined)
    return { obstacle: 'the cluster takes no snapshots: it serves no VolumeSnapshots' };
  const wanted = [...new Set(namespaces)];
  try {
    const { items } = await listAll(client, classes);
    if (wanted.length > 0 && !(await may(client, { verb: 'patch', ...snapshotKinds.contents })))
      return { obstacle: 'this user may not change VolumeSnapshotContents' };
    return { classes: items, forbidden: await findForbidden(client, wanted) };
  } catch (error) {
    if (isApiError(error, 403)) return { obstacle: 'this user may not list VolumeSnapshotClasses' };
    throw error;
  }
}
