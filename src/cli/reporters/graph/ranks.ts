// The order in which people read an app: from the ways in, over workloads, to what they use and may do.

import type { Graph, GraphNode } from '../../../inventory/index.ts';
import { pushTo } from '../../../model/index.ts';
import { visible } from '../../style.ts';

const groups = [
  {
    title: 'Ways in',
    kinds: ['Ingress', 'Gateway', 'HTTPRoute', 'GRPCRoute', 'TLSRoute', 'TCPRoute', 'UDPRoute', 'VirtualService'],
  },
  { title: 'Services', kinds: ['Service'] },
  {
    title: 'Workloads',
    kinds: [
      'Deployment',
      'StatefulSet',
      'DaemonSet',
      'Rollout',
      'CronJob',
      'Job',
      'ReplicaSet',
      'ReplicationController',
      'Pod',
    ],
  },
  {
    title: 'Data and settings',
    kinds: ['ConfigMap', 'Secret', 'PersistentVolumeClaim', 'PersistentVolume', 'StorageClass'],
  },
  {
    title: 'Identities and rights',
    kinds: ['ServiceAccount', 'RoleBinding', 'ClusterRoleBinding', 'Role', 'ClusterRole', 'User', 'Group'],
  },
] as const;

export const groupTitles: readonly string[] = [...groups.map(({ title }) => title), 'Other'];

const places = new Map(
  groups.flatMap(({ kinds }, group) => kinds.map((kind, index) => [kind as string, group * 100 + index] as const)),
);

/** Place of a kind in the order; kinds that are not named come last. */
export function rankOf({ kind }: Pick<GraphNode, 'kind'>): number {
  return places.get(kind) ?? groups.length * 100;
}

/** Index of the kind's group in `groupTitles`. */
export function groupOf(node: Pick<GraphNode, 'kind'>): number {
  return Math.floor(rankOf(node) / 100);
}

/** By group and kind, then by name. */
export function byReading(a: GraphNode, b: GraphNode): number {
  return rankOf(a) - rankOf(b) || (a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0) || (a.name < b.name ? -1 : 1);
}

export function labelOf({ kind, name }: GraphNode): string {
  return visible(`${kind} ${name}`);
}

/** Short names for formats where an id must be a word. */
export function shortIds({ nodes }: Graph): ReadonlyMap<string, string> {
  return new Map(nodes.map(({ id }, index) => [id, `n${index}`]));
}

/** Nodes by namespace, the cluster's own first. */
export function byNamespace(nodes: readonly GraphNode[]): [string, GraphNode[]][] {
  const groupsByName = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    pushTo(groupsByName, node.namespace, node);
  }
  return [...groupsByName].sort(([a], [b]) => (a < b ? -1 : 1));
}
