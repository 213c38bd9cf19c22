// The checks of the family rbac, in the order of the report.
import type { Check } from '../check.ts';
import { aggregatedRoleDangerous } from './aggregated-role-dangerous.ts';
import { anonymousSubject } from './anonymous-subject.ts';
import { authenticatedSubject } from './authenticated-subject.ts';
import { automountToken } from './automount-token.ts';
import { canBecomeAdmin } from './can-become-admin.ts';
import { clusterAdminBinding } from './cluster-admin-binding.ts';
import { corednsWrite } from './coredns-write.ts';
import { csrApprove } from './csr-approve.ts';
import { defaultAccountBound } from './default-account-bound.ts';
import { defaultAccountUsed } from './default-account-used.ts';
import { deprecatedServiceAccountField } from './deprecated-service-account-field.ts';
import { eventsDelete } from './events-delete.ts';
import { impersonate } from './impersonate.ts';
import { longLivedTokenSecret } from './long-lived-token-secret.ts';
import { mastersSubject } from './masters-subject.ts';
import { nodesProxy } from './nodes-proxy.ts';
import { persistentVolumeCreate } from './persistent-volume-create.ts';
import { podsAttach } from './pods-attach.ts';
import { podsCreate } from './pods-create.ts';
import { podsEphemeralContainers } from './pods-ephemeral-containers.ts';
import { podsExec } from './pods-exec.ts';
import { podsPortForward } from './pods-port-forward.ts';
import { resourceNamesWithCreate } from './resource-names-with-create.ts';
import { roleMissing } from './role-missing.ts';
import { rolesBind } from './roles-bind.ts';
import { rolesEscalate } from './roles-escalate.ts';
import { secretsRead } from './secrets-read.ts';
import { statusWrite } from './status-write.ts';
import { subjectMissing } from './subject-missing.ts';
import { tokenCreate } from './token-create.ts';
import { tokenSecretListed } from './token-secret-listed.ts';
import { webhookWrite } from './webhook-write.ts';
import { wildcardGroups } from './wildcard-groups.ts';
import { wildcardResources } from './wildcard-resources.ts';
import { wildcardVerbs } from './wildcard-verbs.ts';
import { workloadCanBecomeAdmin } from './workload-can-become-admin.ts';
import { workloadsWrite } from './workloads-write.ts';
import { roleUnused } from './role-unused.ts';

export const rbacChecks: readonly Check[] = [
  clusterAdminBinding,
  workloadCanBecomeAdmin,
  canBecomeAdmin,
  wildcardResources,
  wildcardVerbs,
  wildcardGroups,
  aggregatedRoleDangerous,
  anonymousSubject,
  authenticatedSubject,
  automountToken,
  corednsWrite,
  csrApprove,
  defaultAccountBound,
  defaultAccountUsed,
  deprecatedServiceAccountField,
  eventsDelete,
  impersonate,
  longLivedTokenSecret,
  mastersSubject,
  nodesProxy,
  persistentVolumeCreate,
  podsAttach,
  podsCreate,
  podsEphemeralContainers,
  podsExec,
  podsPortForward,
  resourceNamesWithCreate,
  roleMissing,
  rolesBind,
  rolesEscalate,
  secretsRead,
  statusWrite,
  subjectMissing,
  tokenCreate,
  roleUnused,
  tokenSecretListed,
  webhookWrite,
  workloadsWrite,
];
