// Who acts where: on a managed service, duties of the control plane are the provider's.

import type { CheckMeta } from '../model/index.ts';

export const targets = ['self-managed', 'managed', 'minikube', 'eks', 'gke', 'aks', 'ovhcloud', 'openshift'] as const;
export type Target = (typeof targets)[number];

const managed: ReadonlySet<Target> = new Set(['managed', 'eks', 'gke', 'aks', 'ovhcloud']);

/** The metadata as it holds for a target. */
export function metaForTarget(meta: CheckMeta, target: Target): CheckMeta {
  if (!managed.has(target) || meta.ownerWhenManaged === undefined) return meta;
  return { ...meta, owner: meta.ownerWhenManaged };
}
