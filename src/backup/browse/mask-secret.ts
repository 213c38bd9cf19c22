// What may be shown of an object: of a Secret its keys, and no value. Pure.

import { asObject, isJsonObject, type Json, type JsonObject } from '../../model/index.ts';

export const hidden = '(hidden)';

export function isSecret({ kind, apiVersion }: JsonObject): boolean {
  return kind === 'Secret' && apiVersion === 'v1';
}

function hideEach(value: Json | undefined): JsonObject {
  return Object.fromEntries(Object.keys(asObject(value)).map((key) => [key, hidden]));
}

/** Tools keep copies of a whole object in its annotations: those that hold more than a word are hidden too. */
function hideCopies(annotations: Json | undefined): JsonObject {
  const entries = Object.entries(asObject(annotations)).map(([key, value]): [string, Json | undefined] => [
    key,
    typeof value === 'string' && /[{[]/.test(value) ? hidden : value,
  ]);
  return Object.fromEntries(entries);
}

/** Keys of a Secret stay, what they hold does not; any other object is returned as it is. */
export function maskSecret(object: JsonObject): JsonObject {
  if (!isSecret(object)) return object;
  const metadata = asObject(object['metadata']);
  const masked: Record<string, Json | undefined> = { ...object };
  for (const field of ['data', 'stringData']) if (isJsonObject(object[field])) masked[field] = hideEach(object[field]);
  if (isJsonObject(metadata['annotations']))
    masked['metadata'] = { ...metadata, annotations: hideCopies(metadata['annotations']) };
  return masked;
}
