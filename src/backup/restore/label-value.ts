// Names as values of labels.

import { sha256Of } from '../layout/sha256.ts';

const longest = 63;
const marked = 6;

/** A label holds 63 characters; a longer name is cut and ends with a piece of its hash. Source: Velero 1.18, label.GetValidName. */
export function labelValueOf(name: string): string {
  if (name.length <= longest) return name;
  const hash = sha256Of(name);
  return name.slice(0, longest - marked) + hash.slice(0, marked);
}
