// The checks of the family running, in the order of the report.

import type { Check } from '../check.ts';
import { addOnUnsupported } from './add-on-unsupported.ts';
import { apiServiceUnavailable } from './api-service-unavailable.ts';
import { autoscalerAtLimit } from './autoscaler-at-limit.ts';
import { autoscalerCannotScale } from './autoscaler-cannot-scale.ts';
import { certificateNotIssued } from './certificate-not-issued.ts';
import { certificateRequestWaits } from './certificate-request-waits.ts';
import { claimPending } from './claim-pending.ts';
import { containerRestarts } from './container-restarts.ts';
import { crdNotServed } from './crd-not-served.ts';
import { cronjobSuspended } from './cronjob-suspended.ts';
import { customObjectNotReady } from './custom-object-not-ready.ts';
import { deletionStuck } from './deletion-stuck.ts';
import { disruptionBudgetExhausted } from './disruption-budget-exhausted.ts';
import { imageTagMoved } from './image-tag-moved.ts';
import { ingressWithoutAddress } from './ingress-without-address.ts';
import { jobFailed } from './job-failed.ts';
import { loadBalancerPending } from './load-balancer-pending.ts';
import { nodeCordoned } from './node-cordoned.ts';
import { nodeLossNotSurvived } from './node-loss-not-survived.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { nodeUnderPressure } from './node-under-pressure.ts';
import { nodesDiffer } from './nodes-differ.ts';
import { podFailed } from './pod-failed.ts';
import { podsOnOneNode } from './pods-on-one-node.ts';
import { quotaNearlyUsed } from './quota-nearly-used.ts';
import { rolloutPaused } from './rollout-paused.ts';
import { routeNotAccepted } from './route-not-accepted.ts';
import { serviceWithoutReadyPods } from './service-without-ready-pods.ts';
import { volumeLeftOver } from './volume-left-over.ts';
import { volumeNotAttached } from './volume-not-attached.ts';
import { volumeSnapshotFailed } from './volume-snapshot-failed.ts';
import { webhookNotAnswering } from './webhook-not-answering.ts';
import { workloadNotReady } from './workload-not-ready.ts';

export const runningChecks: readonly Check[] = [
  workloadNotReady,
  serviceWithoutReadyPods,
  claimPending,
  loadBalancerPending,
  ingressWithoutAddress,
  routeNotAccepted,
  jobFailed,
  cronjobSuspended,
  containerRestarts,
  podFailed,
  imageTagMoved,
  podsOnOneNode,
  autoscalerCannotScale,
  autoscalerAtLimit,
  disruptionBudgetExhausted,
  quotaNearlyUsed,
  rolloutPaused,
  certificateNotIssued,
  customObjectNotReady,
  deletionStuck,
  volumeNotAttached,
  volumeSnapshotFailed,
  volumeLeftOver,
  apiServiceUnavailable,
  webhookNotAnswering,
  certificateRequestWaits,
  crdNotServed,
  nodeNotReady,
  nodeUnderPressure,
  nodeCordoned,
  nodeLossNotSurvived,
  nodesDiffer,
  addOnUnsupported,
];
