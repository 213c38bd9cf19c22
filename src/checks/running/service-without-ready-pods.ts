// Finds Services whose pods are there and not ready: every connection to them is refused.

import { type Inventory, LabelIndex, podSelectorOf, readLabels } from '../../inventory/index.ts';
import { type KubeObject } from '../../model/index.ts';
import { liveCheck, metadataOf, specOf, statusOf } from './live-check.ts';
import { isPodReady, troubleOf } from './pod-trouble.ts';

/** By the labels that pods really have, which may differ from those of their template. */
export function livePods(inventory: Inventory): LabelIndex<KubeObject> {
  const pods = inventory.ofKind('/Pod').filter((pod) => {
    const { phase } = statusOf(pod);
    return phase !== 'Succeeded' && phase !== 'Failed' && metadataOf(pod)['deletionTimestamp'] === undefined;
  });
  return new LabelIndex(pods, (pod) => [pod.namespace, readLabels(metadataOf(pod)['labels'])]);
}

export const serviceWithoutReadyPods = liveCheck(
  {
    id: 'service-without-ready-pods',
    family: 'running',
    title: 'Services have a ready pod behind them',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Make the pods behind the Service ready.',
    minutes: 20,
  },
  {
    kinds: ['/Service'],
    applies: (service) =>
      specOf(service)['type'] !== 'ExternalName' && specOf(service)['publishNotReadyAddresses'] !== true,
    find: (service, { inventory }) => {
      const selector = podSelectorOf(service);
      if (selector === undefined) return undefined;
      const pods = inventory.derive(livePods).matching(service.namespace, selector);
      if (pods.length === 0 || pods.some(isPodReady)) return undefined;
      const troubles = pods.flatMap((pod) => troubleOf(pod) ?? []);
      // Pods that have only just been made are told as such with their workload.
      if (!troubles.some(({ lasting }) => lasting)) return undefined;
      const count = pods.length === 1 ? 'its only pod is not ready' : `none of its ${pods.length} pods is ready`;
      return {
        message: `connections to Service "${service.name}" are refused: ${count}`,
        path: ['spec', 'selector'],
        evidence: troubles.find(({ lasting }) => lasting)?.clause ?? '',
      };
    },
  },
);
