// The checks of the family api, in the order of the report.

import type { Check } from '../check.ts';

export const apiChecks: readonly Check[] = [];
