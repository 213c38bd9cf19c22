// "Did you mean": the nearest of the known names, or none where nothing is near.

import { closestName, sameButSpelling } from '../kube/schema/similar-names.ts';

/** A slip of the keyboard, another spelling, or the only name that begins with or holds what was written. */
export function suggestName(name: string, known: readonly string[]): string | undefined {
  const near = sameButSpelling(name, known) ?? closestName(name, known);
  if (near !== undefined || name.length < 4) return near;
  const begin = known.filter((each) => each.startsWith(name));
  if (begin.length > 0) return begin[0];
  const holding = known.filter((each) => each.includes(name));
  return holding.length === 1 ? holding[0] : undefined;
}

/** The advice of an error about a name: the suggestion, then where all names are listed. */
export function adviseName(name: string, known: readonly string[], otherwise: string): string {
  const near = suggestName(name, known);
  return near === undefined ? otherwise : `Did you mean ${near}? ${otherwise}`;
}
