// Finds names of ServiceAccount objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';
import { bindingsNaming } from '../../inventory/rights/bindings.ts';

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
    // An account alone gives no rights.
    fix: ({ name, namespace, from }, inventory) => {
      const hasRights = bindingsNaming(inventory, { kind: 'ServiceAccount', namespace, name }).length > 0;
      const token = hasRights ? {} : { automountServiceAccountToken: false };
      return {
        create: [{ raw: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, ...token }, beside: from }],
      };
    },
  },
);
