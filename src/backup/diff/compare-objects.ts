// What differs between two looks at one object, as far as it can be known. Pure.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { isSealed } from '../seal/seal-secrets.ts';
import { diffFields, type FieldChange } from './field-diff.ts';
import { normalizeObject } from './normalize.ts';

export interface Compared {
  readonly fields: readonly FieldChange[];
  /** It was deleted and made again: its identity is another. */
  readonly recreated: boolean;
  /** The values of a Secret were not compared: they are encrypted, and look otherwise each time. */
  readonly sealed: boolean;
}

function withoutValues(object: JsonObject): JsonObject {
  const { data: _data, ...rest } = object;
  const { annotations: _annotations, ...metadata } = asObject(object['metadata']);
  return { ...rest, metadata };
}

function uidOf(object: JsonObject): string {
  return asString(asObject(object['metadata'])['uid']) ?? '';
}

export function compareObjects(before: JsonObject, after: JsonObject, keepStatus: boolean): Compared {
  const sealed = isSealed(before) || isSealed(after);
  const open = sealed ? withoutValues : (object: JsonObject) => object;
  const fields = diffFields(normalizeObject(open(before), keepStatus), normalizeObject(open(after), keepStatus));
  return { fields, recreated: uidOf(before) !== uidOf(after), sealed };
}
