// The checks of the family backups, in the order of the report.

import type { Check } from '../check.ts';

export const backupsChecks: readonly Check[] = [];
