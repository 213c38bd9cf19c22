// A fence that stands in the cluster for the drills of a schedule: whoever drills needs rights behind it and nowhere else. A drill finds it empty and leaves it empty.

import {
  type ApiClient,
  type ApiResource,
  deleteObject,
  type Discovery,
  getObject,
  isApiError,
  listAll,
  objectNameOf,
} from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { scheduleMark } from '../schedules/schedule-marks.ts';
import { drillLabel, fencePolicyName } from './fence.ts';
import { fenceResources } from './fence-resources.ts';

export interface Emptying {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly sleep: (milliseconds: number) => Promise<void>;
}

const kinds = {
  namespaces: { group: '', version: 'v1', resource: 'namespaces' },
  policies: { group: 'networking.k8s.io', version: 'v1', resource: 'networkpolicies' },
} as const;

/** Half-second looks: three minutes, in which pods end and their volumes are let go. */
const mostTries = 360;

function notFenced(name: string, why: string): UserError {
  return new UserError(
    'invalid-option',
    `the namespace "${name}" is no fence of a drill: ${why}`,
    'A drill removes all that is in it: name one that nowwhat schedule drill has made.',
  );
}

/** Throws `UserError`: what a drill empties must be known to be its own. */
export async function requireFence(client: ApiClient, name: string): Promise<void> {
  try {
    const { metadata } = await getObject(client, kinds.namespaces, { name });
    if (asObject(asObject(metadata)['labels'])[drillLabel] !== 'true')
      throw notFenced(name, `it has no label ${drillLabel}`);
    await getObject(client, kinds.policies, { namespace: name, name: fencePolicyName });
  } catch (error) {
    if (isApiError(error, 404)) throw notFenced(name, 'it, or the policy that closes it, is not there');
    throw error;
  }
}

/** The cluster makes these anew, and the account of the schedule is let in by what bears its mark. */
function stays({ kind, metadata }: JsonObject): boolean {
  const { name, labels } = asObject(metadata);
  if (asObject(labels)[scheduleMark] !== undefined) return true;
  return kind === 'ConfigMap' && /^(?:kube-root-ca|openshift-service-ca)\.crt$/.test(asString(name) ?? '');
}

function isOwned({ metadata }: JsonObject): boolean {
  return asArray(asObject(metadata)['ownerReferences']).length > 0;
}

function isDefaultAccount({ kind, metadata }: JsonObject): boolean {
  return kind === 'ServiceAccount' && asObject(metadata)['name'] === 'default';
}

interface Found {
  readonly resource: ApiResource;
  readonly object: JsonObject;
}

/** Kinds that the cluster has learned since the schedule was made are not permitted, so that nothing of them is there. */
async function listKind(client: ApiClient, resource: ApiResource, namespace: string): Promise<readonly Found[]> {
  try {
    const { items } = await listAll(client, resource, { namespace });
    return items.map((object) => ({ resource, object: { kind: resource.kind, ...object } }));
  } catch (error) {
    if (isApiError(error, 403) || isApiError(error, 404)) return [];
    throw error;
  }
}

async function remove(client: ApiClient, { resource, object }: Found): Promise<void> {
  try {
    await deleteObject(client, resource, objectNameOf(object), { propagation: 'Background', repeatable: true });
  } catch (error) {
    if (!isApiError(error, 404)) throw error;
  }
}

/** Controllers write these for as long as there is something to write about. */
const followers: ReadonlySet<string> = new Set(['endpoints', 'endpointslices.discovery.k8s.io']);

async function findInside({ client, discovery }: Emptying, namespace: string): Promise<readonly Found[]> {
  const { made } = fenceResources(discovery);
  const lists = await Promise.all(made.map((resource) => listKind(client, resource, namespace)));
  return lists.flat().filter(({ object }) => !stays(object));
}

/** Answers with what is still there when the time is over: `pods web-0`. */
export async function emptyFence(emptying: Emptying, namespace: string): Promise<readonly string[]> {
  const { client, sleep } = emptying;
  const asked = new Set<string>();
  for (let tries = 0; ; tries += 1) {
    const inside = await findInside(emptying, namespace);
    const titled = inside.map((found) => ({
      ...found,
      title: `${groupResourceOf(found.resource)} ${objectNameOf(found.object).name}`,
    }));
    // What belongs to something goes with it.
    for (const each of titled.filter(({ object, title }) => !isOwned(object) && !asked.has(title))) {
      asked.add(each.title);
      await remove(client, each);
    }
    const left = titled.filter(
      ({ object, resource }) => !isDefaultAccount(object) && !followers.has(groupResourceOf(resource)),
    );
    if (left.length === 0) return [];
    if (tries === mostTries) return left.map(({ title }) => `${namespace}: ${title}`);
    await sleep(500);
  }
}
