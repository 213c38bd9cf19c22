// Bindings with their roles as an authorizer takes them: with their namespace, and with the rules that a role has in the cluster.

import { asObject, type JsonObject } from '../../model/index.ts';
import type { Inventory } from '../inventory.ts';
import { type Binding, rulesOf } from './bindings.ts';

/** The binding, and its role where the rules are known: of the input, built in, or put together from others. */
export function bindingObjects(inventory: Inventory, { object, role, scope }: Binding): JsonObject[] {
  // A file may leave the namespace to whoever applies it.
  const place = scope === '' ? {} : { namespace: scope };
  const binding = { ...object.raw, metadata: { ...asObject(object.raw['metadata']), ...place } };
  const rules = rulesOf(inventory, role);
  if (rules === undefined) return [binding];
  const { kind, namespace, name } = role;
  const metadata = namespace === '' ? { name } : { name, namespace };
  return [binding, { kind, metadata, rules: rules.map((rule) => ({ ...rule })) }];
}
