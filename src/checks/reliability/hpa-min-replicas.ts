// Finds autoscalers that may scale down to one pod.

import { asNumber, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

export const hpaMinReplicas = objectCheck(
  {
    id: 'hpa-min-replicas',
    family: 'reliability',
    title: 'Autoscalers keep at least two pods',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Set minReplicas to two or more.',
    minutes: 5,
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    find: ({ name, raw }) => {
      const declared = asObject(raw['spec'])['minReplicas'];
      const minimum = asNumber(declared) ?? 1;
      if (minimum >= 2) return undefined;
      return {
        message: `autoscaler "${name}" may leave a single pod, and then the next drain or crash is an outage`,
        path: ['spec', 'minReplicas'],
        evidence: declared === undefined ? 'minReplicas is not set, which means 1' : `minReplicas is ${minimum}`,
      };
    },
    fix: ({ raw }, { path = [] }) => {
      const maximum = asNumber(asObject(raw['spec'])['maxReplicas']) ?? 0;
      return maximum < 2 ? undefined : [{ op: 'set', path, value: 2 }];
    },
  },
);
