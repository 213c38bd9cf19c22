// The original of a clone: as it is in a cluster now, or as a backup has it.

import { type ApiClient, type Discovery, findResource, getObject, isApiError, listAll } from '../../api/index.ts';
import { asArray, asObject, asString, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { collectObjects } from '../collect/collect-objects.ts';
import { compileSelection } from '../collect/selection.ts';
import type { Contents } from '../restore/contents.ts';
import type { ClonedObject, CloneSource, ObjectNote } from './clone-plan.ts';
import { isOfNamespace } from './copy-cluster-objects.ts';

export interface ReadingSource {
  readonly client: ApiClient;
  readonly discovery: Discovery;
  readonly namespace: string;
  readonly concurrency: number;
  /** ISO time. */
  readonly now: () => string;
}

async function listAllOf(
  { client, discovery }: ReadingSource,
  name: string,
  problems: string[],
): Promise<ClonedObject[]> {
  const resource = findResource(discovery, name);
  if (resource === undefined) return [];
  try {
    const { items } = await listAll(client, resource);
    return items.map((object) => {
      const metadata = asObject(object['metadata']);
      const [own, namespace] = [asString(metadata['name']) ?? '', asString(metadata['namespace']) ?? ''];
      return { place: { groupResource: groupResourceOf(resource), namespace, name: own }, object };
    });
  } catch (error) {
    if (!isApiError(error, 403)) throw error;
    problems.push(`${name} of the whole cluster may not be listed: those for the app are not known`);
    return [];
  }
}

/** Roles of the whole cluster that bindings in the namespace name: another cluster may not have them. */
async function boundRoles({ client }: ReadingSource, objects: readonly ClonedObject[]): Promise<ClonedObject[]> {
  const has = new Set(objects.flatMap(({ place }) => (place.groupResource === clusterRoles ? [place.name] : [])));
  const named = objects.flatMap(({ place, object }) => {
    const { kind, name } = asObject(object['roleRef']);
    return place.groupResource === 'rolebindings.rbac.authorization.k8s.io' && kind === 'ClusterRole'
      ? [asString(name) ?? '']
      : [];
  });
  const found: ClonedObject[] = [];
  for (const name of new Set(named.filter((each) => !has.has(each)))) {
    try {
      const object = await getObject(
        client,
        { group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles' },
        { name },
      );
      found.push({ place: { groupResource: clusterRoles, namespace: '', name }, object });
    } catch (error) {
      if (!isApiError(error, 403) && !isApiError(error, 404)) throw error;
    }
  }
  return found;
}

const clusterRoles = 'clusterroles.rbac.authorization.k8s.io';

function callsNamespace(object: JsonObject, namespace: string): boolean {
  return asArray(object['webhooks']).some(
    (each) => asObject(asObject(asObject(each)['clientConfig'])['service'])['namespace'] === namespace,
  );
}

/** Rights that the app's accounts have in other namespaces: their copies do not get them by themselves. */
function rightsElsewhere(bindings: readonly ClonedObject[], namespace: string): ObjectNote[] {
  return bindings.flatMap(({ place, object }) => {
    const isForApp = asArray(object['subjects']).some((each) => isOfNamespace(each, namespace));
    if (place.namespace === namespace || !isForApp) return [];
    return [
      {
        object: `RoleBinding ${place.namespace}/${place.name}`,
        text: 'gives rights elsewhere to accounts of the original, not to the copy',
      },
    ];
  });
}

function requireFound(objects: readonly ClonedObject[], namespace: string, where: string): void {
  if (objects.some(({ place }) => place.namespace === namespace || place.name === namespace)) return;
  throw new UserError('nothing-to-read', `${where} has nothing in a namespace "${namespace}"`, 'Check the name.');
}

/** Throws `UserError` where the cluster is gone or has no such namespace; what may not be read is in `problems`. */
export async function readLiveSource(reading: ReadingSource): Promise<CloneSource> {
  const { client, discovery, namespace, concurrency, now } = reading;
  const problems: string[] = [];
  const objects: ClonedObject[] = [];
  const collected = collectObjects({
    client,
    discovery,
    selection: compileSelection({ includedNamespaces: [namespace] }),
    concurrency,
    now,
    onList: () => undefined,
    onProblem: ({ message }) => void problems.push(message),
  });
  for await (const { group, resource, namespace: where, name, raw } of collected)
    objects.push({
      place: { groupResource: groupResourceOf({ group, resource }), namespace: where, name },
      object: raw,
    });
  requireFound(objects, namespace, 'the cluster');
  objects.push(...(await boundRoles(reading, objects)));
  for (const kind of ['mutatingwebhookconfigurations', 'validatingwebhookconfigurations'])
    objects.push(
      ...(await listAllOf(reading, kind, problems)).filter(({ object }) => callsNamespace(object, namespace)),
    );
  const bindings = await listAllOf(reading, 'rolebindings', problems);
  return { namespace, objects, problems, outside: rightsElsewhere(bindings, namespace) };
}

/** Throws `UserError` where the archive cannot be trusted or has no such namespace. */
export async function readSavedSource(contents: Contents, namespace: string): Promise<CloneSource> {
  const objects: ClonedObject[] = [];
  for (const entry of contents.entries) {
    const { place } = entry;
    const isWanted =
      place.namespace === ''
        ? place.groupResource !== 'namespaces' || place.name === namespace
        : place.namespace === namespace;
    if (isWanted) objects.push({ place, object: await contents.read(entry) });
  }
  requireFound(objects, namespace, contents.where);
  return { namespace, objects, problems: [], outside: [] };
}
