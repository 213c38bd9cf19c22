// Items of a list that share the key which should tell them apart.

import { asObject, type Json, type JsonObject } from '../../model/index.ts';
import { objectOf, type SchemaNode, type TypeSource } from './schema-node.ts';
import type { SchemaWalk } from './walk.ts';

function keyPart(item: JsonObject, name: string, schema: SchemaNode | undefined): string | undefined {
  const value = item[name] ?? schema?.default;
  return value === undefined || value === null || typeof value === 'object' ? undefined : JSON.stringify(value);
}

/** The key of an item as a text, with defaults; `undefined` where a part is missing. */
function keyOf(item: Json, node: SchemaNode, types: TypeSource): string | undefined {
  const object = asObject(item);
  const fields = node.item === undefined ? undefined : objectOf(node.item, types)?.fields;
  let key = '';
  for (const name of node.listKeys ?? []) {
    const part = keyPart(object, name, fields?.get(name));
    if (part === undefined) return undefined;
    key += `${part}\n`;
  }
  return key;
}

function setKeyOf(item: Json): string | undefined {
  return typeof item === 'object' ? undefined : JSON.stringify(item);
}

export function noteDuplicates(walk: SchemaWalk, node: SchemaNode, items: readonly Json[]): void {
  const first = new Map<string, number>();
  for (const [index, item] of items.entries()) {
    const key = node.listKeys === undefined ? setKeyOf(item) : keyOf(item, node, walk.types);
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
