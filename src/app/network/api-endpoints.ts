// Where a cluster's API server listens behind the Service `kubernetes`: what pods really call, and what a policy has to open.

import { type ApiClient, createClient, isApiError } from '../../api/index.ts';
import type { ApiEndpoints } from '../../inference/index.ts';
import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type ClusterWish, connectCluster } from '../cluster/open-cluster.ts';
import type { Outside } from '../outside.ts';

const request = {
  path: '/apis/discovery.k8s.io/v1/namespaces/default/endpointslices',
  query: { labelSelector: 'kubernetes.io/service-name=kubernetes' },
};

function toEndpoints(slices: readonly JsonObject[]): ApiEndpoints {
  const addresses = slices.flatMap(({ endpoints }) =>
    asArray(endpoints).flatMap((each) => asArray(asObject(each)['addresses'])),
  );
  const ports = slices.flatMap((slice) => asArray(slice['ports']).map((each) => asNumber(asObject(each)['port'])));
  return {
    addresses: addresses.flatMap((text) => asString(text) ?? []),
    ports: [...new Set(ports.filter((port) => port !== undefined))],
  };
}

/** Nothing where that may not be read. */
export async function askApiEndpoints(client: ApiClient): Promise<ApiEndpoints | undefined> {
  try {
    const found = toEndpoints(asArray((await client.request(request))['items']).map(asObject));
    return found.addresses.length === 0 ? undefined : found;
  } catch (error) {
    if (isApiError(error, 403) || isApiError(error, 404)) return undefined;
    throw error;
  }
}

/** The same of a cluster that is opened for it. */
export async function readApiEndpoints(
  wish: ClusterWish,
  outside: Pick<Outside, 'environment'>,
): Promise<ApiEndpoints | undefined> {
  const client = createClient(await connectCluster(wish, outside), { concurrency: wish.concurrency });
  try {
    return await askApiEndpoints(client);
  } finally {
    await client.close();
  }
}
