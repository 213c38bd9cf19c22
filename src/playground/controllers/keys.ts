// Keys that controllers look at after an event.

import { asString, type JsonObject } from '../../model/index.ts';
import { controllerOf, nameOf, namespaceOf } from '../objects/edit.ts';
import { keyOf, type StoreEvent } from '../store/store.ts';

export function keyOfObject(object: JsonObject): string {
  return keyOf(namespaceOf(object), nameOf(object));
}

/** The key of the controller of an object, where that is of this kind. */
function controllerKey(object: JsonObject | undefined, kind: string): string[] {
  const owner = object === undefined ? undefined : controllerOf(object);
  if (object === undefined || owner?.['kind'] !== kind) return [];
  return [keyOf(namespaceOf(object), asString(owner['name']) ?? '')];
}

/** Keys of a controller whose objects are `resource` of `kind`, and whose dependents are of `dependent`. */
export function workloadKeys(resource: string, kind: string, dependent: string): (event: StoreEvent) => string[] {
  return ({ resource: changed, object, previous }) => {
    if (changed === resource) return [keyOfObject(object)];
    return changed === dependent ? [...controllerKey(object, kind), ...controllerKey(previous, kind)] : [];
  };
}
