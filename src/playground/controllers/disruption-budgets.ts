// Disruption budgets: how many of their pods may go now.

import { compileSelector } from '../../kube/selectors.ts';
import { type Json, type JsonObject } from '../../model/index.ts';
import { isDeleting, labelsOf, namespaceOf, specOf } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import { keyOfObject } from './keys.ts';
import { generationOf, isActive, isReady } from './pod-template.ts';
import type { Controller } from './work-loop.ts';

const resource = 'policy/poddisruptionbudgets';

function amount(value: Json | undefined, total: number): number {
  if (typeof value === 'string') return Math.ceil((total * Number(value.replace('%', ''))) / 100);
  return Number(value ?? 0);
}

function reconcile(actor: Actor, key: string): void {
  const budget = actor.find(resource, key);
  if (budget === undefined) return;
  const spec = specOf(budget);
  const selector = compileSelector(spec['selector']);
  const pods = actor
    .list('/pods', namespaceOf(budget))
    .filter((pod) => isActive(pod) && selector.matches(labelsOf(pod)));
  const expectedPods = pods.length;
  const { maxUnavailable } = spec;
  const desiredHealthy =
    maxUnavailable === undefined
      ? amount(spec['minAvailable'], expectedPods)
      : Math.max(0, expectedPods - amount(maxUnavailable, expectedPods));
  const currentHealthy = pods.filter((pod) => isReady(pod) && !isDeleting(pod)).length;
  const disruptionsAllowed = Math.max(0, currentHealthy - desiredHealthy);
  actor.setStatus(resource, budget, {
    observedGeneration: generationOf(budget),
    disruptionsAllowed,
    currentHealthy,
    desiredHealthy,
    expectedPods,
  });
}

function budgetsAround(actor: Actor, pod: JsonObject): string[] {
  return actor
    .list(resource, namespaceOf(pod))
    .filter((each) => compileSelector(specOf(each)['selector']).matches(labelsOf(pod)))
    .map(keyOfObject);
}

export const disruptionBudgets: Controller = {
  name: 'disruptionbudgets',
  keysFor: (actor, event) => {
    if (event.resource === resource) return [keyOfObject(event.object)];
    return event.resource === '/pods' ? budgetsAround(actor, event.object) : [];
  },
  reconcile,
};
