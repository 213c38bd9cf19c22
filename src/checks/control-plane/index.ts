// The checks of the family control-plane, in the order of the report.

import type { Check } from '../check.ts';

export const controlPlaneChecks: readonly Check[] = [];
