// Connects the reading of a cluster to the Kubernetes API.

import { type ApiResource, createClient, discover, isApiError, listPages, readConnection } from '../api/index.ts';
import { asObject, asString, type Snapshot, UserError } from '../model/index.ts';
import { type ClusterReader, type ListedKind, NotPermitted, readCluster } from '../sources/index.ts';
import type { Outside } from './read-app.ts';

/** Which cluster is read, as whom, and how much of it. */
export interface ClusterWish {
  /** Name of a context of the kubeconfig; `.` for the current one. */
  readonly context: string;
  readonly kubeconfig?: string | undefined;
  /** Empty for the context's own namespace. */
  readonly namespaces: readonly string[];
  readonly allNamespaces: boolean;
  readonly impersonate?: { readonly user: string; readonly groups: readonly string[] } | undefined;
  /** Requests under way at once, at most. */
  readonly concurrency: number;
}

export interface ReadCluster {
  readonly snapshot: Snapshot;
  /** What the user should know of the connection. */
  readonly notices: readonly string[];
}

/** Milliseconds. */
const kubeletTimeout = 5000;

function toKind({ group, version, kind, resource, namespaced }: ApiResource): ListedKind {
  return { group, version, kind, resource, namespaced };
}

/** Kinds that can be listed, each once: in the version that the server prefers. */
function listable(resources: readonly ApiResource[]): ApiResource[] {
  const byName = new Map<string, ApiResource>();
  for (const resource of resources) {
    const key = `${resource.group}/${resource.resource}`;
    if (resource.verbs.includes('list') && !byName.has(key)) byName.set(key, resource);
  }
  return [...byName.values()];
}

function connect(wish: ClusterWish, { environment }: Outside) {
  const { context, kubeconfig, impersonate } = wish;
  return readConnection({
    environment,
    ...(context === '.' ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
    ...(impersonate === undefined ? {} : { impersonate: { ...impersonate, extra: {} } }),
  });
}

/** Throws `UserError` where the cluster cannot be reached; what may not be listed is in the snapshot. */
export async function readClusterSnapshot(
  wish: ClusterWish,
  minor: number | undefined,
  outside: Outside,
): Promise<ReadCluster> {
  const connection = await connect(wish, outside);
  const client = createClient(connection, { concurrency: wish.concurrency });
  try {
    const byKind = new Map<ListedKind, ApiResource>();
    const reader: ClusterReader = {
      name: connection.context === '' ? 'in-cluster' : connection.context,
      serverVersion: async () => {
        const version = await client.request({ path: '/version' });
        return asString(version['gitVersion']) ?? '';
      },
      kinds: async () => {
        const { resources } = await discover(client);
        for (const resource of listable(resources)) byKind.set(toKind(resource), resource);
        return [...byKind.keys()];
      },
      async *list(kind, namespace) {
        const resource = byKind.get(kind);
        if (resource === undefined)
          throw new UserError('cluster-failed', `${kind.resource} is not served`, 'Run the command again.');
        try {
          for await (const { items } of listPages(client, resource, namespace === '' ? {} : { namespace })) yield items;
        } catch (error) {
          if (isApiError(error, 403)) throw new NotPermitted(error.message);
          throw error;
        }
      },
      // A read: the kubelet's own answer, passed on by the API server. A node that does not answer holds nothing up for long.
      kubeletConfig: async (node) => {
        const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
        try {
          return asObject(
            (await client.request({ path, patient: false, signal: AbortSignal.timeout(kubeletTimeout) }))[
              'kubeletconfig'
            ],
          );
        } catch (error) {
          if (isApiError(error, 403)) throw new NotPermitted(error.message);
          throw error;
        }
      },
    };
    const namespaces = wish.allNamespaces ? [] : wish.namespaces.length > 0 ? wish.namespaces : [connection.namespace];
    const snapshot = await readCluster(reader, {
      namespaces,
      concurrency: wish.concurrency,
      keepManagedFields: false,
      minor,
      progress: outside.progress,
    });
    return { snapshot, notices: connection.warnings };
  } finally {
    await client.close();
  }
}
