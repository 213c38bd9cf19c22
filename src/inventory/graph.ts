// The app as a graph: who leads to whom, from the way in (Ingress, Gateway route) to identities and their rights.

import type { KubeObject } from '../model/index.ts';
import type { Inventory } from './inventory.ts';
import { traceObject } from './trace-object.ts';

export interface GraphNode {
  /** `kind/namespace/name`, unique in the graph. */
  readonly id: string;
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** False for something that is named and not in the input. */
  readonly present: boolean;
  /** Where an object of a cluster says that it comes from. */
  readonly madeBy?: string;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  /** What the edge is for: `backend`, `selects`, `env`, `volume`, `serviceAccount`, … */
  readonly use: string;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

interface Named {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

function idOf({ kind, namespace, name }: Named): string {
  return `${kind}/${namespace}/${name}`;
}

class GraphBuilder {
  private readonly nodes = new Map<string, GraphNode>();
  private readonly edges = new Map<string, GraphEdge>();

  add({ kind, namespace, name }: Named, present: boolean, madeBy?: string): void {
    const id = idOf({ kind, namespace, name });
    const known = this.nodes.get(id);
    if (known !== undefined && (known.present || !present)) return;
    this.nodes.set(id, { id, kind, namespace, name, present, ...(madeBy === undefined ? {} : { madeBy }) });
  }

  connect(from: Named, to: Named, use: string): void {
    const edge = { from: idOf(from), to: idOf(to), use };
    this.edges.set(`${edge.from} ${edge.to} ${use}`, edge);
  }

  build(): Graph {
    const byId = (a: GraphNode, b: GraphNode): number => (a.id < b.id ? -1 : 1);
    return { nodes: [...this.nodes.values()].sort(byId), edges: [...this.edges.values()] };
  }
}

const selecting = ['/Service', 'networking.k8s.io/NetworkPolicy', 'policy/PodDisruptionBudget'];

/** All objects of the input and everything they name, with the edges between them. */
export function assembleGraph(inventory: Inventory): Graph {
  const builder = new GraphBuilder();
  for (const object of inventory.objects)
    builder.add(object, true, object.source.origin.kind === 'cluster' ? traceObject(object) : undefined);
  for (const reference of inventory.references) {
    // A binding leads from the account to the role, so that the way of rights reads in one direction.
    if (reference.use === 'subject') {
      builder.add(reference, inventory.find(reference) !== undefined);
      builder.connect(reference, reference.from, 'bound by');
      continue;
    }
    builder.add(reference, inventory.find(reference) !== undefined);
    builder.connect(reference.from, reference, reference.use);
  }
  const connectSelected = (object: KubeObject): void => {
    for (const workload of inventory.workloadsSelectedBy(object)) builder.connect(object, workload.object, 'selects');
  };
  for (const kind of selecting) for (const object of inventory.ofKind(kind)) connectSelected(object);
  return builder.build();
}
