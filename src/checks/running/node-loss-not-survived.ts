// Finds clusters whose pods do not fit any more when one node fails.

import { type ClusterView, findNodes, viewOf } from '../../inventory/index.ts';
import { parseQuantity, quantityToNumber } from '../../kube/quantities.ts';
import { asArray, asObject, asString, type Json, type KubeObject } from '../../model/index.ts';
import { appCheck } from '../check.ts';
import { metadataOf, specOf, statusOf } from './live-check.ts';
import { isOpenNode } from './pods-on-one-node.ts';

type Resource = 'cpu' | 'memory';

function toNumber(value: Json | undefined): number {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
  return quantity === undefined ? 0 : quantityToNumber(quantity);
}

/** A lower bound: init containers and overhead may make it more. Requests of the pod as a whole stand for those of its containers. */
function requestOf(pod: KubeObject, resource: Resource): number {
  const { containers, resources } = specOf(pod);
  const whole = asObject(asObject(resources)['requests'])[resource];
  if (whole !== undefined) return toNumber(whole);
  return asArray(containers).reduce<number>(
    (sum, each) => sum + toNumber(asObject(asObject(asObject(each)['resources'])['requests'])[resource]),
    0,
  );
}

/** Each node has its own pod of a DaemonSet, and its own static pods: those are not moved. */
function isMoved(pod: KubeObject): boolean {
  const { phase } = statusOf(pod);
  const owners = asArray(metadataOf(pod)['ownerReferences']).map((owner) => asObject(owner)['kind']);
  return phase !== 'Succeeded' && phase !== 'Failed' && !owners.includes('DaemonSet') && !owners.includes('Node');
}

function roomOf(node: KubeObject, resource: Resource): number {
  return toNumber(asObject(statusOf(node)['allocatable'])[resource]);
}

/** Nodes that take any pod; those of kwok are no machines. */
function nodesOf(view: ClusterView): readonly KubeObject[] {
  const machines = new Set(
    findNodes(view)
      .nodes.filter(({ virtual }) => !virtual)
      .map(({ name }) => name),
  );
  return view.objects('/Node').filter((node) => isOpenNode(node) && machines.has(node.name));
}

interface Shortage {
  readonly resource: Resource;
  readonly asked: number;
  readonly left: number;
}

function shortageOf(
  nodes: readonly KubeObject[],
  pods: readonly KubeObject[],
  resource: Resource,
): Shortage | undefined {
  const rooms = nodes.map((node) => roomOf(node, resource));
  const asked = pods.reduce((sum, pod) => sum + requestOf(pod, resource), 0);
  const left = rooms.reduce((sum, room) => sum + room, 0) - Math.max(...rooms);
  return asked > left ? { resource, asked, left } : undefined;
}

function tell({ resource, asked, left }: Shortage): string {
  const [size, unit] = resource === 'cpu' ? [1, 'cores'] : [2 ** 30, 'GiB'];
  return `${resource}: ${(asked / size).toFixed(1)} ${unit} requested, ${(left / size).toFixed(1)} without the largest node`;
}

export const nodeLossNotSurvived = appCheck(
  {
    id: 'node-loss-not-survived',
    family: 'running',
    title: 'All pods fit when a node fails',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Add a node, let a cluster autoscaler do it, or lower requests to what the pods use.',
    minutes: 60,
  },
  {
    // Sums tell something only where all pods and several nodes are known.
    applies: ({ inventory }) => {
      const view = viewOf(inventory);
      return view.live && view.saw('/Pod') && nodesOf(view).length > 1;
    },
    find: ({ inventory }) => {
      const view = viewOf(inventory);
      const nodes = nodesOf(view);
      const names = new Set(nodes.map(({ name }) => name));
      const pods = view
        .objects('/Pod')
        .filter((pod) => isMoved(pod) && names.has(asString(specOf(pod)['nodeName']) ?? ''));
      const short = (['cpu', 'memory'] as const).flatMap((resource) => shortageOf(nodes, pods, resource) ?? []);
      if (short.length === 0) return undefined;
      return {
        message: `when the largest of ${nodes.length} nodes fails, not all pods fit on the others: some stay pending`,
        evidence: short.map(tell).join('; '),
      };
    },
  },
);
