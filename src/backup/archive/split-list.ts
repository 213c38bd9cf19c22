// The objects of a list as an API server writes it, each as the bytes that an archive holds.

import { BrokenJson, JsonSorter, type Member, type SortedObject } from './sort-json.ts';

function* sortItems(sorter: JsonSorter, start: number): Generator<SortedObject, number> {
  const values = sorter.listValues(start);
  let step = values.next(0);
  while (step.done !== true) {
    const sorted = sorter.sortObject(step.value);
    yield sorted;
    step = values.next(sorted.end);
  }
  return step.value;
}

/** `lacking` is what the items of a list leave out: its `apiVersion` and their `kind`. Throws `BrokenJson` where the text is no list. */
export function* splitList(list: Buffer, lacking: readonly Member[]): Generator<SortedObject> {
  const sorter = new JsonSorter(list, lacking);
  const members = sorter.objectMembers(0);
  let hasItems = false;
  let step = members.next(0);
  while (step.done !== true) {
    const { key, at } = step.value;
    const end: number = key === 'items' && !sorter.isNull(at) ? yield* sortItems(sorter, at) : sorter.skipValue(at);
    hasItems ||= key === 'items';
    step = members.next(end);
  }
  if (!hasItems) throw new BrokenJson(0);
}

/** One object, as the API server answers a request for it. Throws `BrokenJson`. */
export function sortObject(text: Buffer): SortedObject {
  return new JsonSorter(text).sortObject(0);
}
