// "Did you mean": names close to one that does not exist.

/** Rows of the distance table that the next row is computed from. */
interface Rows {
  readonly before: readonly number[];
  readonly previous: readonly number[];
  readonly current: readonly number[];
}

const impossible = 1000;

function cheapestStep(left: string, right: string, { before, previous, current }: Rows): number {
  const at = current.length;
  const replaced = left.at(-1) === right.at(-1) ? 0 : 1;
  const isSwap = left.length > 1 && at > 1 && left.at(-1) === right.at(-2) && left.at(-2) === right.at(-1);
  return Math.min(
    (previous[at] ?? impossible) + 1,
    (current[at - 1] ?? impossible) + 1,
    (previous[at - 1] ?? impossible) + replaced,
    isSwap ? (before[at - 2] ?? impossible) + 1 : impossible,
  );
}

/** Edits (insert, delete, replace, swap neighbours) from `a` to `b`. */
export function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const current = [i];
    for (let j = 1; j <= b.length; j += 1)
      current.push(cheapestStep(a.slice(0, i), b.slice(0, j), { before, previous, current }));
    before = previous;
    previous = current;
  }
  return previous[b.length] ?? impossible;
}

function withoutExtension(name: string): string {
  return name.replace(/\.(ya?ml|json)$/i, '');
}

/** Up to three of `names` that a person may have meant by `wanted`, nearest first. */
export function findNearNames(wanted: string, names: readonly string[]): string[] {
  const target = withoutExtension(wanted.toLowerCase());
  const limit = target.length < 4 ? 1 : 2;
  const ranked = names.map((name) => ({
    name,
    distance: editDistance(target, withoutExtension(name.toLowerCase())),
  }));
  return ranked
    .filter(({ distance }) => distance <= limit)
    .sort((a, b) => a.distance - b.distance || (a.name < b.name ? -1 : 1))
    .slice(0, 3)
    .map(({ name }) => name);
}
