// Paths that are no resources: version, health and discovery.

import type { JsonObject } from '../../model/index.ts';
import { findRelease } from '../../kube/versions.ts';
import { aggregatedDiscovery, coreVersions, groupDocument, groupList, resourceList } from '../resources/discovery.ts';
import type { Answer, Call } from './call.ts';

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';
const health: ReadonlySet<string> = new Set(['/healthz', '/livez', '/readyz']);

function acceptsAggregated({ request }: Call): boolean {
  const types = (request.headers.accept ?? '').split(',').map((type) => type.replaceAll(' ', ''));
  return types.some((type) => type.startsWith(aggregatedType));
}

function versionOf({ kernel }: Call): JsonObject {
  const minor = String(kernel.minor);
  const built = findRelease(kernel.minor)?.released ?? '1970-01-01';
  return {
    major: '1',
    minor,
    gitVersion: `v1.${minor}.0`,
    gitCommit: 'playground',
    gitTreeState: 'clean',
    buildDate: `${built}T00:00:00Z`,
    goVersion: 'go0',
    compiler: 'gc',
    platform: 'playground/none',
  };
}

function root(call: Call, isCore: boolean): Answer {
  const { kernel, request } = call;
  if (acceptsAggregated(call))
    return { code: 200, body: aggregatedDiscovery(kernel.registry, isCore), contentType: aggregatedType };
  return { code: 200, body: isCore ? coreVersions(request.headers.host ?? '') : groupList(kernel.registry) };
}

function documentOf(call: Call): JsonObject | undefined {
  const [first, second = '', third] = call.info.path.split('/').filter((step) => step !== '');
  const { registry } = call.kernel;
  if (first === 'api') return resourceList(registry, '', second);
  if (first !== 'apis') return undefined;
  return third === undefined ? groupDocument(registry, second) : resourceList(registry, second, third);
}

/** `undefined` for a path that there is nothing at. */
export function answerPath(call: Call): Answer | undefined {
  const path = call.info.path.replace(/(.)\/$/, '$1');
  if (health.has(path)) return { code: 200, body: 'ok', contentType: 'text/plain; charset=utf-8' };
  if (path === '/version') return { code: 200, body: versionOf(call) };
  if (path === '/api' || path === '/apis') return root(call, path === '/api');
  const document = documentOf(call);
  return document === undefined ? undefined : { code: 200, body: document };
}
