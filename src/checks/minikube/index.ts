// The checks of the family minikube, in the order of the report.

import type { Check } from '../check.ts';

export const minikubeChecks: readonly Check[] = [];
