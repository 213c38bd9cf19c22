// What is there in the cluster that a restore goes to: read once, and whatever may not be read is unknown.

import { type ApiClient, type Discovery, isApiError, listAll } from '../../../api/index.ts';
import { asObject, asString, type JsonObject } from '../../../model/index.ts';
import { groupResourceOf } from '../../archive/entry-names.ts';
import { type ClassResource, classResources } from './needs.ts';

/** `undefined` where it may not be listed. */
export type Listed = readonly JsonObject[] | undefined;

export interface Surroundings {
  /** Objects by their resource: `storageclasses.storage.k8s.io`, `services`. */
  readonly of: (groupResource: string) => Listed;
  /** 1.N as N. */
  readonly minor: number;
}

const looked: readonly string[] = [
  ...(Object.keys(classResources) as ClassResource[]),
  'nodes',
  'services',
  'namespaces',
  'mutatingwebhookconfigurations.admissionregistration.k8s.io',
  'validatingwebhookconfigurations.admissionregistration.k8s.io',
  'endpointslices.discovery.k8s.io',
];
const perNamespace: readonly string[] = ['resourcequotas', 'limitranges'];

/** A kind that is not served has no objects. */
async function listOf(
  client: ApiClient,
  { resources }: Discovery,
  groupResource: string,
  namespace?: string,
): Promise<Listed> {
  const resource = resources.find((each) => groupResourceOf(each) === groupResource);
  if (resource === undefined) return [];
  try {
    return (await listAll(client, resource, namespace === undefined ? {} : { namespace })).items;
  } catch (error) {
    if (isApiError(error, 403)) return undefined;
    if (isApiError(error, 404)) return [];
    throw error;
  }
}

function joined(lists: readonly Listed[]): Listed {
  return lists.some((list) => list === undefined) ? undefined : lists.flatMap((list) => list ?? []);
}

export async function readSurroundings(
  client: ApiClient,
  discovery: Discovery,
  namespaces: readonly string[],
): Promise<Surroundings> {
  const found = new Map<string, Listed>();
  for (const name of looked) found.set(name, await listOf(client, discovery, name));
  for (const name of perNamespace)
    found.set(name, joined(await Promise.all(namespaces.map((each) => listOf(client, discovery, name, each)))));
  const { minor } = await client.request({ path: '/version' });
  return { of: (groupResource) => found.get(groupResource), minor: Number.parseInt(asString(minor) ?? '0', 10) };
}

export function nameOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['name']) ?? '';
}

export function namespaceOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['namespace']) ?? '';
}
