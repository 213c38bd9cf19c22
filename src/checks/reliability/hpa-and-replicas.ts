// Finds workloads whose own replica count fights with an autoscaler.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

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
      const reference = inventory.referencesFrom(object).find(({ use }) => use === 'scaleTarget');
      const target = reference === undefined ? undefined : inventory.find(reference);
      if (target === undefined || asObject(target.raw['spec'])['replicas'] === undefined) return undefined;
      return {
        message: `each apply resets "${target.name}" to its own replicas, whatever autoscaler "${object.name}" has chosen`,
        path: ['spec', 'scaleTargetRef', 'name'],
        evidence: `${target.kind} ${target.name} sets spec.replicas`,
      };
    },
  },
);
