// Pods that run or are meant to, by the labels that they really have: those may differ from the ones of their template.

import { type Inventory, LabelIndex, readLabels } from '../../inventory/index.ts';
import type { KubeObject } from '../../model/index.ts';
import { metadataOf, statusOf } from './live-check.ts';

/** For `inventory.derive`: made once for all questions. */
export function livePods(inventory: Inventory): LabelIndex<KubeObject> {
  const pods = inventory.ofKind('/Pod').filter((pod) => {
    const { phase } = statusOf(pod);
    return phase !== 'Succeeded' && phase !== 'Failed' && metadataOf(pod)['deletionTimestamp'] === undefined;
  });
  return new LabelIndex(pods, (pod) => [pod.namespace, readLabels(metadataOf(pod)['labels'])]);
}
