// Objects that look at pods by their labels, and so see a stand-in too: Services, budgets and autoscalers.

import { type Inventory, labelsOfPods, podSelectorOf, type Workload } from '../../../inventory/index.ts';
import { asObject, type KubeObject } from '../../../model/index.ts';

function selecting(inventory: Inventory, kind: string, workload: Workload): KubeObject[] {
  const labels = labelsOfPods(workload);
  return inventory
    .ofKind(kind)
    .filter(
      (object) => object.namespace === workload.object.namespace && podSelectorOf(object)?.matches(labels) === true,
    );
}

/** A Service that sends traffic to pods that are not ready: a stand-in would get some. */
export function selectingUnready(inventory: Inventory, workload: Workload): KubeObject | undefined {
  return selecting(inventory, '/Service', workload).find(
    ({ raw }) => asObject(raw['spec'])['publishNotReadyAddresses'] === true,
  );
}

function nameOf({ kind, namespace, name }: KubeObject): string {
  return `${kind} ${namespace}/${name}`;
}

function scalerOf(inventory: Inventory, { object }: Workload): KubeObject | undefined {
  return inventory.ofKind('autoscaling/HorizontalPodAutoscaler').find(({ namespace, raw }) => {
    const { kind, name } = asObject(asObject(raw['spec'])['scaleTargetRef']);
    return namespace === object.namespace && kind === object.kind && name === object.name;
  });
}

/**
 * What a stand-in means for them, each as a sentence. Sources: disruption controller (a pod whose controller has no scale fails the budget, which
 * then allows no eviction), horizontal pod autoscaler (pods that are not ready count as idle where more are wanted).
 */
export function findBystanders(
  inventory: Inventory,
  held: readonly Workload[],
  hasStandIn: (workload: Workload) => boolean,
): string[] {
  return held.flatMap((workload) => {
    const unready = selectingUnready(inventory, workload);
    if (unready !== undefined)
      return [
        `nobody stands in for ${nameOf(workload.object)}: ${nameOf(unready)} sends traffic to pods that are not ready`,
      ];
    if (!hasStandIn(workload)) return [];
    const budgets = selecting(inventory, 'policy/PodDisruptionBudget', workload);
    const scaler = scalerOf(inventory, workload);
    return [
      ...budgets.map((each) => `${nameOf(each)} allows no eviction meanwhile: it cannot count a stand-in`),
      ...(scaler === undefined
        ? []
        : [`${nameOf(scaler)} may add pods a little later: it sees one more that is not ready`]),
    ];
  });
}
