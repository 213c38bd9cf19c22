// Items of a list that share the key which should tell them apart.

import { asObject, asString, digitsOf, type Json } from '../../model/index.ts';
import { objectOf, type SchemaNode, type TypeSource } from './schema-node.ts';
import type { SchemaWalker } from './walker.ts';

/** A text that differs for different scalars: the quote keeps "80" and 80 apart. */
function scalarText(value: Json | undefined): string | undefined {
  if (typeof value === 'boolean') return String(value);
  const text = asString(value);
  return text === undefined ? digitsOf(value) : `"${text}`;
}

/** The key of an item as a text, with defaults; `undefined` where a part is missing. */
export function keyOf(item: Json, node: SchemaNode, types: TypeSource): string | undefined {
  const object = asObject(item);
  const fields = node.item === undefined ? undefined : objectOf(node.item, types)?.fields;
  let key = '';
  for (const name of node.listKeys ?? []) {
    const part = scalarText(object[name] ?? fields?.get(name)?.default);
    if (part === undefined) return undefined;
    key += `${part}\n`;
  }
  return key;
}

export function noteDuplicates(walk: SchemaWalker, node: SchemaNode, items: readonly Json[]): void {
  const first = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = node.listKeys === undefined ? scalarText(item) : keyOf(item, node, walk.types);
    if (key === undefined) continue;
    const earlier = first.get(key);
    if (earlier === undefined) {
      first.set(key, index);
      continue;
    }
    const sameness = node.listKeys === undefined ? 'is the same as' : `has the same ${nameKeys(node.listKeys)} as`;
    const message = `item ${index + 1} ${sameness} item ${earlier + 1}, which server-side apply refuses`;
    walk.note({ kind: 'duplicate-list-key', message }, index);
  }
}

function nameKeys(keys: readonly string[]): string {
  return keys.map((key) => `"${key}"`).join(' and ');
}
