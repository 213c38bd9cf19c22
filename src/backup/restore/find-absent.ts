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
import { asArray, asObject, asString, type JsonObject, pushTo } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { excludeLabel } from '../collect/left-out.ts';
import type { ObjectRule, RulesOf } from '../collect/object-filters.ts';
import { isRestorable } from './prepare-object.ts';
import type { Absent, RestoreContext, RestoredItem, RestoreWish } from './restore-wish.ts';

/** What the backup would have taken: what it never looked at is not missing in it. */
export interface Saved {
  readonly takesResource: (groupResource: string) => boolean;
  readonly rulesOf: RulesOf;
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

function admits(rule: ObjectRule | undefined, name: string, labels: JsonObject): boolean {
  if (rule === undefined || !rule.takesName(name)) return false;
  return rule.selectors.length === 0 || rule.selectors.some((selector) => selector.matches(labels));
}

/** In each of the namespaces that come to where it is: what was never looked at in one of them may be its own. */
function wouldBeSaved(
  { wish, saved }: Looking,
  groupResource: string,
  olds: readonly string[],
  object: JsonObject,
): boolean {
  const { name, labels: own } = asObject(object['metadata']);
  const labels = asObject(own);
  if (labels[excludeLabel] === 'true') return false;
  const rules = [saved.rulesOf, wish.selection.rulesOf].map((rulesOf) =>
    rulesOf(groupResource, asString(object['kind'])),
  );
  return olds.every((old) => rules.every((ruleOf) => admits(ruleOf(old), asString(name) ?? '', labels)));
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

/** A namespace that objects come to, and those that they come from. */
interface Target {
  readonly namespace: string;
  readonly olds: readonly string[];
}

function absentAmong(
  looking: Looking,
  { resource, namespace, olds }: Target & Pick<Absent, 'resource'>,
  items: readonly JsonObject[],
): Absent[] {
  const groupResource = groupResourceOf(resource);
  return items.flatMap((item) => {
    const metadata = asObject(item['metadata']);
    const [name, uid] = [asString(metadata['name']) ?? '', asString(metadata['uid']) ?? ''];
    if (looking.present.has(`${groupResource} ${namespace}/${name}`) || isMadeAnew(groupResource, item)) return [];
    return wouldBeSaved(looking, groupResource, olds, item) ? [{ resource, namespace, name, uid }] : [];
  });
}

async function absentIn(looking: Looking, resource: ApiResource, { namespace, olds }: Target): Promise<Absent[]> {
  const found: Absent[] = [];
  try {
    for await (const { items } of listPages(looking.context.client, resource, { namespace }))
      found.push(...absentAmong(looking, { resource, namespace, olds }, items));
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
  const targets = new Map<string, string[]>();
  for (const old of olds) if (old !== '' && wish.selection.takesNamespace(old)) pushTo(targets, target(old), old);
  const present = new Set(
    places.map(({ groupResource, namespace, name }) => `${groupResource} ${target(namespace)}/${name}`),
  );
  const looking = { wish, context, saved, present };
  const found: Absent[] = [];
  for (const resource of prunable(context.discovery ?? (await discover(context.client)), wish, saved))
    for (const [namespace, from] of targets)
      found.push(...(await absentIn(looking, resource, { namespace, olds: from })));
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
