// Finds Secrets that nothing in the input uses.

import { asObject, asString } from '../../model/index.ts';
import { workloadKinds } from '../../inventory/index.ts';
import { objectCheck } from '../check.ts';

/** Types and labels of Secrets that controllers find by themselves. */
const foundByType: ReadonlySet<string> = new Set([
  'kubernetes.io/service-account-token',
  'helm.sh/release.v1',
  'bootstrap.kubernetes.io/token',
]);

export const secretUnused = objectCheck(
  {
    id: 'secret-unused',
    family: 'secrets',
    title: 'Secrets are used by the app',
    leg: 'security',
    level: 4,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Remove the Secret, or correct the name where it is used.',
    minutes: 5,
  },
  {
    kinds: ['/Secret'],
    applies: ({ raw }, { inventory }) =>
      inventory.workloads.length > 0 &&
      !foundByType.has(asString(raw['type']) ?? '') &&
      Object.keys(asObject(asObject(raw['metadata'])['annotations'])).length === 0,
    find: (object, { inventory }) => {
      if (inventory.referencesTo(object, workloadKinds).length > 0) return undefined;
      return {
        message: `nothing in the input uses Secret "${object.name}": it can only leak`,
        path: ['metadata', 'name'],
        evidence: 'no pod template, Ingress or ServiceAccount of the input names it',
      };
    },
  },
);
