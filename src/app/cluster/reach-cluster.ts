// Clusters for use cases that need one or two of them: connected, discovered, and closed again.

import {
  type ApiClient,
  type Connection,
  createClient,
  type Discovery,
  discover,
  getObject,
  isApiError,
} from '../../api/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from './open-cluster.ts';
import type { Outside } from '../outside.ts';

export interface Reached {
  readonly client: ApiClient;
  readonly connection: Connection;
  readonly discovery: Discovery;
}

export type Closing = (() => Promise<void> | void)[];

export async function reach(wish: ClusterWish, outside: Outside, closing: Closing): Promise<Reached> {
  const connection = await connectCluster(wish, outside);
  const client = createClient(connection, { concurrency: wish.concurrency });
  closing.push(() => client.close());
  return { client, connection, discovery: await discover(client) };
}

export async function withClosing<T>(act: (closing: Closing) => Promise<T>): Promise<T> {
  const closing: Closing = [];
  try {
    return await act(closing);
  } finally {
    for (const close of closing.toReversed()) await close();
  }
}

/** A cluster is known by its first namespace; who may not read that is believed about the address. */
export async function clusterOf({ client, connection }: Reached): Promise<string> {
  try {
    const found = await getObject(
      client,
      { group: '', version: 'v1', resource: 'namespaces' },
      { name: 'kube-system' },
    );
    return asString(asObject(found['metadata'])['uid']) ?? connection.server;
  } catch (error) {
    if (isApiError(error, 403) || isApiError(error, 404)) return connection.server;
    throw error;
  }
}
