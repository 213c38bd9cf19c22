// The checks of the family storage, in the order of the report.

import type { Check } from '../check.ts';

export const storageChecks: readonly Check[] = [];
