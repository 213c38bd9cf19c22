// Which objects of a backup a restore takes: pure.

import { asObject, type JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { RestoreWish } from './restore-wish.ts';

type Selecting = RestoreWish['selection'];

function takesScope({ groupResource, namespace }: EntryPlace, selection: Selecting): boolean {
  const { takesNamespace, takesAllNamespaces, includeClusterResources } = selection;
  if (namespace !== '') return takesNamespace(namespace);
  return includeClusterResources ?? (takesAllNamespaces || groupResource === 'persistentvolumes');
}

export function isTaken({ selection, adjust }: RestoreWish, place: EntryPlace, object: JsonObject): boolean {
  const { groupResource, name } = place;
  if (groupResource === 'namespaces') return selection.takesNamespace(name);
  if (adjust?.takes(place, object) === false) return false;
  if (!selection.takesResource(groupResource) || !takesScope(place, selection)) return false;
  const labels = asObject(asObject(object['metadata'])['labels']);
  return selection.selectors.length === 0 || selection.selectors.some((selector) => selector.matches(labels));
}

/** What an object that is taken needs of the cluster comes along, unless somebody said that nothing of the cluster does. Source: Velero 1.18, additional items. */
export function isPulled({ selection, adjust }: RestoreWish, { groupResource }: EntryPlace): boolean {
  return adjust === undefined && selection.includeClusterResources !== false && selection.takesResource(groupResource);
}
