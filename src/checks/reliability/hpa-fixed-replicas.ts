// Finds autoscalers whose bounds leave no choice.

import { asNumber, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { numberOf } from '../questions.ts';

export const hpaFixedReplicas = objectCheck(
  {
    id: 'hpa-fixed-replicas',
    family: 'reliability',
    title: 'Autoscalers have room to scale',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Set maxReplicas above minReplicas, or remove the autoscaler.',
    minutes: 5,
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    find: ({ name, raw }) => {
      const spec = asObject(raw['spec']);
      const minimum = asNumber(spec['minReplicas']) ?? 1;
      const maximum = asNumber(spec['maxReplicas']);
      if (maximum === undefined || maximum > minimum) return undefined;
      const message =
        maximum === minimum
          ? `autoscaler "${name}" can only ever choose ${maximum} pods`
          : `autoscaler "${name}" has a maximum below its minimum and is refused by the API server`;
      return { message, path: ['spec', 'maxReplicas'], evidence: `minReplicas ${minimum}, maxReplicas ${maximum}` };
    },
    fix: ({ raw }, { path = [] }) => {
      const minimum = asNumber(asObject(raw['spec'])['minReplicas']) ?? 1;
      return offer(
        asking(
          {
            id: 'name-maximum',
            title: 'Give the autoscaler room',
            consequence: 'under load up to this many pods run, and are paid for',
          },
          numberOf('largest number of pods', minimum + 1, minimum + 1),
          (answer) => [{ op: 'set', path, value: Number(answer) }],
        ),
      );
    },
  },
);
