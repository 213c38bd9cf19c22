// The checks of the family workload-security, in the order of the report.

import type { Check } from '../check.ts';
import { privilegedContainer } from './privileged-container.ts';

export const workloadSecurityChecks: readonly Check[] = [privilegedContainer];
