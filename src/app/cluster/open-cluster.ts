// Connects the reading of a cluster to the Kubernetes API.

import {
  type ApiClient,
  type ApiResource,
  type Connection,
  type Impersonation,
  createClient,
  discover,
  isApiError,
  listPages,
  readConnection,
} from '../../api/index.ts';
import { asObject, asString, type JsonObject, kubectlCommand, type Snapshot, UserError } from '../../model/index.ts';
import { type ClusterReader, type ListedKind, NotPermitted, readCluster } from '../../sources/index.ts';
import type { Outside } from '../outside.ts';

/** Which cluster is read, as whom, and how much of it. */
export interface ClusterWish {
  /** Name of a context of the kubeconfig; `.` for the current one. */
  readonly context: string;
  readonly kubeconfig?: string | undefined;
  /** Empty for the context's own namespace. */
  readonly namespaces: readonly string[];
  readonly allNamespaces: boolean;
  readonly impersonate?: Impersonation | undefined;
  /** Requests under way at once, at most. */
  readonly concurrency: number;
  /** True where the app is yet to come there: a namespace that is not there holds nothing, and is no slip of the pen. */
  readonly mayLackNamespaces?: boolean;
  /** To know who wrote which field; left out, that is not read. */
  readonly keepManagedFields?: boolean;
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

/** The connection that a wish names. Throws `UserError` where the kubeconfig does not give it. */
export function connectCluster(wish: ClusterWish, { environment }: Pick<Outside, 'environment'>): Promise<Connection> {
  const { context, kubeconfig, impersonate } = wish;
  return readConnection({
    environment,
    ...(context === '.' ? {} : { context }),
    ...(kubeconfig === undefined ? {} : { path: kubeconfig }),
    ...(impersonate === undefined ? {} : { impersonate }),
  });
}

/** A refusal is an answer of its own; everything else is a failure. */
function explainRefusal(error: unknown): unknown {
  return isApiError(error, 403) ? new NotPermitted(error.message) : error;
}

/** A read: the kubelet's own answer, passed on by the API server. A node that does not answer holds nothing up for long. */
async function readKubeletConfig(client: ApiClient, node: string): Promise<JsonObject> {
  const path = `/api/v1/nodes/${encodeURIComponent(node)}/proxy/configz`;
  const answer = await client.request({ path, patient: false, signal: AbortSignal.timeout(kubeletTimeout) });
  return asObject(answer['kubeletconfig']);
}

function createReader(client: ApiClient, keepManagedFields: boolean): ClusterReader {
  const { context } = client.connection;
  const byKind = new Map<ListedKind, ApiResource>();
  return {
    name: context === '' ? 'in-cluster' : context,
    serverVersion: async () => asString((await client.request({ path: '/version' }))['gitVersion']) ?? '',
    kinds: async () => {
      const { resources, failures } = await discover(client);
      for (const resource of listable(resources)) byKind.set(toKind(resource), resource);
      return { kinds: [...byKind.keys()], silent: failures };
    },
    async *list(kind, namespace) {
      const resource = byKind.get(kind);
      if (resource === undefined)
        throw new UserError('cluster-failed', `${kind.resource} is not served`, 'Run the command again.');
      const where = namespace === '' ? {} : { namespace };
      try {
        const omitManagedFields = !keepManagedFields;
        for await (const { items } of listPages(client, resource, { ...where, omitManagedFields })) yield items;
      } catch (error) {
        throw explainRefusal(error);
      }
    },
    kubeletConfig: async (node) => {
      try {
        return await readKubeletConfig(client, node);
      } catch (error) {
        throw explainRefusal(error);
      }
    },
  };
}

/** Where namespaces may not be listed, nobody knows which are missing. */
function requireNamespaces({ objects, facts }: Snapshot, wanted: readonly string[], connection: Connection): void {
  if (facts.cluster?.notListed.some(({ group, kind }) => group === '' && kind === 'Namespace') === true) return;
  const there = new Set(
    objects.filter(({ group, kind }) => group === '' && kind === 'Namespace').map(({ name }) => name),
  );
  const missing = wanted.filter((name) => !there.has(name));
  if (missing.length === 0) return;
  throw new UserError(
    'namespace-missing',
    `no namespace ${missing.map((name) => `"${name}"`).join(' or ')} is in the cluster "${connection.context}"`,
    `See which there are: ${kubectlCommand(['get', 'namespaces'], connection)}`,
  );
}

/**
 * Throws `UserError` where the cluster cannot be reached or lacks a namespace that is to be read: a name that is
 * misspelt would pass every check. What may not be listed is in the snapshot.
 */
export async function readClusterSnapshot(
  wish: ClusterWish,
  minor: number | undefined,
  outside: Outside,
): Promise<ReadCluster> {
  const connection = await connectCluster(wish, outside);
  const { clock, progress } = outside;
  const { concurrency, allNamespaces, keepManagedFields = false } = wish;
  const client = createClient(connection, { concurrency, ...(clock && { clock }) });
  const named = wish.namespaces.length > 0 ? wish.namespaces : [connection.namespace];
  const namespaces = allNamespaces ? [] : named;
  try {
    const options = { namespaces, concurrency, keepManagedFields, minor, progress };
    const snapshot = await readCluster(createReader(client, keepManagedFields), options);
    if (wish.mayLackNamespaces !== true) requireNamespaces(snapshot, namespaces, connection);
    return { snapshot, notices: connection.warnings };
  } finally {
    await client.close();
  }
}
