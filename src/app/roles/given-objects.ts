// Roles and bindings that count as given when others are inferred.

import type { Inventory } from '../../inventory/index.ts';
import { bindingObjects } from '../../inventory/rights/binding-objects.ts';
import { allBindings, type Binding, isBootstrapped } from '../../inventory/rights/bindings.ts';
import { rightsOfEverybody } from '../../kube/rbac-defaults.ts';
import { isSameJson, type JsonObject } from '../../model/index.ts';

export interface GivenWish {
  /** What the bindings of the input give counts as given. */
  readonly onTop: boolean;
  /** Counts on nothing, not even on the rights that every cluster gives to everybody. */
  readonly alone: boolean;
}

/** Groups that everybody is in. Bindings that Kubernetes makes for its own parts matter to nobody else. */
function isForEverybody({ subjects }: Binding): boolean {
  const groups = ['system:authenticated', 'system:unauthenticated', 'system:serviceaccounts'];
  return subjects.some(({ kind, name }) => kind === 'Group' && groups.includes(name));
}

/** What Kubernetes gives by itself counts as the cluster has it, where that was read. */
export function givenObjects(inventory: Inventory | undefined, { onTop, alone }: GivenWish): readonly JsonObject[] {
  const bindings = inventory === undefined ? [] : allBindings(inventory);
  const made = bindings.filter((binding) => isBootstrapped(binding.object) && isForEverybody(binding));
  const own = onTop ? bindings.filter(({ object }) => !isBootstrapped(object)) : [];
  const objects = (list: readonly Binding[]): JsonObject[] =>
    inventory === undefined ? [] : list.flatMap((binding) => bindingObjects(inventory, binding));
  const defaults = made.length > 0 ? objects(made) : rightsOfEverybody;
  return unique([...(alone ? [] : defaults), ...objects(own)]);
}

/** A role that several bindings name comes once. */
function unique(objects: readonly JsonObject[]): JsonObject[] {
  return objects.filter((object, index) => objects.findIndex((each) => isSameJson(each, object)) === index);
}
