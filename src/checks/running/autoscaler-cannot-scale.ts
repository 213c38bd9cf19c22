// Finds autoscalers that say of themselves that they cannot scale.

import { findMonitoring, viewOf } from '../../inventory/index.ts';
import type { CheckContext } from '../check.ts';
import { type Condition, findCondition, liveCheck, tellCondition } from './live-check.ts';
import { minutesSince, onceItLasts } from './seen-at.ts';

/** Scaled to zero by hand: the autoscaler rests, as is documented. */
const deliberate = 'ScalingDisabled';

/** Numbers of pods that have only just started are missing for a while. */
const patience = 5;

function isOfNumbers(reason: string): boolean {
  return /^FailedGet\w*Metric/.test(reason);
}

/** A cluster without the metrics API has a check of its own. */
function isToldElsewhere({ reason }: Condition, { inventory }: CheckContext): boolean {
  return reason === 'FailedGetResourceMetric' && findMonitoring(viewOf(inventory)).metricsApi.served === false;
}

export const autoscalerCannotScale = liveCheck(
  {
    id: 'autoscaler-cannot-scale',
    family: 'running',
    title: 'Autoscalers can scale',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Give the autoscaler what its condition names: the target, the requests of its pods, or the metric.',
    minutes: 20,
  },
  {
    kinds: ['autoscaling/HorizontalPodAutoscaler'],
    find: (object, context) => {
      const wrong = ['AbleToScale', 'ScalingActive']
        .flatMap((type) => findCondition(object, type) ?? [])
        .filter((each) => each.status === 'False' && each.reason !== deliberate && !isToldElsewhere(each, context));
      if (wrong.length === 0) return undefined;
      const settled = wrong.some(
        ({ reason, since }) => !isOfNumbers(reason) || minutesSince(context, since) >= patience,
      );
      return onceItLasts(settled, {
        message: `autoscaler "${object.name}" does not scale: the number of pods stays as it is, whatever the load`,
        path: ['status', 'conditions'],
        evidence: wrong.map(tellCondition).join('; '),
      });
    },
  },
);
