// Finds bindings of admission policies that deny nothing.

import { asArray, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

export const policyOnlyWarns = objectCheck(
  {
    id: 'policy-only-warns',
    family: 'control-plane',
    title: 'Admission policies deny',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Add Deny to validationActions once the audit is clean.',
    minutes: 10,
  },
  {
    kinds: ['admissionregistration.k8s.io/ValidatingAdmissionPolicyBinding'],
    find: ({ name, raw }) => {
      if (asArray(asObject(raw['spec'])['validationActions']).includes('Deny')) return undefined;
      return {
        message: `the policy bound by "${name}" denies nothing`,
        path: ['spec', 'validationActions'],
        evidence: 'validationActions does not list Deny',
      };
    },
  },
);
