// Secrets that the app reads and no file holds any more after its fixes: somebody makes them before it runs.

import { createInventory, type Inventory, type Reference } from '../../inventory/index.ts';
import { asArray, asObject, asString, type Snapshot, valueAt } from '../../model/index.ts';

/** A Secret that is to be made by hand, or by a store of secrets. */
export interface SecretToMake {
  readonly namespace: string;
  readonly name: string;
  /** Keys that are read; none where the whole Secret is. */
  readonly keys: readonly string[];
  /** What reads it, as `Deployment web`. */
  readonly readBy: readonly string[];
}

/** Secrets of these uses have keys of their own kind. Source: types of Secrets, Kubernetes 1.34. */
const keysOfUse: Readonly<Record<string, readonly string[]>> = {
  tls: ['tls.crt', 'tls.key'],
  imagePullSecret: ['.dockerconfigjson'],
};

function keysOf({ key, use, path, from }: Reference): readonly string[] {
  if (key !== undefined) return [key];
  const items = asArray(asObject(valueAt(from.raw, path.slice(0, -1)))['items']);
  return keysOfUse[use] ?? items.flatMap((item) => asString(asObject(item)['key']) ?? []);
}

function wantedOf(inventory: Inventory): Reference[] {
  return inventory.references.filter(
    (reference) => reference.kind === 'Secret' && !reference.optional && inventory.find(reference) === undefined,
  );
}

function idOf({ namespace, name }: Reference): string {
  return `${namespace}/${name}`;
}

function sorted(texts: readonly string[]): string[] {
  return [...new Set(texts)].toSorted();
}

/** Those that were wanted before already are nothing new; with another key they are. */
export function findSecretsToMake(before: Snapshot, after: Snapshot): SecretToMake[] {
  const known = new Set(
    wantedOf(createInventory(before)).flatMap((each) => [
      idOf(each),
      ...keysOf(each).map((key) => `${idOf(each)} ${key}`),
    ]),
  );
  const wanted = wantedOf(createInventory(after));
  const isNew = (id: string, keys: readonly string[]): boolean =>
    !known.has(id) || keys.some((key) => !known.has(`${id} ${key}`));
  return sorted(wanted.map(idOf)).flatMap((id): SecretToMake[] => {
    const own = wanted.filter((each) => idOf(each) === id);
    const [first] = own;
    const keys = sorted(own.flatMap(keysOf));
    if (first === undefined || !isNew(id, keys)) return [];
    const readBy = sorted(own.map(({ from }) => `${from.kind} ${from.name}`));
    return [{ namespace: first.namespace, name: first.name, keys, readBy }];
  });
}
