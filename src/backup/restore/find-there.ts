// Finds what is there already by lists, page by page: a request for hundreds of objects where one for each would be needed.

import { type ApiClient, ApiError, type ApiResource, listItems } from '../../api/index.ts';
import { asObject, asString, type JsonObject, pushTo } from '../../model/index.ts';
import type { PlannedItem } from './read-plan.ts';

/** Objects of one resource in one place of the cluster. */
export interface Group {
  readonly groupResource: string;
  /** Where they go; '' for objects of the cluster. */
  readonly namespace: string;
  readonly items: readonly PlannedItem[];
}

/** A list costs about as much as a few creates. */
const fewest = 8;
/** Lists that hold much else are not read. */
const mostOthers = 20;

/** By resource and place, those with enough objects to be worth a list. */
export function groupItems(items: readonly PlannedItem[], mapNamespace: (name: string) => string): Group[] {
  const groups = new Map<string, PlannedItem[]>();
  for (const item of items) {
    const { groupResource, namespace } = item.entry.place;
    pushTo(groups, `${groupResource} ${namespace === '' ? '' : mapNamespace(namespace)}`, item);
  }
  return [...groups].flatMap(([key, each]) => {
    const [groupResource = '', namespace = ''] = key.split(' ');
    return each.length < fewest ? [] : [{ groupResource, namespace, items: each }];
  });
}

export interface Found {
  readonly item: PlannedItem;
  readonly live: JsonObject;
}

function isWorthwhile(remaining: number, wanted: number): boolean {
  return remaining <= Math.max(wanted * mostOthers, 2000);
}

function* takeWanted(wanted: Map<string, PlannedItem>, objects: Iterable<JsonObject>): Generator<Found> {
  for (const live of objects) {
    const name = asString(asObject(live['metadata'])['name']) ?? '';
    const item = wanted.get(name);
    wanted.delete(name);
    if (item !== undefined) yield { item, live };
  }
}

/** What may not be listed, or is not served, is found to be there one by one. */
function isNoList(error: unknown): boolean {
  return error instanceof ApiError && [403, 404, 405].includes(error.status);
}

/** Those of a group that are there, as they come. */
export async function* findThere(
  client: ApiClient,
  resource: ApiResource,
  { items, namespace }: Group,
): AsyncGenerator<Found> {
  const wanted = new Map(items.map((item) => [item.entry.place.name, item]));
  try {
    for await (const { items: objects, remaining = 0 } of listItems(
      client,
      resource,
      namespace === '' ? {} : { namespace },
    )) {
      yield* takeWanted(wanted, objects);
      if (wanted.size === 0 || !isWorthwhile(remaining, items.length)) return;
    }
  } catch (error) {
    if (!isNoList(error)) throw error;
  }
}
