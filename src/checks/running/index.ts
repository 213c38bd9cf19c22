// The checks of the family running, in the order of the report.

import type { Check } from '../check.ts';
import { apiServiceUnavailable } from './api-service-unavailable.ts';
import { autoscalerCannotScale } from './autoscaler-cannot-scale.ts';
import { claimPending } from './claim-pending.ts';
import { crdNotServed } from './crd-not-served.ts';
import { disruptionBudgetExhausted } from './disruption-budget-exhausted.ts';
import { jobFailed } from './job-failed.ts';
import { loadBalancerPending } from './load-balancer-pending.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { nodeUnderPressure } from './node-under-pressure.ts';
import { serviceWithoutReadyPods } from './service-without-ready-pods.ts';
import { workloadNotReady } from './workload-not-ready.ts';

export const runningChecks: readonly Check[] = [
  workloadNotReady,
  serviceWithoutReadyPods,
  claimPending,
  loadBalancerPending,
  jobFailed,
  autoscalerCannotScale,
  disruptionBudgetExhausted,
  apiServiceUnavailable,
  crdNotServed,
  nodeNotReady,
  nodeUnderPressure,
];
