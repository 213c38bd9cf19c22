// What traffic needs of a live cluster besides the snapshot: pods as they come and go, and the addresses of everybody else.

import { type ApiClient, type ApiResource, createClient, isApiError, listPages } from '../../api/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { toObject } from '../../kube/manifests/parse-manifests.ts';
import { sourceInCluster } from '../../kube/manifests/source-in-cluster.ts';
import { asObject, asString, type JsonObject, type KubeObject } from '../../model/index.ts';
import type { ByteOrder } from '../../traffic/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';

function coreResource(resource: string, singular: string, kind: string): ApiResource {
  const rest = { namespaced: true, verbs: ['list'], shortNames: [], categories: [], subresources: [] };
  return { group: '', version: 'v1', resource, singular, kind, ...rest };
}

const podResource = coreResource('pods', 'pod', 'Pod');
const serviceResource = coreResource('services', 'service', 'Service');

export interface LiveCluster {
  readonly client: ApiClient;
  /** Pods of the namespaces that are looked at. Throws `ApiError`. */
  readonly listPods: () => Promise<readonly JsonObject[]>;
  readonly close: () => Promise<void>;
}

async function listWhole(client: ApiClient, resource: ApiResource, namespace?: string): Promise<JsonObject[]> {
  const items: JsonObject[] = [];
  for await (const page of listPages(client, resource, namespace === undefined ? {} : { namespace }))
    items.push(...page.items);
  return items;
}

/** `namespaces` empty for all. */
export async function openLive(
  wish: ClusterWish,
  namespaces: readonly string[],
  outside: Pick<Outside, 'environment'>,
): Promise<LiveCluster> {
  const client = createClient(await connectCluster(wish, outside), { concurrency: wish.concurrency });
  return {
    client,
    listPods: async () => {
      if (namespaces.length === 0) return await listWhole(client, podResource);
      const lists = await Promise.all(namespaces.map((namespace) => listWhole(client, podResource, namespace)));
      return lists.flat();
    },
    close: () => client.close(),
  };
}

/** s390x is the one machine of Kubernetes that counts from the other end. */
export function byteOrderOf(inventory: Inventory): (node: string) => ByteOrder {
  const big = new Set(
    inventory
      .ofKind('/Node')
      .filter(({ raw }) => asObject(asObject(raw['status'])['nodeInfo'])['architecture'] === 's390x')
      .map(({ name }) => name),
  );
  return (node) => (big.has(node) ? 'big' : 'little');
}

/** Pods and Services of the whole cluster, by which addresses are known. */
export interface Neighbours {
  readonly pods: readonly JsonObject[];
  readonly services: readonly KubeObject[];
  readonly isComplete: boolean;
  /** What may not be listed. */
  readonly gaps: readonly string[];
}

async function listIfPermitted(client: ApiClient, resource: ApiResource): Promise<JsonObject[] | undefined> {
  try {
    return await listWhole(client, resource);
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    throw error;
  }
}

const source = sourceInCluster();

/** Objects that the inventory has already are left out. */
export async function readNeighbours({ client }: LiveCluster, inventory: Inventory): Promise<Neighbours> {
  const [pods, services] = await Promise.all([
    listIfPermitted(client, podResource),
    listIfPermitted(client, serviceResource),
  ]);
  const nodesHidden = inventory.snapshot.facts.cluster?.notListed.some(({ kind }) => kind === 'Node') ?? false;
  const others = (services ?? [])
    .map((raw) => toObject({ ...raw, apiVersion: 'v1', kind: 'Service' }, source, asString(raw['namespace']) ?? ''))
    .filter((object) => inventory.find(object) === undefined);
  return {
    pods: pods ?? [],
    services: others,
    isComplete: pods !== undefined && services !== undefined && !nodesHidden,
    gaps: [
      ...(pods === undefined ? ['pods of other namespaces may not be listed: their addresses are not known'] : []),
      ...(services === undefined ? ['Services of other namespaces may not be listed'] : []),
    ],
  };
}
