// Finds names of ServiceAccount objects that the input does not hold.

import type { Reference } from '../../inventory/index.ts';
import { bindingsNaming } from '../../inventory/rights/bindings.ts';
import type { JsonObject, NewObject } from '../../model/index.ts';
import { offer, way } from '../fix.ts';
import { missingTargetCheck } from './missing-target.ts';

function accountFor({ name, from }: Reference, more: JsonObject): NewObject {
  return { raw: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, ...more }, beside: from };
}

export const serviceAccountMissing = missingTargetCheck(
  {
    id: 'service-account-missing',
    family: 'references',
    title: 'Service accounts that pods use exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the ServiceAccount to the manifests or correct the name.',
    minutes: 10,
  },
  {
    kinds: ['/ServiceAccount'],
    // A binding's subject is no pod's account: rbac/subject-missing tells it.
    given: ({ name, namespace, use }) => use === 'subject' || name === 'default' || namespace === 'kube-system',
    verdict: 'fail',
    consequence: 'its pods cannot be created',
    fix: (reference, inventory) => {
      const { name, namespace } = reference;
      const hasRights = bindingsNaming(inventory, { kind: 'ServiceAccount', namespace, name }).length > 0;
      if (hasRights) return { create: [accountFor(reference, {})] };
      return offer(
        way(
          {
            id: 'new-account',
            title: `Make the account "${name}", without rights and without a token for the API`,
            consequence:
              'where the cluster gets it from elsewhere, with rights, its pods have no token any more: leave it out then',
          },
          { edits: [], create: [accountFor(reference, { automountServiceAccountToken: false })] },
        ),
      );
    },
  },
);
