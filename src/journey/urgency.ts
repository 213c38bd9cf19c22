// Which of two failing checks should be done first.

import type { Judged } from './judged.ts';

const weight = { critical: 27, high: 9, medium: 3, low: 1 } as const;

/** Worth of a step: how bad the gap is, per hour of work. Ten minutes are the price of starting anything. */
function worth({ meta, severity }: Judged): number {
  return weight[severity] / (meta.minutes + 10);
}

/** Lowest level first, then the most worth for an hour, then the most subjects; names at last, so that the order never depends on chance. */
export function compareUrgency(a: Judged, b: Judged): number {
  return (
    a.meta.level - b.meta.level ||
    worth(b) - worth(a) ||
    b.outcome.failed - a.outcome.failed ||
    (a.meta.id < b.meta.id ? -1 : 1)
  );
}
