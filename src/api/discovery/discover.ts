// Asks the API server what it serves: two requests where it can (1.27 and later), else one for each group version.

import { UserError } from '../../model/index.ts';
import type { ApiClient } from '../http/client.ts';
import { isApiError } from '../http/api-error.ts';
import { type ApiResource, type Discovery, groupVersionOf } from './api-resource.ts';
import { joinDiscoveries, parseAggregated, parseLegacyResources, parseLegacyVersions } from './parse-discovery.ts';

const aggregated = ['v2', 'v2beta1']
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .concat('application/json')
  .join(',');

type GroupVersion = Pick<ApiResource, 'group' | 'version'>;

async function discoverVersion(
  client: ApiClient,
  at: GroupVersion,
  signal: AbortSignal | undefined,
): Promise<Discovery> {
  const path = `${at.group === '' ? '/api' : '/apis'}/${groupVersionOf(at)}`;
  try {
    const document = await client.request({ path, ...(signal && { signal }) });
    return { resources: parseLegacyResources(document, at), failures: [] };
  } catch (error) {
    // An aggregated API server that is down must not hide all others.
    if (!(error instanceof UserError) || error.code === 'cluster-unreachable') throw error;
    return { resources: [], failures: [{ groupVersion: groupVersionOf(at), reason: error.message }] };
  }
}

async function discoverRoot(client: ApiClient, path: '/api' | '/apis', signal?: AbortSignal): Promise<Discovery> {
  const document = await client.request({ path, accept: aggregated, ...(signal && { signal }) });
  const whole = parseAggregated(document);
  if (whole !== undefined) return whole;
  const versions = parseLegacyVersions(document);
  return joinDiscoveries(await Promise.all(versions.map((at) => discoverVersion(client, at, signal))));
}

/** A server may serve only one of the roots: an aggregated one alone has no `/api`. */
async function discoverOptionalRoot(
  client: ApiClient,
  path: '/api' | '/apis',
  signal?: AbortSignal,
): Promise<Discovery | undefined> {
  try {
    return await discoverRoot(client, path, signal);
  } catch (error) {
    if (isApiError(error, 404)) return undefined;
    throw error;
  }
}

/** All resources of all versions, and the groups that do not answer. Throws where the cluster itself does not. */
export async function discover(client: ApiClient, signal?: AbortSignal): Promise<Discovery> {
  const roots = await Promise.all([
    discoverOptionalRoot(client, '/api', signal),
    discoverOptionalRoot(client, '/apis', signal),
  ]);
  const found = roots.filter((each) => each !== undefined);
  if (found.length > 0) return joinDiscoveries(found);
  throw new UserError(
    'cluster-failed',
    `${client.connection.server} serves neither /api nor /apis`,
    'Is the address that of an API server?',
  );
}

interface Asked {
  /** Milliseconds. */
  readonly since: number;
  readonly answer: Promise<Discovery>;
}

const asked = new WeakMap<ApiClient, Asked>();

/** Milliseconds. Somebody may have been asked for his agreement in between, and taken his time. */
const freshFor = 30_000;

/** The same, asked once for each client within moments. What must know of new definitions asks anew. */
export function discoverOnce(client: ApiClient): Promise<Discovery> {
  const known = asked.get(client);
  if (known !== undefined && performance.now() - known.since < freshFor) return known.answer;
  const asking = discover(client);
  asked.set(client, { since: performance.now(), answer: asking });
  // A failure is no answer: the next one who asks may have one.
  asking.catch(() => asked.delete(client));
  return asking;
}
