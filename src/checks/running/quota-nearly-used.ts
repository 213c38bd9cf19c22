// Finds resource quotas that leave little or no room.

import { parseQuantity, quantityToNumber } from '../../kube/quantities.ts';
import { asObject, type Json, toText } from '../../model/index.ts';
import { liveCheck, statusOf } from './live-check.ts';

const share = 0.9;
/** A count of few is meant as it is: one load balancer of one. */
const few = 10;

function toNumber(value: Json | undefined): number {
  const quantity = typeof value === 'string' || typeof value === 'number' ? parseQuantity(value) : undefined;
  return quantity === undefined ? 0 : quantityToNumber(quantity);
}

function isCount(resource: string): boolean {
  return !/^(requests|limits)\.|^(cpu|memory|ephemeral-storage)$/.test(resource);
}

export const quotaNearlyUsed = liveCheck(
  {
    id: 'quota-nearly-used',
    family: 'running',
    title: 'Quotas leave room for a rollout',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: 'Raise the quota, or ask for less in the namespace.',
    minutes: 15,
  },
  {
    kinds: ['/ResourceQuota'],
    find: (object) => {
      const [hard, used] = [asObject(statusOf(object)['hard']), asObject(statusOf(object)['used'])];
      const scarce = Object.keys(hard).filter((resource) => {
        const limit = toNumber(hard[resource]);
        return limit > 0 && !(isCount(resource) && limit < few) && toNumber(used[resource]) >= limit * share;
      });
      if (scarce.length === 0) return undefined;
      const full = scarce.some((resource) => toNumber(used[resource]) >= toNumber(hard[resource]));
      return {
        severity: full ? 'medium' : 'low',
        message: `quota "${object.name}" of namespace "${object.namespace}" is ${full ? 'used up: whatever asks for more is refused' : 'nearly used up: a rollout may not fit'}`,
        path: ['status', 'used'],
        evidence: scarce
          .map((resource) => `${resource} ${toText(used[resource])} of ${toText(hard[resource])}`)
          .join(', '),
      };
    },
  },
);
