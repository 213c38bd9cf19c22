// Finds custom kinds that are installed and not served.

import { type Condition, conditionsOf, liveCheck, tellCondition } from './live-check.ts';

/** Conditions of the API server's own controllers, and the value that is wrong. Source: apiextensions.k8s.io/v1. */
const wrong: Readonly<Record<string, string>> = {
  Established: 'False',
  NamesAccepted: 'False',
  NonStructuralSchema: 'True',
  KubernetesAPIApprovalPolicyConformant: 'False',
};

function isWrong({ type, status }: Condition): boolean {
  return wrong[type] === status;
}

export const crdNotServed = liveCheck(
  {
    id: 'crd-not-served',
    family: 'running',
    title: 'Custom kinds that are installed are served',
    leg: 'deployment',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [],
    remediation: 'Correct the CustomResourceDefinition, or delete the one that has the same names.',
    minutes: 20,
  },
  {
    kinds: ['apiextensions.k8s.io/CustomResourceDefinition'],
    find: (object) => {
      const found = conditionsOf(object).filter(isWrong);
      if (found.length === 0) return undefined;
      return {
        message: `the custom kind "${object.name}" is not served as it is written: its objects are refused or lose fields`,
        path: ['status', 'conditions'],
        evidence: found.map(tellCondition).join('; '),
      };
    },
  },
);
