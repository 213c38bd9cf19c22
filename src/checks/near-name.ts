// The one name that was probably meant, where a name leads to nothing.

import { closestName, sameButSpelling } from '../kube/schema/similar-names.ts';

/** The candidate that is a slip away from the name; nothing where two are, or none. */
export function nearName(name: string, candidates: Iterable<string>): string | undefined {
  const others = new Set([...candidates].filter((each) => each !== name && each !== ''));
  const near = sameButSpelling(name, others) ?? closestName(name, others);
  if (near === undefined) return undefined;
  others.delete(near);
  return closestName(name, others) === undefined ? near : undefined;
}
