// What stands in the namespaces that a restore goes to and is not in the backup: what a prune would remove.

import {
  type ApiClient,
  ApiError,
  type ApiResource,
  deleteObject,
  type Discovery,
  discover,
  groupVersionOf,
  isApiError,
  listPages,
} from '../../api/index.ts';
import type { Selector } from '../../kube/selectors.ts';
import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { isRestorable } from './prepare-object.ts';
import type { RestoreContext, RestoredItem, RestoreWish } from './restore-wish.ts';

/** An object that is to go. */
export interface Absent {
  readonly resource: ApiResource;
  readonly namespace: string;
  readonly name: string;
  /** This very object goes, and none that takes its place. */
  readonly uid: string;
}

/** What the backup would have taken: what it never looked at is not missing in it. */
export interface Saved {
  readonly takesResource: (groupResource: string) => boolean;
  /** Empty for all objects. */
  readonly selectors: readonly Selector[];
}

/** Made by controllers from what else there is, or of each namespace's own. */
const madeAnew: ReadonlySet<string> = new Set([
  'endpoints',
  'endpointslices.discovery.k8s.io',
  'leases.coordination.k8s.io',
  'controllerrevisions.apps',
]);
const ownObjects: ReadonlySet<string> = new Set([
  'configmaps kube-root-ca.crt',
  'configmaps openshift-service-ca.crt',
  'serviceaccounts default',
]);

function isMadeAnew(groupResource: string, object: JsonObject): boolean {
  const { name, ownerReferences, deletionTimestamp, annotations } = asObject(object['metadata']);
  if (asArray(ownerReferences).length > 0 || deletionTimestamp !== undefined) return true;
  if (asObject(annotations)['kubernetes.io/config.mirror'] !== undefined) return true;
  const isToken = groupResource === 'secrets' && object['type'] === 'kubernetes.io/service-account-token';
  return isToken || ownObjects.has(`${groupResource} ${asString(name) ?? ''}`);
}

function isSelected(selectors: readonly Selector[], labels: JsonObject): boolean {
  return selectors.length === 0 || selectors.some((selector) => selector.matches(labels));
}

function wouldBeSaved(saved: Saved, { selection }: RestoreWish, object: JsonObject): boolean {
  const labels = asObject(asObject(object['metadata'])['labels']);
  if (labels['velero.io/exclude-from-backup'] === 'true') return false;
  return isSelected(saved.selectors, labels) && isSelected(selection.selectors, labels);
}

/** Of each resource the version that the server prefers. */
function prunable({ resources }: Discovery, wish: RestoreWish, saved: Saved): ApiResource[] {
  const seen = new Set<string>();
  return resources.filter((resource) => {
    const name = groupResourceOf(resource);
    if (!resource.namespaced || seen.has(name) || madeAnew.has(name) || !isRestorable(name)) return false;
    seen.add(name);
    const isWanted = saved.takesResource(name) && wish.selection.takesResource(name);
    return isWanted && resource.verbs.includes('list') && resource.verbs.includes('delete');
  });
}

interface Looking {
  readonly wish: RestoreWish;
  readonly context: RestoreContext;
  readonly saved: Saved;
  /** `groupResource namespace/name` where they go. */
  readonly present: ReadonlySet<string>;
}

function absentAmong(
  { wish, saved, present }: Looking,
  { resource, namespace }: Pick<Absent, 'resource' | 'namespace'>,
  items: readonly JsonObject[],
): Absent[] {
  const groupResource = groupResourceOf(resource);
  return items.flatMap((item) => {
    const metadata = asObject(item['metadata']);
    const [name, uid] = [asString(metadata['name']) ?? '', asString(metadata['uid']) ?? ''];
    if (present.has(`${groupResource} ${namespace}/${name}`) || isMadeAnew(groupResource, item)) return [];
    return wouldBeSaved(saved, wish, item) ? [{ resource, namespace, name, uid }] : [];
  });
}

async function absentIn(looking: Looking, resource: ApiResource, namespace: string): Promise<Absent[]> {
  const found: Absent[] = [];
  try {
    for await (const { items } of listPages(looking.context.client, resource, { namespace }))
      found.push(...absentAmong(looking, { resource, namespace }, items));
  } catch (error) {
    // Its namespace, or its resource, is not there: nothing is.
    if (!isApiError(error, 404)) throw error;
  }
  return found;
}

/** Throws `UserError` where something may not be listed: a prune must see all. */
export async function findAbsent(wish: RestoreWish, context: RestoreContext, saved: Saved): Promise<readonly Absent[]> {
  const places = context.contents.entries.map(({ place }) => place);
  const target = (namespace: string): string => wish.namespaceMappings.get(namespace) ?? namespace;
  const olds = new Set(
    places.map(({ groupResource, namespace, name }) => (groupResource === 'namespaces' ? name : namespace)),
  );
  const namespaces = [...olds].filter((old) => old !== '' && wish.selection.takesNamespace(old)).map(target);
  const present = new Set(
    places.map(({ groupResource, namespace, name }) => `${groupResource} ${target(namespace)}/${name}`),
  );
  const looking = { wish, context, saved, present };
  const found: Absent[] = [];
  for (const resource of prunable(await discover(context.client), wish, saved))
    for (const namespace of new Set(namespaces)) found.push(...(await absentIn(looking, resource, namespace)));
  return found;
}

/** `deployments.apps shop/web`. */
export function titleOfAbsent({ resource, namespace, name }: Absent): string {
  return `${groupResourceOf(resource)} ${namespace}/${name}`;
}

/** As an item of a report. */
export function itemOfAbsent({ resource, namespace, name }: Absent): Omit<RestoredItem, 'result'> {
  const { kind } = resource;
  return { groupResource: groupResourceOf(resource), version: groupVersionOf(resource), kind, namespace, name };
}

type Removed = { readonly result: 'pruned' | 'skipped' | 'failed'; readonly message?: string };

/** Throws only where the cluster is gone. */
export async function removeAbsent(client: ApiClient, { resource, namespace, name, uid }: Absent): Promise<Removed> {
  try {
    await deleteObject(client, resource, { namespace, name }, { uid, propagation: 'Background', repeatable: true });
    return { result: 'pruned' };
  } catch (error) {
    if (isApiError(error, 404)) return { result: 'pruned' };
    if (isApiError(error, 409)) return { result: 'skipped', message: 'another one has taken its place since' };
    if (error instanceof ApiError) return { result: 'failed', message: error.message };
    throw error;
  }
}
