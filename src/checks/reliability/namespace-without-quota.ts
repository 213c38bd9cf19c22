// Finds namespaces of the input without a ResourceQuota.

import { objectCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { numberOf } from '../questions.ts';

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
    fix: (object) =>
      offer(
        asking(
          {
            id: 'name-pods',
            title: 'Limit the number of pods in the namespace',
            consequence: 'a pod beyond that is refused: leave room for the second set of pods that a release starts',
          },
          numberOf('largest number of pods', 50),
          (answer) => ({
            create: [
              {
                raw: {
                  apiVersion: 'v1',
                  kind: 'ResourceQuota',
                  metadata: { name: object.name, namespace: object.name },
                  spec: { hard: { pods: answer } },
                },
                beside: object,
              },
            ],
          }),
        ),
      ),
  },
);
