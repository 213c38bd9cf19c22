// The checks of the family references, in the order of the report.

import type { Check } from '../check.ts';
import { claimMissing } from './claim-missing.ts';
import { classMissing } from './class-missing.ts';
import { configKeyMissing } from './config-key-missing.ts';
import { configmapMissing } from './configmap-missing.ts';
import { configmapUnused } from './configmap-unused.ts';
import { duplicateObject } from './duplicate-object.ts';
import { gatewayMissing } from './gateway-missing.ts';
import { headlessServiceMissing } from './headless-service-missing.ts';
import { routeBackendMissing } from './route-backend-missing.ts';
import { scaleTargetMissing } from './scale-target-missing.ts';
import { secretMissing } from './secret-missing.ts';
import { serviceAccountMissing } from './service-account-missing.ts';
import { serviceSelectsNothing } from './service-selects-nothing.ts';
import { serviceTargetPortMissing } from './service-target-port-missing.ts';
import { volumeMissing } from './volume-missing.ts';
import { volumeUnused } from './volume-unused.ts';
import { webhookServiceMissing } from './webhook-service-missing.ts';

export const referencesChecks: readonly Check[] = [
  configmapMissing,
  secretMissing,
  serviceAccountMissing,
  claimMissing,
  classMissing,
  scaleTargetMissing,
  gatewayMissing,
  routeBackendMissing,
  configKeyMissing,
  serviceSelectsNothing,
  serviceTargetPortMissing,
  headlessServiceMissing,
  volumeMissing,
  volumeUnused,
  configmapUnused,
  duplicateObject,
  webhookServiceMissing,
];
