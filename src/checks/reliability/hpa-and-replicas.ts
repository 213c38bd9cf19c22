// Finds workloads whose own replica count fights with an autoscaler.

import type { Inventory } from '../../inventory/index.ts';
import { asObject, type KubeObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

function targetOf(object: KubeObject, inventory: Inventory): KubeObject | undefined {
  const reference = inventory.referencesFrom(object).find(({ use }) => use === 'scaleTarget');
  return reference === undefined ? undefined : inventory.find(reference);
}

export const hpaAndReplicas = objectCheck(
  {
    id: 'hpa-and-replicas',
    family: 'reliability',
    title: 'An autoscaled workload leaves its count to the autoscaler',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Remove spec.replicas from the workload that the autoscaler scales.',
    minutes: 5,
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    find: (object, { inventory }) => {
      const target = targetOf(object, inventory);
      if (target === undefined || asObject(target.raw['spec'])['replicas'] === undefined) return undefined;
      return {
        message: `each apply resets "${target.name}" to its own replicas, whatever autoscaler "${object.name}" has chosen`,
        path: ['spec', 'scaleTargetRef', 'name'],
        evidence: `${target.kind} ${target.name} sets spec.replicas`,
      };
    },
    fix: (object, _diagnostic, { inventory }) => {
      const target = targetOf(object, inventory);
      if (target === undefined) return undefined;
      return offer(
        way(
          {
            id: 'leave-to-autoscaler',
            title: `Remove replicas from ${target.kind} "${target.name}"`,
            consequence:
              'where it was applied with the number before, the first apply without it leaves one pod until the autoscaler acts: `kubectl apply edit-last-applied` without the field, before that, avoids it',
          },
          { others: [{ object: target, edits: [{ op: 'remove', path: ['spec', 'replicas'] }] }] },
        ),
      );
    },
  },
);
