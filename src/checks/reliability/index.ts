// The checks of the family reliability, in the order of the report.

import type { Check } from '../check.ts';
import { antiAffinityWithoutMatch } from './anti-affinity-without-match.ts';
import { configTooLarge } from './config-too-large.ts';
import { cpuLimitMissing } from './cpu-limit-missing.ts';
import { cpuRequestMissing } from './cpu-request-missing.ts';
import { cronScheduleInvalid } from './cron-schedule-invalid.ts';
import { cronjobConcurrency } from './cronjob-concurrency.ts';
import { cronjobDeadline } from './cronjob-deadline.ts';
import { duplicateEnv } from './duplicate-env.ts';
import { ephemeralStorageLimitMissing } from './ephemeral-storage-limit-missing.ts';
import { gracefulStopDisabled } from './graceful-stop-disabled.ts';
import { hpaAndReplicas } from './hpa-and-replicas.ts';
import { hpaFixedReplicas } from './hpa-fixed-replicas.ts';
import { hpaMinReplicas } from './hpa-min-replicas.ts';
import { hpaWithoutRequests } from './hpa-without-requests.ts';
import { jobNeverRemoved } from './job-never-removed.ts';
import { jobWithoutDeadline } from './job-without-deadline.ts';
import { livenessProbeMissing } from './liveness-probe-missing.ts';
import { memoryLimitMissing } from './memory-limit-missing.ts';
import { memoryRequestMissing } from './memory-request-missing.ts';
import { namespaceWithoutQuota } from './namespace-without-quota.ts';
import { pdbBlocksDrain } from './pdb-blocks-drain.ts';
import { pdbMatchesNothing } from './pdb-matches-nothing.ts';
import { pdbMissing } from './pdb-missing.ts';
import { pdbOverlapping } from './pdb-overlapping.ts';
import { pdbUnhealthyPods } from './pdb-unhealthy-pods.ts';
import { pinnedToNode } from './pinned-to-node.ts';
import { portClash } from './port-clash.ts';
import { prestopOutlastsGrace } from './prestop-outlasts-grace.ts';
import { priorityClassMissing } from './priority-class-missing.ts';
import { probePortUndeclared } from './probe-port-undeclared.ts';
import { probesIdentical } from './probes-identical.ts';
import { readinessProbeMissing } from './readiness-probe-missing.ts';
import { releaseTakesAllDown } from './release-takes-all-down.ts';
import { requestAboveLimit } from './request-above-limit.ts';
import { restartPolicyNotAllowed } from './restart-policy-not-allowed.ts';
import { rollbackImpossible } from './rollback-impossible.ts';
import { selectorMismatch } from './selector-mismatch.ts';
import { singleReplica } from './single-replica.ts';
import { startupProbeMissing } from './startup-probe-missing.ts';
import { topologySpreadMissing } from './topology-spread-missing.ts';

export const reliabilityChecks: readonly Check[] = [
  readinessProbeMissing,
  livenessProbeMissing,
  startupProbeMissing,
  probesIdentical,
  probePortUndeclared,
  singleReplica,
  hpaMinReplicas,
  hpaFixedReplicas,
  hpaAndReplicas,
  hpaWithoutRequests,
  cpuRequestMissing,
  memoryRequestMissing,
  memoryLimitMissing,
  cpuLimitMissing,
  ephemeralStorageLimitMissing,
  requestAboveLimit,
  pdbMissing,
  pdbBlocksDrain,
  pdbMatchesNothing,
  pdbOverlapping,
  pdbUnhealthyPods,
  topologySpreadMissing,
  antiAffinityWithoutMatch,
  releaseTakesAllDown,
  rollbackImpossible,
  selectorMismatch,
  duplicateEnv,
  portClash,
  priorityClassMissing,
  gracefulStopDisabled,
  prestopOutlastsGrace,
  pinnedToNode,
  restartPolicyNotAllowed,
  cronScheduleInvalid,
  cronjobConcurrency,
  cronjobDeadline,
  jobNeverRemoved,
  jobWithoutDeadline,
  namespaceWithoutQuota,
  configTooLarge,
];
