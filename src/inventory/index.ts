import type { KubeObject, Path, Position } from '../model/index.ts';
import type { Inventory } from './inventory.ts';

export {
  type Arrival,
  arrivalsOf,
  callsAmongPods,
  callsOf,
  type CallSource,
  type DeclaredCall,
} from './calls/declared-calls.ts';
export { type Resolved, resolveHost } from './calls/resolve-host.ts';
export { isHeadless, namedPorts, type ServicePort, servicePorts } from './calls/service-ports.ts';
export { assembleGraph, type Graph, type GraphEdge, type GraphNode } from './graph.ts';
export { createInventory, type Inventory, type Knowledge, podSelectorOf } from './inventory.ts';
export { allCarriers, type Carriage, carriageOf, type Carrier } from './entrances/find-carriers.ts';
export { classVariables } from './entrances/known-controllers.ts';
export { keepClassWords } from './entrances/read-settings.ts';
export { type AdmissionFacts, findAdmission } from './cluster-facts/admission.ts';
export {
  type Component,
  findComponents,
  type Flags,
  parseFlags,
  programName,
} from './cluster-facts/control-plane.ts';
export { type ClusterPicture, dnsPrograms, pictureCluster } from './cluster-facts/index.ts';
export {
  findMonitoring,
  type PrometheusFacts,
  scraperPrograms,
  selects,
  type Selection,
} from './cluster-facts/monitoring.ts';
export { findNetwork } from './cluster-facts/network.ts';
export { findNodes, isReady, isVirtualNode, type NodeFacts } from './cluster-facts/nodes.ts';
export { findSystemSupport } from './cluster-facts/operating-systems.ts';
export { findProvider, type ProviderFacts } from './cluster-facts/provider.ts';
export { hasAny } from './cluster-facts/signatures.ts';
export { type ClusterView, type Program, type Tri, viewOf } from './cluster-facts/view.ts';
export { headlineOf } from './cluster-facts/headline.ts';
export { reaches, webhookKinds, webhooksOf } from './cluster-facts/webhooks.ts';
export { followPath } from './follow-path.ts';
export { LabelIndex } from './label-index.ts';
export { type Controller, controllerOf } from './owner.ts';
export { asWritten, ownObjects } from './own-objects.ts';
export { prepareInventory } from './prepare-inventory.ts';
export type { Reference, ReferenceTarget } from './reference.ts';
export { traceObject } from './trace-object.ts';
export type { Watched } from './unseen-kinds.ts';
export { isScraped, monitoredServices, monitoredWorkloads, podMonitorKinds, serviceMonitorKinds } from './scraping.ts';
export { autoscalersOf, isReplicated, minimumReplicas } from './scaling.ts';
export {
  isBatch,
  type Labels,
  labelsOfPods,
  readLabels,
  toWorkloads,
  type Workload,
  workloadKinds,
} from './workload.ts';

/** The user's place for a field of an object, or for its nearest parent that exists. Many questions: `positions.ofAll`. */
export function positionOf(inventory: Inventory, object: KubeObject, path: Path): Position {
  return inventory.positions.of(object, path);
}
export { Positions } from './positions.ts';
