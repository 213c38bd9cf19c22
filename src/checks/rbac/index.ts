// The checks of the family rbac, in the order of the report.

import type { Check } from '../check.ts';

export const rbacChecks: readonly Check[] = [];
