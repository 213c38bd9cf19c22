// What changed while a backup looked: lists are of different moments, and between them the cluster goes on.

import { type ApiClient, type ApiResource, readChanges } from '../../api/index.ts';
import { asObject, asString } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import type { ListChanges, ListRecord } from './list-record.ts';

const mostEvents = 10_000;
const mostNames = 20;
/** Watches at once: each has a socket. */
const atOnce = 16;
/** Milliseconds: an API server sends what its cache holds at once. */
const quiet = 150;

const kinds = { ADDED: 'added', MODIFIED: 'modified', DELETED: 'deleted', BOOKMARK: undefined } as const;

function nameOf({ metadata }: { readonly metadata?: unknown }): string {
  const { namespace, name } = asObject(metadata);
  const prefix = asString(namespace) ?? '';
  return `${prefix === '' ? '' : `${prefix}/`}${asString(name) ?? ''}`;
}

async function changesOf(client: ApiClient, resource: ApiResource, list: ListRecord): Promise<ListChanges | undefined> {
  const { namespace, resourceVersion } = list;
  const where = namespace === '' ? {} : { namespace };
  const events = await readChanges(client, resource, { ...where, resourceVersion, quiet, most: mostEvents });
  if (events === undefined) return undefined;
  const last = new Map(events.map(({ type, object }) => [nameOf(object), kinds[type]]));
  const counts = { added: 0, modified: 0, deleted: 0 };
  for (const kind of last.values()) if (kind !== undefined) counts[kind] += 1;
  return { ...counts, names: [...last.keys()].slice(0, mostNames), more: events.length >= mostEvents };
}

/** The same records with what happened since each of them; to be asked for when the last list is read. */
export async function withChanges(
  client: ApiClient,
  resources: readonly ApiResource[],
  lists: readonly ListRecord[],
): Promise<ListRecord[]> {
  const byName = new Map(resources.map((resource) => [groupResourceOf(resource), resource]));
  const told = [...lists];
  const waiting = lists.entries();
  const worker = async (): Promise<void> => {
    for (const [index, list] of waiting) {
      const resource = byName.get(list.groupResource);
      if (resource === undefined || list.resourceVersion === '') continue;
      const changes = await changesOf(client, resource, list);
      if (changes !== undefined) told[index] = { ...list, changes };
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return told;
}
