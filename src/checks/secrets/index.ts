// The checks of the family secrets, in the order of the report.

import type { Check } from '../check.ts';

export const secretsChecks: readonly Check[] = [];
