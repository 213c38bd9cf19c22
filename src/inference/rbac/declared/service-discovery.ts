// What programs that find their targets like Prometheus ask of the API: `kubernetes_sd_configs` in their configuration.

import { parseYaml, splitDocuments } from '../../../kube/yaml/index.ts';
import { asArray, asObject, asString, isJsonObject, type Json, type JsonObject } from '../../../model/index.ts';
import type { Need } from '../need.ts';

type Kind = readonly [group: string, resource: string];

const pods: Kind = ['', 'pods'];
const services: Kind = ['', 'services'];

/** Source: Prometheus' own documentation of `kubernetes_sd_config`, and its role for the service account. */
const roles: Readonly<Record<string, readonly Kind[]>> = {
  node: [['', 'nodes']],
  pod: [pods],
  service: [services],
  endpoints: [['', 'endpoints'], services, pods],
  endpointslice: [['discovery.k8s.io', 'endpointslices'], services, pods],
  ingress: [['networking.k8s.io', 'ingresses']],
};

/** All entries of `kubernetes_sd_configs`, however deep. */
function entriesIn(value: Json | undefined): JsonObject[] {
  if (Array.isArray(value)) return asArray(value).flatMap(entriesIn);
  if (!isJsonObject(value)) return [];
  const own = asArray(value['kubernetes_sd_configs']).map(asObject);
  return [...own, ...Object.values(value).flatMap(entriesIn)];
}

function namespacesOf(entry: JsonObject, home: string): string[] {
  const { names, own_namespace: own } = asObject(entry['namespaces']);
  const named = asArray(names).flatMap((name) => asString(name) ?? []);
  const all = [...named, ...(own === true ? [home] : [])];
  return all.length === 0 ? [''] : all;
}

function needsOfEntry(entry: JsonObject, home: string): Need[] {
  // It asks another cluster, with credentials of its own.
  if (entry['api_server'] !== undefined || entry['kubeconfig_file'] !== undefined) return [];
  const kinds = roles[asString(entry['role']) ?? ''] ?? [];
  const nodes = asObject(entry['attach_metadata'])['node'] === true ? ([['', 'nodes']] as const) : [];
  return [...kinds, ...nodes].flatMap(([group, resource]) => {
    const places = resource === 'nodes' ? [''] : namespacesOf(entry, home);
    return places.flatMap((namespace) => ['list', 'watch'].map((verb) => ({ verb, group, resource, namespace })));
  });
}

/** `home` is the namespace of the pod. */
export function needsOfDiscovery(text: string, home: string): Need[] {
  if (!text.includes('kubernetes_sd_configs')) return [];
  const values = splitDocuments(text).flatMap((range) => {
    const parsed = parseYaml(text, range);
    return parsed.ok ? parsed.parsed.values : [];
  });
  return values.flatMap(entriesIn).flatMap((entry) => needsOfEntry(entry, home));
}
