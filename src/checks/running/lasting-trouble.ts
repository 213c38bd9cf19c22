// Whether a pod that is not ready stays so: for a reason that waiting does not cure, or because it has had its time.

import type { KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { findCondition, metadataOf } from './live-check.ts';
import { troubleOf } from './pod-trouble.ts';
import { minutesSince } from './seen-at.ts';

/** After this long, what still starts does not start any more: the time that a Deployment is given by default. */
const patience = 10;

/** By the time since which it has not been ready, for a pod may have been ready before. */
export function hasLastingTrouble(pod: KubeObject, context: CheckContext): boolean {
  const trouble = troubleOf(pod);
  if (trouble === undefined) return false;
  const since = findCondition(pod, 'Ready')?.since || metadataOf(pod)['creationTimestamp'];
  return trouble.lasting || minutesSince(context, since) >= patience;
}
