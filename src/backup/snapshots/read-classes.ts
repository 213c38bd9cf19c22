// Reads whether a cluster takes snapshots, by which classes, and whether this user may do all that they need.

import {
  type ApiClient,
  ApiError,
  discoverOnce,
  findResource,
  isApiError,
  listAll,
  reviewAccess,
} from '../../api/index.ts';
import type { JsonObject } from '../../model/index.ts';
import { type SnapshotRight, snapshotRights } from './snapshot-rights.ts';
import { classResource, snapshotResource } from './snapshot-words.ts';

/** The classes, or why there can be no snapshot. */
export type SnapshotClasses =
  | {
      readonly classes: readonly JsonObject[];
      /** By namespace, what this user may not do there and a snapshot needs. */
      readonly forbidden: ReadonlyMap<string, string>;
    }
  | { readonly obstacle: string };

interface Question {
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly namespace?: string;
}

/** Where the API server does not say, the attempt will tell. */
async function may(client: ApiClient, question: Question): Promise<boolean> {
  try {
    return (await reviewAccess(client, question)).allowed;
  } catch (error) {
    if (error instanceof ApiError) return true;
    throw error;
  }
}

/** The first that is missing, in words. */
async function findMissing(
  client: ApiClient,
  rights: readonly SnapshotRight[],
  where: { readonly namespace?: string } = {},
): Promise<string | undefined> {
  const questions = rights.flatMap(({ group, resource, verbs }) =>
    verbs.map((verb) => ({ verb, group, resource, ...where })),
  );
  const answers = await Promise.all(questions.map((question) => may(client, question)));
  const missing = questions.find((_, index) => answers[index] === false);
  return missing && `this user may not ${missing.verb} ${missing.resource}`;
}

async function findForbidden(
  client: ApiClient,
  rights: readonly SnapshotRight[],
  namespaces: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const missing = await Promise.all(namespaces.map((namespace) => findMissing(client, rights, { namespace })));
  return new Map(namespaces.flatMap((name, index) => (missing[index] === undefined ? [] : [[name, missing[index]]])));
}

export interface ReadingClasses {
  /** Where snapshots may be wanted. */
  readonly namespaces: Iterable<string>;
  /** Whether what they hold is moved into the store. */
  readonly movesData: boolean;
}

/** Without `wanted` the rights are not asked for. */
export async function readClasses(client: ApiClient, wanted?: ReadingClasses): Promise<SnapshotClasses> {
  const discovery = await discoverOnce(client);
  const classes = findResource(discovery, classResource);
  if (classes === undefined || findResource(discovery, snapshotResource) === undefined)
    return { obstacle: 'the cluster takes no snapshots: it serves no VolumeSnapshots' };
  const namespaces = [...new Set(wanted?.namespaces)];
  const { inCluster, inNamespaces } = snapshotRights({ movesData: wanted?.movesData === true });
  try {
    const { items } = await listAll(client, classes);
    const obstacle = namespaces.length === 0 ? undefined : await findMissing(client, inCluster);
    if (obstacle !== undefined) return { obstacle };
    return { classes: items, forbidden: await findForbidden(client, inNamespaces, namespaces) };
  } catch (error) {
    if (isApiError(error, 403)) return { obstacle: 'this user may not list volumesnapshotclasses' };
    throw error;
  }
}
