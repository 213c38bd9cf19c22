// Which objects of a backup somebody wants to see: by namespace, kind, name and label.

import { parseResource } from '../../kube/resources.ts';
import { compileSelector } from '../../kube/selectors.ts';
import { asObject, type JsonObject, UserError } from '../../model/index.ts';
import { groupResourceOf } from '../archive/entry-names.ts';
import { compileGlobs } from '../collect/match-glob.ts';
import type { ObjectPlace } from './saved-objects.ts';

export interface ObjectFilter {
  /** Globs; empty for all, objects of the cluster too. */
  readonly namespaces?: readonly string[];
  /** As kubectl takes them: `deploy`, `deployments.apps`, `Deployment`; empty for all. */
  readonly kinds?: readonly string[];
  /** A glob. */
  readonly name?: string | undefined;
  /** A `LabelSelector`. */
  readonly labels?: JsonObject | undefined;
}

/** The kind too, where it is known before the object is read. */
export type FilteredPlace = ObjectPlace & { readonly kind?: string };

export interface CompiledFilter {
  readonly takesPlace: (place: FilteredPlace) => boolean;
  readonly takesObject: (object: JsonObject) => boolean;
  /** Nothing but the place decides, so that no object need be read. */
  readonly isByPlace: boolean;
}

/** `Widget` names widgets, and `policy` policies, before any object of them was read. */
function pluralsOf(singular: string): readonly string[] {
  return [singular, `${singular}s`, `${singular}es`, singular.replace(/y$/, 'ies')];
}

function isNamed(word: string, groupResource: string, kind: string | undefined): boolean {
  const name = word.toLowerCase();
  if (name === groupResource || name === kind?.toLowerCase()) return true;
  if (pluralsOf(name).includes(groupResource.split('.')[0] ?? '')) return true;
  const known = parseResource(name);
  return known !== undefined && groupResource === groupResourceOf(known);
}

/** True for objects of one of the kinds. No word takes all. */
export function compileKinds(words: readonly string[]): (place: FilteredPlace) => boolean {
  if (words.length === 0) return () => true;
  return ({ groupResource, kind }) => words.some((word) => isNamed(word, groupResource, kind));
}

/** Throws `UserError` for a glob or a selector that is none. */
export function compileObjectFilter({ namespaces = [], kinds = [], name, labels }: ObjectFilter): CompiledFilter {
  const inNamespace = namespaces.length === 0 ? () => true : compileGlobs(namespaces);
  const hasName = name === undefined ? () => true : compileGlobs([name]);
  const hasKind = compileKinds(kinds);
  const selector = labels === undefined ? undefined : compileSelector(labels);
  if (selector?.invalid !== undefined)
    throw new UserError('invalid-option', `the label selector: ${selector.invalid}`, 'Write it as for kubectl -l.');
  return {
    takesPlace: (place) => inNamespace(place.namespace) && hasName(place.name) && hasKind(place),
    takesObject: (object) =>
      selector === undefined || selector.matches(asObject(asObject(object['metadata'])['labels'])),
    isByPlace: selector === undefined,
  };
}
