// What was seen on the network against what the app declares: what other rooms may use.

export type { Flow, Ignored } from './flow.ts';
export { assembleTraffic } from './join/assemble-traffic.ts';
export {
  type EdgeStatus,
  type PodNote,
  type TrafficEdge,
  type TrafficReport,
  type Window,
} from './report.ts';
export {
  connectionsOf,
  type Failure,
  failingEdges,
  failures,
  hasOneNamespace,
  isSeenThoughBlocked,
  nameOfParty,
  policyWords,
  portWords,
  statusOrder,
  statusWords,
} from './summarize.ts';
export { FlowLines, type FlowReader } from './sources/parse-flows.ts';
export { AddressBook } from './who/address-book.ts';
export type { Party } from './who/party.ts';
export { type PodFact, toPodFact } from './who/pod-facts.ts';
