// Finds bindings of admission policies that deny nothing.

import { asArray, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

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
    fix: ({ raw }, { path = [] }) => {
      const actions = asArray(asObject(raw['spec'])['validationActions']);
      // The API server refuses Deny and Warn together: they would say the same twice.
      const kept = actions.filter((action) => action !== 'Warn');
      return offer(
        way(
          {
            id: 'deny',
            title: 'Refuse what breaks the policy',
            consequence: 'objects that only gave a warning are refused: look at the audit first',
          },
          [{ op: 'set', path, value: [...kept, 'Deny'] }],
        ),
      );
    },
  },
);
