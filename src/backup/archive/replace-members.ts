// Changes members of an object's JSON text and leaves the bytes of all others as they are: a number that JavaScript would round keeps its digits.

import type { Json } from '../../model/index.ts';
import { renderGoJson } from './go-json.ts';
import { JsonSorter } from './sort-json.ts';

function membersOf(content: Buffer): Map<string, string> {
  const text = content.toString('latin1');
  const sorter = new JsonSorter(content);
  const found = new Map<string, string>();
  const members = sorter.objectMembers(0);
  for (let next = members.next(); next.done !== true; ) {
    const { key, at } = next.value;
    const end = sorter.skipValue(at);
    found.set(key, text.slice(at, end));
    next = members.next(end);
  }
  return found;
}

function asLatin1(text: string): string {
  return Buffer.from(text).toString('latin1');
}

/** `content`: one object, compact and sorted, as an archive holds it; so is the answer. Throws `BrokenJson`. */
export function replaceMembers(content: Buffer, changed: Readonly<Record<string, Json | undefined>>): Buffer {
  const members = membersOf(content);
  for (const [key, value] of Object.entries(changed))
    if (value !== undefined) members.set(key, asLatin1(renderGoJson(value)));
  const rows = [...members].map(([key, value]) => `${asLatin1(renderGoJson(key))}:${value}`);
  return Buffer.from(`{${rows.toSorted().join(',')}}`, 'latin1');
}
