// Finds namespaces of the input without a ResourceQuota.

import { objectCheck } from '../check.ts';

export const namespaceWithoutQuota = objectCheck(
  {
    id: 'namespace-without-quota',
    family: 'reliability',
    title: 'Namespaces have a quota',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Add a ResourceQuota to the namespace.',
    minutes: 10,
  },
  {
    kinds: ['/Namespace'],
    find: ({ name }, { inventory }) => {
      if (inventory.ofKindIn('/ResourceQuota', name).length > 0) return undefined;
      return {
        message: `namespace "${name}" has no quota in the input: one runaway autoscaler can fill the cluster`,
        path: ['metadata', 'name'],
        evidence: 'no ResourceQuota for this namespace',
      };
    },
  },
);
