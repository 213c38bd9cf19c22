// The checks of the family images, in the order of the report.

import type { Check } from '../check.ts';

export const imagesChecks: readonly Check[] = [];
