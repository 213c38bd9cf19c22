// Whether a pod that is not ready stays so: for a reason that waiting does not cure, or because it has had its time.

import { asObject, asString, type KubeObject } from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { findCondition, metadataOf, statusOf } from './live-check.ts';
import { readContainers, troubleOf } from './pod-trouble.ts';
import { minutesSince } from './seen-at.ts';

/** After this long, what still starts does not start any more: the time that a Deployment is given by default. */
const patience = 10;

/** A pod is not ready from when it is made. Where that began after its containers did, it has been ready in between. */
function wasReady(pod: KubeObject, since: string): boolean {
  const starts = readContainers(statusOf(pod)['containerStatuses']).map(
    ({ state }) => asString(asObject(state['running'])['startedAt']) ?? '',
  );
  // Times of the API are all written alike: text order is their order.
  return starts.length > 0 && starts.every((start) => start !== '' && start < since);
}

export function hasLastingTrouble(pod: KubeObject, context: CheckContext): boolean {
  const trouble = troubleOf(pod);
  if (trouble === undefined) return false;
  const since = findCondition(pod, 'Ready')?.since ?? '';
  const began = since === '' ? metadataOf(pod)['creationTimestamp'] : since;
  return trouble.lasting || wasReady(pod, since) || minutesSince(context, began) >= patience;
}
