// The checks of the family network, in the order of the report.

import type { Check } from '../check.ts';

export const networkChecks: readonly Check[] = [];
