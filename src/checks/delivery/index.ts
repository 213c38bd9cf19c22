// The checks of the family delivery, in the order of the report.

import type { Check } from '../check.ts';
import { fieldDrifted } from './field-drifted.ts';
import { notApplied } from './not-applied.ts';
import { notDeclared } from './not-declared.ts';
import { notPackaged } from './not-packaged.ts';
import { progressiveDeliveryMissing } from './progressive-delivery-missing.ts';
import { recommendedLabelsMissing } from './recommended-labels-missing.ts';

export const deliveryChecks: readonly Check[] = [
  notPackaged,
  recommendedLabelsMissing,
  fieldDrifted,
  notApplied,
  notDeclared,
  progressiveDeliveryMissing,
];
