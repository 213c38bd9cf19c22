// A fix that somebody decided on.

import type { PlannedFix } from '../../checks/index.ts';

/** A fix that is to be made, with the choice that was taken. */
export interface DecidedFix extends PlannedFix {
  readonly choice?: string;
}
