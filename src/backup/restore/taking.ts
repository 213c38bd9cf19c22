// Which objects of a backup a restore takes: pure.

import { asObject, asString, type JsonObject } from '../../model/index.ts';
import type { EntryPlace } from '../archive/entry-names.ts';
import type { RestoreWish } from './restore-wish.ts';

type Selecting = RestoreWish['selection'];

function takesScope({ groupResource, namespace }: EntryPlace, selection: Selecting): boolean {
  const { takesNamespace, takesAllNamespaces, includeClusterResources } = selection;
  if (namespace !== '') return takesNamespace(namespace);
  return includeClusterResources ?? (takesAllNamespaces || groupResource === 'persistentvolumes');
}

export function isTaken({ selection, adjust, chosen }: RestoreWish, place: EntryPlace, object: JsonObject): boolean {
  const { groupResource, name } = place;
  // Who names an object means it, whatever else is said of the cluster.
  if (chosen !== undefined) return chosen.takes(place);
  if (adjust?.takes(place, object) === false) return false;
  if (groupResource === 'namespaces') return selection.takesNamespace(name);
  if (!selection.takesResource(groupResource) || !takesScope(place, selection)) return false;
  const rule = selection.rulesOf(groupResource, asString(object['kind']))(place.namespace);
  if (rule === undefined || !rule.takesName(name)) return false;
  const labels = asObject(asObject(object['metadata'])['labels']);
  return rule.selectors.length === 0 || rule.selectors.some((selector) => selector.matches(labels));
}

/**
 * What an object that is taken needs comes along, whatever labels and filters say of it: a claim, and what is of the cluster unless somebody said that
 * nothing of it is. Source: Velero 1.18, additional items.
 */
export function isPulled({ selection, adjust, chosen }: RestoreWish, place: EntryPlace): boolean {
  const { groupResource, namespace } = place;
  if (adjust !== undefined || chosen?.pulls(place) === false || !selection.takesResource(groupResource)) return false;
  return namespace === '' ? selection.includeClusterResources !== false : selection.takesNamespace(namespace);
}
