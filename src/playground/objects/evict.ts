// Evicts a pod, where its disruption budgets allow it. Source: policy/v1 Eviction.

import { compileSelector } from '../../kube/selectors.ts';
import { asNumber, asObject, type JsonObject, toText } from '../../model/index.ts';
import type { Kernel, Write } from '../kernel.ts';
import { StatusError } from '../status-error.ts';
import { deleteObject } from './delete.ts';
import { labelsOf, nameOf, namespaceOf, specOf, statusOf } from './edit.ts';
import { requireObject, type Target } from './target.ts';

const budgets = 'policy/poddisruptionbudgets';

function budgetsOf({ store }: Kernel, pod: JsonObject): JsonObject[] {
  return store
    .list(budgets)
    .filter((each) => namespaceOf(each) === namespaceOf(pod))
    .filter((each) => compileSelector(specOf(each)['selector']).matches(labelsOf(pod)));
}

function requireAllowance(budget: JsonObject): void {
  const { disruptionsAllowed, desiredHealthy, currentHealthy } = statusOf(budget);
  if ((asNumber(disruptionsAllowed) ?? 0) > 0) return;
  const message = `The disruption budget ${nameOf(budget)} needs ${toText(desiredHealthy)} healthy pods and has ${toText(currentHealthy)} currently`;
  throw new StatusError("Cannot evict pod as it would violate the pod's disruption budget.", {
    code: 429,
    reason: 'TooManyRequests',
    details: { causes: [{ reason: 'DisruptionBudget', message }] },
  });
}

export function evictPod(kernel: Kernel, target: Target, write: Write, eviction: JsonObject): JsonObject {
  const pod = requireObject(kernel, target);
  for (const budget of budgetsOf(kernel, pod)) {
    requireAllowance(budget);
    const allowed = (asNumber(statusOf(budget)['disruptionsAllowed']) ?? 0) - 1;
    // The budget's own count follows when its controller looks; until then nobody else may use this allowance.
    if (!write.dryRun)
      kernel.store.put(budgets, { ...budget, status: { ...statusOf(budget), disruptionsAllowed: allowed } });
  }
  deleteObject(kernel, { ...target, subresource: '' }, write, asObject(eviction['deleteOptions']));
  return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', code: 201 };
}
