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
export { meshQueries } from './sources/prometheus.ts';
export type { ByteOrder, Socket } from './sources/parse-sockets.ts';
export { planSampling, type SamplingTarget } from './sources/plan-sampling.ts';
export { type SamplingMethod, samplingMethods } from './sources/sampling-methods.ts';
export { renderOwnFlows } from './sources/render-own-flows.ts';
export { type PodSamples, socketsToFlows } from './sources/sockets-to-flows.ts';
export { changesWithin, jobRunsWithin } from './sources/window-changes.ts';
export { FlowLines, type FlowReader } from './sources/parse-flows.ts';
export { AddressBook } from './who/address-book.ts';
export { layOut } from './layout/lay-out.ts';
export { objectParty, type Party } from './who/party.ts';
export { type PodFact, toPodFact } from './who/pod-facts.ts';
