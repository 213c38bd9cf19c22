// Three-valued truth: what is not known stays unknown until it cannot matter any more.

/** `undefined` is "not known". */
export type Known = boolean | undefined;

export function allOf(values: Iterable<Known>): Known {
  let result: Known = true;
  for (const value of values) {
    if (value === false) return false;
    if (value === undefined) result = undefined;
  }
  return result;
}

export function anyOf(values: Iterable<Known>): Known {
  let result: Known = false;
  for (const value of values) {
    if (value === true) return true;
    if (value === undefined) result = undefined;
  }
  return result;
}
