// The name that a person probably meant.

/** Longest difference that still counts as a slip: short names are close to each other by chance. */
function allowedDistance(name: string): number {
  if (name.length <= 4) return 1;
  return name.length <= 8 ? 2 : 3;
}

function nextRow(
  previous: readonly number[],
  beforePrevious: readonly number[] | undefined,
  letters: [string, string, number],
): number[] {
  const [a, b, row] = letters;
  const current = [row];
  for (let column = 1; column <= b.length; column += 1) {
    const same = a[row - 1] === b[column - 1];
    let best = Math.min(
      (previous[column] ?? 0) + 1,
      (current[column - 1] ?? 0) + 1,
      (previous[column - 1] ?? 0) + (same ? 0 : 1),
    );
    const swapped = beforePrevious !== undefined && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
    if (swapped) best = Math.min(best, (beforePrevious[column - 2] ?? best) + 1);
    current.push(best);
  }
  return current;
}

/** Letters added, left out, replaced or swapped with the next one (optimal string alignment). */
export function editDistance(a: string, b: string): number {
  let beforePrevious: number[] | undefined;
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row += 1) {
    const current = nextRow(previous, beforePrevious, [a, b, row]);
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length] ?? 0;
}

/** Letters only, in lower case and singular: `Image-Pull_Secret` and `imagePullSecrets` are one. */
function plainForm(name: string): string {
  return name
    .toLowerCase()
    .replace(/[-_.\s]/g, '')
    .replace(/s$/, '');
}

/** The candidate that differs only in case, plural or separators. */
export function sameButSpelling(name: string, candidates: Iterable<string>): string | undefined {
  const wanted = plainForm(name);
  for (const candidate of candidates) if (plainForm(candidate) === wanted) return candidate;
  return undefined;
}

/** The candidate within a slip or two; the first of equally close ones. */
export function closestName(name: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let distance = allowedDistance(name) + 1;
  const wanted = name.toLowerCase();
  for (const candidate of candidates) {
    if (Math.abs(candidate.length - name.length) >= distance) continue;
    const each = editDistance(wanted, candidate.toLowerCase());
    if (each >= distance) continue;
    best = candidate;
    distance = each;
  }
  return best;
}
