// The finished answer to "who reaches whom?": a plain value, `nowwhat.dev/connections/v1`.

import { findNetwork, type Inventory, type Tri, viewOf } from '../../inventory/index.ts';
import type { Connections, Edge } from '../engine/connections.ts';
import { listPorts, type PortSet, withoutPorts } from '../ports/port-set.ts';
import type { Protocol } from '../ends.ts';
import { type Exposure, findExposure } from './exposure.ts';
import { UnknownReasons } from './why-unknown.ts';

export interface ReportEdge {
  /** `namespace/name[Kind]`, `10.0.0.0-10.255.255.255[External]` or `{ingress-controller}`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: Protocol | 'All';
  /** `8080` and `10053-10054`; absent for all ports. */
  readonly ports?: readonly string[];
}

/** Ports of which the input does not tell whether they are open. */
export interface UnknownEdge extends ReportEdge {
  /** True where the edges hold them, as if what the input does not tell were not there. */
  readonly assumedOpen: boolean;
  readonly why: string;
}

export interface ConnectionsReport {
  readonly schema: 'nowwhat.dev/connections/v1';
  /** Context of the cluster, or the files. */
  readonly source: string;
  /** Whether the cluster holds anybody to the policies, with the reason. */
  readonly enforcement: { readonly enforced: Tri; readonly why: string };
  /** Objects that decide. */
  readonly policies: number;
  readonly workloads: readonly string[];
  /** What is open as the input stands; one entry for each protocol. */
  readonly edges: readonly ReportEdge[];
  readonly unknown: readonly UnknownEdge[];
  readonly exposure: readonly Exposure[];
}

function toEdges({ from, to }: Pick<Edge, 'from' | 'to'>, ports: PortSet): ReportEdge[] {
  return listPorts(ports).map((each) => ({ from, to, ...each }));
}

function unknownOf(reasons: UnknownReasons, edge: Edge): UnknownEdge[] {
  const { sure, read, possible } = edge.ports;
  return [
    { ports: withoutPorts(read, sure), assumedOpen: true },
    { ports: withoutPorts(possible, read), assumedOpen: false },
  ].flatMap(({ ports, assumedOpen }) => {
    if (ports.length === 0) return [];
    const why = reasons.of(edge, ports);
    return toEdges(edge, ports).map((each) => ({ ...each, assumedOpen, why }));
  });
}

export function sourceOf({ snapshot: { facts } }: Inventory): string {
  return facts.cluster?.context ?? facts.inputs.join(' ');
}

export function enforcementOf(inventory: Inventory): ConnectionsReport['enforcement'] {
  const { enforcesPolicies, why } = findNetwork(viewOf(inventory));
  return { enforced: enforcesPolicies, why };
}

/** Edges by caller and called; what is unknown follows the same order. */
export function assembleReport(found: Connections): ConnectionsReport {
  const { inventory, set } = found;
  const all = [...found.edges()].sort(byEnds);
  const reasons = new UnknownReasons(found);
  const own = [...set.byNamespace.values()].reduce((sum, policies) => sum + policies.length, 0);
  return {
    schema: 'nowwhat.dev/connections/v1',
    source: sourceOf(inventory),
    enforcement: enforcementOf(inventory),
    policies: own + set.admin.flat().length + set.baseline.flat().length + set.others.length,
    workloads: found.workloads.map(({ id }) => id),
    edges: all.flatMap((edge) => toEdges(edge, edge.ports.read)),
    unknown: all.flatMap((edge) => unknownOf(reasons, edge)),
    exposure: findExposure(found),
  };
}

function byEnds(a: Edge, b: Edge): number {
  if (a.from !== b.from) return a.from < b.from ? -1 : 1;
  return a.to === b.to ? 0 : a.to < b.to ? -1 : 1;
}
