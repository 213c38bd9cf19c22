// The checks of the family api, in the order of the report.

import type { Check } from '../check.ts';
import { apiDeprecated } from './api-deprecated.ts';
import { apiNotYetServed } from './api-not-yet-served.ts';
import { apiRemoved } from './api-removed.ts';
import { duplicateKey } from './duplicate-key.ts';
import { duplicateListEntry } from './duplicate-list-entry.ts';
import { invalidField } from './invalid-field.ts';
import { labelInvalid } from './label-invalid.ts';
import { missingField } from './missing-field.ts';
import { nameInvalid } from './name-invalid.ts';
import { nameMissing } from './name-missing.ts';
import { namespaceIgnored } from './namespace-ignored.ts';
import { unknownField } from './unknown-field.ts';
import { unknownKind } from './unknown-kind.ts';

export const apiChecks: readonly Check[] = [
  unknownField,
  invalidField,
  missingField,
  duplicateListEntry,
  unknownKind,
  apiRemoved,
  apiDeprecated,
  apiNotYetServed,
  duplicateKey,
  nameMissing,
  nameInvalid,
  labelInvalid,
  namespaceIgnored,
];
