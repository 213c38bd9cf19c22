// The checks of the family delivery, in the order of the report.

import type { Check } from '../check.ts';

export const deliveryChecks: readonly Check[] = [];
