// The checks of the family references, in the order of the report.

import type { Check } from '../check.ts';

export const referencesChecks: readonly Check[] = [];
