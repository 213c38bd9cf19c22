// What a cluster offers to keep workloads apart: pools of nodes with their taints, and runtimes that are sandboxes.

import { type Inventory, isVirtualNode, readLabels } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';

export interface NodePool {
  /** Label that names it: `eks.amazonaws.com/nodegroup=blue`. */
  readonly label: readonly [key: string, value: string];
  readonly nodes: number;
  /** Taints that all of its nodes have: `dedicated=data:NoSchedule`. */
  readonly taints: readonly string[];
}

export interface Sandbox {
  readonly name: string;
  readonly handler: string;
}

export interface Places {
  /** False where nodes may not be listed, or only files were read. */
  readonly sawNodes: boolean;
  /** Nodes that run pods of everybody, without those of the control plane. */
  readonly workers: number;
  readonly pools: readonly NodePool[];
  readonly sawRuntimes: boolean;
  readonly sandboxes: readonly Sandbox[];
}

/** Labels by which providers and tools name their pools. Sources: the providers' manuals. */
const poolLabels = [
  'eks.amazonaws.com/nodegroup',
  'alpha.eksctl.io/nodegroup-name',
  'karpenter.sh/nodepool',
  'cloud.google.com/gke-nodepool',
  'kubernetes.azure.com/agentpool',
  'doks.digitalocean.com/node-pool',
  'k8s.scaleway.com/pool-name',
  'node.kubernetes.io/pool',
];

/** Handlers that run a pod in a kernel of its own. */
const sandboxHandler = /runsc|gvisor|kata|firecracker|cloud-hypervisor|quark|edera/i;

function taintsOf({ raw }: KubeObject): string[] {
  return asArray(asObject(raw['spec'])['taints'])
    .map(asObject)
    .map(
      ({ key, value, effect }) =>
        `${asString(key) ?? ''}${value === undefined ? '' : `=${asString(value) ?? ''}`}:${asString(effect) ?? ''}`,
    );
}

function isControlPlane(labels: Readonly<Record<string, string>>, taints: readonly string[]): boolean {
  const role = 'node-role.kubernetes.io/control-plane';
  return labels[role] !== undefined && taints.some((taint) => taint.startsWith(role));
}

function poolsOf(nodes: readonly KubeObject[]): NodePool[] {
  const groups = new Map<string, { label: readonly [string, string]; taints: string[][] }>();
  for (const node of nodes) {
    const labels = readLabels(asObject(node.raw['metadata'])['labels']);
    const key = poolLabels.find((name) => labels[name] !== undefined);
    if (key === undefined) continue;
    const label = [key, labels[key] ?? ''] as const;
    const group = groups.get(label.join('=')) ?? { label, taints: [] };
    group.taints.push(taintsOf(node));
    groups.set(label.join('='), group);
  }
  return [...groups.values()].map(({ label, taints }) => {
    const [first = [], ...rest] = taints;
    return { label, nodes: taints.length, taints: first.filter((taint) => rest.every((each) => each.includes(taint))) };
  });
}

export function findPlaces(inventory: Inventory): Places {
  const { cluster } = inventory.snapshot.facts;
  const hidden = new Set((cluster?.notListed ?? []).map(({ kind }) => kind));
  const isLive = cluster !== undefined;
  const nodes = inventory.glimpse('/Node').filter((node) => !isVirtualNode(node));
  const workers = nodes.filter(
    (node) => !isControlPlane(readLabels(asObject(node.raw['metadata'])['labels']), taintsOf(node)),
  );
  const sandboxes = inventory.glimpse('node.k8s.io/RuntimeClass').flatMap(({ name, raw }) => {
    const handler = asString(raw['handler']) ?? '';
    return sandboxHandler.test(handler) ? { name, handler } : [];
  });
  return {
    sawNodes: isLive && !hidden.has('Node') && nodes.length > 0,
    workers: workers.length,
    pools: poolsOf(workers),
    sawRuntimes: isLive && !hidden.has('RuntimeClass'),
    sandboxes,
  };
}
