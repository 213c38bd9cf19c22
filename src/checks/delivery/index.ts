// The checks of the family delivery, in the order of the report.

import type { Check } from '../check.ts';
import { notPackaged } from './not-packaged.ts';
import { progressiveDeliveryMissing } from './progressive-delivery-missing.ts';
import { recommendedLabelsMissing } from './recommended-labels-missing.ts';

export const deliveryChecks: readonly Check[] = [notPackaged, recommendedLabelsMissing, progressiveDeliveryMissing];
