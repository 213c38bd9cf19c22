// Network policies from declared calls and observed traffic: what other rooms may use.

export { type Answers, parseAnswer } from './answers.ts';
export { isOurs } from './assemble-policies.ts';
export type { WrittenPolicy } from './written-policy.ts';
export { type Audit, auditPolicies } from './audit-policies.ts';
export { chooseSelectors, type SelectorChoice } from './choose-selector.ts';
export { type Inferred, inferPolicies } from './infer-policies.ts';
export type { Cut, Decision } from './need.ts';
export type { Line, Proof } from './prove.ts';
export type { StandIn } from './rehearsal/copy.ts';
export { type LiveRehearsalPlan, planLiveRehearsal } from './rehearsal/plan-live.ts';
export { planRehearsal, type RehearsalPlan } from './rehearsal/plan-rehearsal.ts';
export type { Probe } from './rehearsal/probes.ts';
export type { WrittenRule } from './rules.ts';
export type { ApiEndpoints } from './platform.ts';
export type { Evidence } from './subject.ts';
