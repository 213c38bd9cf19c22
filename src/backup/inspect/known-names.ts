// Advice about a name that a store does not hold: the nearest that it holds, and the first of the others. Pure.

import { closestName, sameButSpelling } from '../../kube/schema/similar-names.ts';

const mostNamed = 5;

/** `names`: the likeliest first. `otherwise`: what is said where there are none. */
export function adviseKnown(name: string, names: readonly string[], otherwise: string): string {
  if (names.length === 0) return otherwise;
  const near = sameButSpelling(name, names) ?? closestName(name, names);
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  const known = `There are ${names.slice(0, mostNamed).join(', ')}${more}.`;
  return near === undefined ? known : `Did you mean ${near}? ${known}`;
}
