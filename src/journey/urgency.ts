// Which of two failing checks should be done first.

import type { CheckOutcome } from '../checks/run-checks.ts';
import type { CheckMeta } from '../model/index.ts';

const weight = { critical: 27, high: 9, medium: 3, low: 1 } as const;

/** Worth of a step: how bad the gap is, per hour of work. */
function worth(meta: CheckMeta): number {
  return weight[meta.severity] / (meta.minutes + 10);
}

export function compareUrgency(
  a: { readonly meta: CheckMeta; readonly outcome: CheckOutcome },
  b: { readonly meta: CheckMeta; readonly outcome: CheckOutcome },
): number {
  return (
    a.meta.level - b.meta.level ||
    worth(b.meta) - worth(a.meta) ||
    b.outcome.failed - a.outcome.failed ||
    a.meta.id.localeCompare(b.meta.id)
  );
}
