// What holds a break-in where it is: how strictly pods of a namespace can be judged.

export {
  type Blocker,
  findStandings,
  type Standing,
  type StandingLevel,
} from './pod-security/find-standings.ts';
export { type LabelStep, nextLevel, planLabels, rankOf, withPrefix } from './pod-security/plan-labels.ts';
export { findBreakingPods } from './pod-security/breaking-pods.ts';
export { findPlaces, type Places } from './sensitive/find-places.ts';
export type { Reason } from './sensitive/find-reasons.ts';
export { findSensitive, type Holds, type SensitiveWorkload } from './sensitive/find-sensitive.ts';
export { type IsolationStep, planIsolation } from './sensitive/plan-isolation.ts';
export { storesPresent } from './secrets/external-stores.ts';
export { findSecrets, type SecretUse, type SecretView } from './secrets/find-secrets.ts';
export { planSecrets, type SecretStep } from './secrets/plan-secrets.ts';
export { findSignatureEngines } from './signatures/find-engines.ts';
export { assembleSignaturePolicy, type SignatureEngine, type Signer } from './signatures/signature-policy.ts';
