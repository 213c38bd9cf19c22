// All guard rails, family by family: the one static list.

import { imagesRails } from '../images/guard-rails.ts';
import { minikubeRails } from '../minikube/guard-rails.ts';
import { networkRails } from '../network/guard-rails.ts';
import { rbacRails } from '../rbac/guard-rails.ts';
import { reliabilityRails } from '../reliability/guard-rails.ts';
import { secretsRails } from '../secrets/guard-rails.ts';
import { storageRails } from '../storage/guard-rails.ts';
import { workloadSecurityRails } from '../workload-security/guard-rails.ts';
import type { GuardRail } from './guard-rail.ts';

export {
  assemblePolicies,
  policyName,
  type PolicyWish,
  type RailAction,
  type RailPolicy,
} from './assemble-policies.ts';
export { findCustomPodKinds, findRepeatedPods, withCustomKinds } from './custom-kinds.ts';
export type { RailException } from './exemption.ts';
export type { GuardRail } from './guard-rail.ts';
export { requestFor } from './rail-request.ts';

export const builtInRails: readonly GuardRail[] = [
  ...workloadSecurityRails,
  ...imagesRails,
  ...minikubeRails,
  ...secretsRails,
  ...rbacRails,
  ...networkRails,
  ...reliabilityRails,
  ...storageRails,
];
