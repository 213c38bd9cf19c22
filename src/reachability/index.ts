// Who may reach whom, from NetworkPolicies: what other rooms may use.

export { adminPolicyKinds } from './compile-admin-policies.ts';
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
export { isPermitted, type Judgement, judgeConnection } from './judge-connection.ts';
export type { RuleRef } from './judge-admin.ts';
export type { SideJudgement, SideVerdict } from './judge-side.ts';
export { compilePoliciesFor, podEndOf, policiesOf, policyObjects } from './workload-end.ts';
export {
  Connections,
  type Edge,
  findConnections,
  ingressController,
} from './engine/connections.ts';
export type { Graded } from './engine/grades.ts';
export type { WorkloadParty } from './engine/parties.ts';
export { type AddressRange, rangeId } from './engine/ranges.ts';
export { type WayIn, waysInOf } from './engine/ways-in.ts';
export {
  allPorts,
  edgeWords,
  hasPort,
  listPorts,
  meetPorts,
  noPorts,
  type PortSet,
  portRange,
  portWords,
  type ProtocolPorts,
  unitePorts,
  withoutPorts,
} from './ports/port-set.ts';
export { assembleReport, type ConnectionsReport, type ReportEdge, type UnknownEdge } from './report/report.ts';
export type { Exposure } from './report/exposure.ts';
export { type Grouped, type GroupedEdge, groupParties, type PartyGroup } from './report/groups.ts';
export { namesOf } from './report/names.ts';
export { type AskedPort, type ExplainedSide, type Explanation, explainConnection } from './report/explain.ts';
export { findEnd, type Named, pickServicePort, portsBetween, workloadOf } from './report/find-end.ts';
export { compareConnections, type ConnectionsDiff, isSameNetwork } from './report/compare.ts';
