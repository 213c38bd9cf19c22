// Finds autoscalers that want more pods than they may have.

import { asNumber } from '../../model/index.ts';
import { countIn, findCondition, liveCheck, specOf, statusOf } from './live-check.ts';

export const autoscalerAtLimit = liveCheck(
  {
    id: 'autoscaler-at-limit',
    family: 'running',
    title: 'Autoscalers have room to scale',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Raise maxReplicas, or make the pods do more.',
    minutes: 15,
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    find: (object) => {
      const limited = findCondition(object, 'ScalingLimited');
      const max = countIn(specOf(object), 'maxReplicas');
      // One that may not scale at all is another check's.
      if ((asNumber(specOf(object)['minReplicas']) ?? 1) >= max) return undefined;
      if (limited?.status !== 'True' || limited.reason !== 'TooManyReplicas') return undefined;
      return {
        message: `autoscaler "${object.name}" wants more than the ${max} pods that it may have: the load is higher than planned`,
        path: ['spec', 'maxReplicas'],
        evidence: `ScalingLimited is True, TooManyReplicas; ${countIn(statusOf(object), 'currentReplicas')} pods run`,
      };
    },
  },
);
