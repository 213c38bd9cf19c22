// Requests and limits as the API server would set them: the container's own, or the defaults of the namespace's LimitRanges.

import type { Inventory, Workload } from '../../inventory/index.ts';
import type { PodContainer } from '../../kube/pod-template.ts';
import { asArray, asObject, type Json } from '../../model/index.ts';

export interface Field {
  readonly workload: Workload;
  readonly container: PodContainer;
  readonly kind: 'requests' | 'limits';
  readonly resource: string;
}

/** Where a LimitRange has the value, best first. Source: SetDefaults_LimitRangeItem of core/v1. */
const limitRangeFields = {
  limits: ['default', 'max'],
  requests: ['defaultRequest', 'default', 'max', 'min'],
} as const;

function limitRangeDefault(inventory: Inventory, { workload, kind, resource }: Field): Json | undefined {
  return inventory
    .ofKindIn('/LimitRange', workload.object.namespace)
    .flatMap(({ raw }) => asArray(asObject(raw['spec'])['limits']).map(asObject))
    .filter(({ type }) => type === 'Container')
    .flatMap((item) => limitRangeFields[kind].map((field) => asObject(item[field])[resource]))
    .find((value) => value !== undefined);
}

/** The value after defaulting: a limit is also the request, then LimitRanges apply, then pod-level resources (1.34+). */
export function effectiveResource(inventory: Inventory, field: Field): Json | undefined {
  const { workload, container, kind, resource } = field;
  const resources = asObject(container.raw['resources']);
  const own = asObject(resources[kind])[resource] ?? undefined;
  const limit = kind === 'requests' ? (asObject(resources['limits'])[resource] ?? undefined) : undefined;
  const pod = asObject(asObject(workload.spec['resources'])[kind])[resource] ?? undefined;
  return own ?? limit ?? limitRangeDefault(inventory, field) ?? pod;
}
