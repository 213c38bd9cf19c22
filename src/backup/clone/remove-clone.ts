// The copies that clones have made: finds them, and removes one with all that the clone made and nothing else.

import { isHelper } from '../volumes/helper-pod.ts';
import {
  type ApiClient,
  type ApiResource,
  deleteObject,
  type Discovery,
  findResource,
  getObject,
  isApiError,
  listAll,
  resourceOfKind,
} from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { listableResources } from '../collect/choose-resources.ts';
import { isRestorable } from '../restore/prepare-object.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { type CloneMarks, cloneLabel, marksOf } from './clone-marks.ts';

const namespaces = { group: '', version: 'v1', resource: 'namespaces' } as const;

/** All copies in a cluster, by name. */
export async function listClones(client: ApiClient, discovery: Discovery): Promise<CloneMarks[]> {
  const { items } = await listAll(client, resourceOfKind(discovery, 'v1', 'Namespace'), { labelSelector: cloneLabel });
  return items.flatMap((each) => marksOf(each) ?? []).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

export interface FoundClone {
  readonly marks: CloneMarks;
  readonly uid: string;
}

/** `undefined` where there is no such namespace. Throws `UserError` (`not-a-clone`) where no clone made it. */
export async function findClone(client: ApiClient, name: string): Promise<FoundClone | undefined> {
  let found: JsonObject;
  try {
    found = await getObject(client, namespaces, { name });
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
  const marks = marksOf(found);
  if (marks !== undefined) return { marks, uid: asString(asObject(found['metadata'])['uid']) ?? '' };
  throw new UserError(
    'not-a-clone',
    `the namespace "${name}" is there, and no clone made it`,
    'Choose another name: only copies are gone on with, and removed.',
  );
}

/** What every namespace has, or the control plane keeps in it. */
function isTheClusters(groupResource: string, name: string): boolean {
  if (groupResource === 'endpoints' || groupResource === 'leases.coordination.k8s.io') return true;
  if (groupResource === 'serviceaccounts') return name === 'default';
  return groupResource === 'configmaps' && (name === 'kube-root-ca.crt' || name === 'openshift-service-ca.crt');
}

/** Made by the clone, by the cluster itself or by a controller: it goes with what it is for. */
function isMade(groupResource: string, object: JsonObject): boolean {
  const { metadata } = object;
  if (isHelper(object)) return true;
  const { name, ownerReferences, labels } = asObject(metadata);
  if (asArray(ownerReferences).length > 0 || asObject(labels)[cloneLabel] !== undefined) return true;
  return !isRestorable(groupResource) || isTheClusters(groupResource, asString(name) ?? '');
}

/** Claims that a StatefulSet of the copy made have no owner: their names begin with those of a template and of the set. */
function claimPrefixes(sets: readonly JsonObject[]): string[] {
  return sets.flatMap(({ metadata, spec }) =>
    asArray(asObject(spec)['volumeClaimTemplates']).map(
      (each) => `${asString(asObject(asObject(each)['metadata'])['name'])}-${asString(asObject(metadata)['name'])}-`,
    ),
  );
}

/** What somebody else has put into the copy. */
export async function findForeign(client: ApiClient, discovery: Discovery, name: string): Promise<string[]> {
  const foreign: string[] = [];
  const sets: JsonObject[] = [];
  for (const resource of listableResources(discovery).filter(({ namespaced }) => namespaced)) {
    const items = await listAll(client, resource, { namespace: name }).then(
      (list) => list.items,
      (error: unknown) => {
        if (isApiError(error, 403) || isApiError(error, 404) || isApiError(error, 405)) return [];
        throw error;
      },
    );
    const groupResource = groupResourceOf(resource);
    if (groupResource === 'statefulsets.apps') sets.push(...items);
    const others = items.filter((object) => !isMade(groupResource, object));
    foreign.push(...others.map(({ metadata }) => `${resource.kind} ${asString(asObject(metadata)['name'])}`));
  }
  const prefixes = claimPrefixes(sets);
  return foreign.filter((each) => !prefixes.some((prefix) => each.startsWith(`PersistentVolumeClaim ${prefix}`)));
}

/** Kinds of the whole cluster that a clone makes. */
const clusterKinds = ['clusterrolebindings', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations'];

async function removeClusterObjects(client: ApiClient, discovery: Discovery, name: string): Promise<void> {
  for (const kind of clusterKinds) {
    const resource = findResource(discovery, kind);
    if (resource === undefined) continue;
    const { items } = await listAll(client, resource, { labelSelector: `${cloneLabel}=${name}` });
    for (const { metadata } of items) await deleteGone(client, resource, asString(asObject(metadata)['name']) ?? '');
  }
}

async function deleteGone(client: ApiClient, resource: ApiResource, name: string): Promise<void> {
  try {
    await deleteObject(client, resource, { name });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

export interface Removing {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

/** Five minutes: pods may take their time to end. */
const mostTries = 600;

/** Answers whether the namespace is gone; where not, it is on its way out. The namespace is deleted only as the one that was looked at. */
export async function removeClone(
  { client, discovery, sleep }: Removing,
  { marks, uid }: FoundClone,
): Promise<boolean> {
  const { name } = marks;
  await removeClusterObjects(client, discovery, name);
  await deleteObject(client, namespaces, { name }, { uid });
  for (let tries = 0; tries < mostTries; tries += 1) {
    try {
      await getObject(client, namespaces, { name });
    } catch (error) {
      if (isApiError(error, 404)) return true;
      throw error;
    }
    await sleep(500);
  }
  return false;
}
