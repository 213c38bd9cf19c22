// Widening: what somebody may ask for beyond the evidence, each kind by its own word and never by itself.

import { isResourceNeed, type Need, needKey, type ResourceNeed } from './need.ts';

/**
 * - `verbs`: who lists may get and watch too.
 * - `namespaces`: what was asked for in two namespaces or more is allowed in all.
 * - `generated-names`: names that Kubernetes made up (of pods, ReplicaSets, Jobs) stand for any name: the next ones differ.
 * - `names`: what was asked for of two names or more is allowed for any name.
 */
export const widenings = ['verbs', 'namespaces', 'generated-names', 'names'] as const;
export type Widening = (typeof widenings)[number];

function unnamed(need: ResourceNeed): ResourceNeed {
  const { name: _, ...rest } = need;
  return rest;
}

function widenVerbs(need: ResourceNeed): ResourceNeed[] {
  return need.verb === 'list' ? ['list', 'get', 'watch'].map((verb) => ({ ...need, verb })) : [need];
}

/** Replaces needs that differ in one thing only, where there are two of them or more. */
function widenWhereSeveral(
  needs: readonly ResourceNeed[],
  differsIn: (need: ResourceNeed) => string,
  widened: (need: ResourceNeed) => ResourceNeed,
): ResourceNeed[] {
  const seen = new Map<string, Set<string>>();
  for (const need of needs) {
    if (differsIn(need) === '') continue;
    const key = needKey(widened(need));
    seen.set(key, (seen.get(key) ?? new Set()).add(differsIn(need)));
  }
  return needs.map((need) => {
    const values = seen.get(needKey(widened(need)));
    return differsIn(need) !== '' && (values?.size ?? 0) > 1 ? widened(need) : need;
  });
}

// What Kubernetes makes names of: no vowels, and no digits that look like letters.
const letters = '[bcdfghjklmnpqrstvwxz2456789]';
const generated: Readonly<Record<string, RegExp>> = {
  '/pods': new RegExp(`-${letters}{5}$`),
  '/events': /\.[0-9a-f]{15,16}$/,
  'events.k8s.io/events': /\.[0-9a-f]{15,16}$/,
  'apps/replicasets': new RegExp(`-${letters}{8,10}$`),
  'apps/controllerrevisions': new RegExp(`-${letters}{8,10}$`),
  'batch/jobs': new RegExp(`-(?:\\d{8}|\\d{10}|${letters}{5})$`),
  'discovery.k8s.io/endpointslices': new RegExp(`-${letters}{5}$`),
  'certificates.k8s.io/certificatesigningrequests': new RegExp(`^csr-${letters}{5}$`),
};

/** Whether the name looks as if Kubernetes had made it up, so that the next object of the kind has another one. */
export function isGeneratedName({ group, resource, name }: ResourceNeed): boolean {
  return name !== undefined && (generated[`${group}/${resource}`]?.test(name) ?? false);
}

/** Each need once. Namespaces go before names: what is then left in one place stays there. */
export function widen(needs: readonly Need[], chosen: readonly Widening[]): Need[] {
  let resources = needs.filter(isResourceNeed);
  if (chosen.includes('verbs')) resources = resources.flatMap(widenVerbs);
  if (chosen.includes('namespaces'))
    resources = widenWhereSeveral(
      resources,
      ({ namespace }) => namespace,
      (need) => ({ ...need, namespace: '' }),
    );
  if (chosen.includes('generated-names'))
    resources = resources.map((need) => (isGeneratedName(need) ? unnamed(need) : need));
  if (chosen.includes('names')) resources = widenWhereSeveral(resources, ({ name = '' }) => name, unnamed);
  const all = [...resources, ...needs.filter((need) => !isResourceNeed(need))];
  return [...new Map(all.map((need) => [needKey(need), need])).values()];
}
