// Who may reach whom, from NetworkPolicies: what other rooms may use.

export { compilePolicies, type PolicySet } from './compile-policies.ts';
export {
  completeLabels,
  type Connection,
  type End,
  type KnownLabels,
  nameLabel,
  namespaceLabelsOf,
  type NodeEnd,
  type OutsideEnd,
  type PodEnd,
  type Protocol,
} from './ends.ts';
export {
  isPermitted,
  type Judgement,
  judgeConnection,
  type SideJudgement,
  type SideVerdict,
} from './judge-connection.ts';
export { podEndOf, policiesOf } from './workload-end.ts';
