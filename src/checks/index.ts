// All built-in checks, family by family: the one static list.

import { apiChecks } from './api/index.ts';
import { backupsChecks } from './backups/index.ts';
import type { Check } from './check.ts';
import { controlPlaneChecks } from './control-plane/index.ts';
import { deliveryChecks } from './delivery/index.ts';
import { imagesChecks } from './images/index.ts';
import { minikubeChecks } from './minikube/index.ts';
import { monitoringChecks } from './monitoring/index.ts';
import { networkChecks } from './network/index.ts';
import { rbacChecks } from './rbac/index.ts';
import { referencesChecks } from './references/index.ts';
import { reliabilityChecks } from './reliability/index.ts';
import { runningChecks } from './running/index.ts';
import { secretsChecks } from './secrets/index.ts';
import { storageChecks } from './storage/index.ts';
import { workloadSecurityChecks } from './workload-security/index.ts';

export type { Check, CheckContext, CheckOptions, Question } from './check.ts';
export {
  findDriftedFields,
  isOnlyInCluster,
  isOnlyInFiles,
  mayBeHidden,
  type DriftedField,
} from './delivery/find-drift.ts';
export { canFix, type PlannedChoice, type PlannedFix, planFixes } from './plan-fixes.ts';
export { withholdSecrets } from './delivery/find-drift.ts';
export { troubleOf } from './running/pod-trouble.ts';
export { findSecretText } from './secrets/find-secret-text.ts';
export { tellUnusedEvidence } from './unused-evidence.ts';
export { type ChecksProgress, type CheckOutcome, type CheckResults, runChecks, toSubject } from './run-checks.ts';

export const builtInChecks: readonly Check[] = [
  ...apiChecks,
  ...minikubeChecks,
  ...imagesChecks,
  ...workloadSecurityChecks,
  ...secretsChecks,
  ...rbacChecks,
  ...networkChecks,
  ...referencesChecks,
  ...reliabilityChecks,
  ...storageChecks,
  ...runningChecks,
  ...deliveryChecks,
  ...monitoringChecks,
  ...backupsChecks,
  ...controlPlaneChecks,
];
