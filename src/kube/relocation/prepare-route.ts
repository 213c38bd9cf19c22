// Routes that name no host, or one that the cluster made up: what they mean before their fields are looked at.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import type { Notes, Relocation } from './relocation.ts';

function withSpec(object: JsonObject, spec: JsonObject): JsonObject {
  return { ...object, spec };
}

/** A host that OpenShift made up is made up again for the copy. Source: OpenShift API, `openshift.io/host.generated`. */
function withoutGeneratedHost(object: JsonObject, notes: Notes): JsonObject {
  const isGenerated = asObject(asObject(object['metadata'])['annotations'])['openshift.io/host.generated'] === 'true';
  const { host, ...spec } = asObject(object['spec']);
  if (!isGenerated || host === undefined) return object;
  notes.rewrites.push({ path: ['spec', 'host'], before: asString(host) ?? '', after: '' });
  return withSpec(object, spec);
}

/** Without hostnames a route takes every host of its Gateway. Source: Gateway API, HTTPRoute, hostnames. */
function withHostnames(object: JsonObject, moving: Relocation, notes: Notes): JsonObject {
  const spec = asObject(object['spec']);
  const own = asString(asObject(object['metadata'])['namespace']) ?? '';
  const stays = asArray(spec['parentRefs']).some(
    (parent) => !moving.namespaces.has(asString(asObject(parent)['namespace']) ?? own),
  );
  if (!stays || asArray(spec['hostnames']).length > 0) return object;
  const path = ['spec', 'hostnames'];
  const host = object['kind'] === 'HTTPRoute' || object['kind'] === 'GRPCRoute' ? moving.hosts.ofRoute('*') : undefined;
  if (host === undefined) {
    notes.undecided.push({ path, host: '*' });
    return object;
  }
  notes.rewrites.push({ path, before: '*', after: host });
  return withSpec(object, { ...spec, hostnames: [host] });
}

export function prepareRoute(object: JsonObject, moving: Relocation, notes: Notes): JsonObject {
  const apiVersion = asString(object['apiVersion']) ?? '';
  if (apiVersion.startsWith('route.openshift.io/')) return withoutGeneratedHost(object, notes);
  const isRoute =
    apiVersion.startsWith('gateway.networking.k8s.io/') && (asString(object['kind']) ?? '').endsWith('Route');
  return isRoute ? withHostnames(object, moving, notes) : object;
}
