// Whose fields are whose in an object that comes back (`metadata.managedFields`): pure.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { removeAt } from './edit-object.ts';

export interface Managers {
  /** Who is said to create the object; nothing where nobody is known. */
  readonly first: string | undefined;
  /** What must be said afterwards: empty where the create says it all. */
  readonly later: readonly JsonObject[];
}

/**
 * One manager who wrote the whole object by creates and updates is its creator again. Several, or one who applied, are written back afterwards, because a
 * later apply goes by them. Managers of the status are left out: it is written anew. Source: Kubernetes 1.34, which gives all fields of a create to its sender.
 */
export function managersOf(object: JsonObject): Managers {
  const own = ownEntries(object);
  const names = new Set(own.map(({ manager }) => asString(manager) ?? ''));
  const isCreator = names.size === 1 && own.every(({ operation }) => operation === 'Update');
  const [first] = names;
  if (first !== undefined && first !== '' && isCreator) return { first, later: [] };
  return { first: undefined, later: own };
}

function ownEntries(object: JsonObject): readonly JsonObject[] {
  const entries = asArray(asObject(object['metadata'])['managedFields']).map(asObject);
  return entries.filter(({ subresource }) => subresource === undefined || subresource === '');
}

/**
 * Whether a restore that was cut off made the object, and did not come to say whose its fields are: `creator` still has them, and none of those who should.
 */
export function isCutOff(live: JsonObject, wanted: JsonObject, creator: string): boolean {
  const { later } = managersOf(wanted);
  const names = new Set(ownEntries(live).map(({ manager }) => asString(manager) ?? ''));
  return later.length > 0 && names.has(creator) && later.every(({ manager }) => !names.has(asString(manager) ?? ''));
}

export function withoutManagers(object: JsonObject): JsonObject {
  return removeAt(object, ['metadata', 'managedFields']);
}
