// The checks of the family monitoring, in the order of the report.

import type { Check } from '../check.ts';

export const monitoringChecks: readonly Check[] = [];
