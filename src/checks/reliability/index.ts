// The checks of the family reliability, in the order of the report.

import type { Check } from '../check.ts';

export const reliabilityChecks: readonly Check[] = [];
