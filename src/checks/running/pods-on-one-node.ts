// Finds workloads with several pods that all run on the same node while there are others.

import { type Inventory, viewOf } from '../../inventory/index.ts';
import { asArray, asObject, asString, type KubeObject } from '../../model/index.ts';
import { findCondition, liveCheck, specOf } from './live-check.ts';
import { isAnsweredFor, wantedPods } from './owned.ts';
import { isPodReady } from './pod-trouble.ts';

/** True where any pod may go. */
export function isOpenNode(node: KubeObject): boolean {
  const { unschedulable, taints } = specOf(node);
  const closed = asArray(taints).some((taint) => asObject(taint)['effect'] !== 'PreferNoSchedule');
  return unschedulable !== true && !closed && findCondition(node, 'Ready')?.status === 'True';
}

function openNodes(inventory: Inventory): readonly KubeObject[] {
  return viewOf(inventory).objects('/Node').filter(isOpenNode);
}

/** Tied to certain nodes on purpose: another check asks about that. */
function isTied(pod: KubeObject): boolean {
  const { nodeSelector, affinity } = specOf(pod);
  return nodeSelector !== undefined || asObject(affinity)['nodeAffinity'] !== undefined;
}

export const podsOnOneNode = liveCheck(
  {
    id: 'pods-on-one-node',
    family: 'running',
    title: 'Pods of a workload run on more than one node',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation:
      'Spread the pods with topologySpreadConstraints over kubernetes.io/hostname, and restart the workload.',
    minutes: 10,
  },
  {
    kinds: ['apps/Deployment', 'apps/StatefulSet'],
    applies: (object, { inventory }) => !isAnsweredFor(inventory, object),
    find: (object, { inventory }) => {
      const pods = wantedPods(inventory, object).filter(isPodReady);
      const nodes = new Set(pods.map((pod) => asString(specOf(pod)['nodeName']) ?? ''));
      if (pods.length < 2 || nodes.size > 1 || pods.some(isTied)) return undefined;
      const open = inventory.derive(openNodes).length;
      if (open < 2) return undefined;
      return {
        message: `all ${pods.length} pods of ${object.kind} "${object.name}" run on the node "${[...nodes].join('')}": when it fails, none is left`,
        path: ['spec', 'template', 'spec'],
        evidence: `${open} nodes take pods`,
      };
    },
  },
);
