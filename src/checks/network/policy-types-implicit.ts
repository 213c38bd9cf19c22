// Finds network policies that leave their directions to defaulting.

import { asArray, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

export const policyTypesImplicit = objectCheck(
  {
    id: 'policy-types-implicit',
    family: 'network',
    title: 'Network policies say which directions they isolate',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Write policyTypes out.',
    minutes: 2,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: ({ name, raw }) => {
      if (asArray(asObject(raw['spec'])['policyTypes']).length > 0) return undefined;
      return {
        message: `policy "${name}" leaves it to a default whether egress is isolated`,
        path: ['spec', 'policyTypes'],
        evidence: 'policyTypes is not set: Ingress always, Egress only where there are egress rules',
      };
    },
    fix: ({ raw }, { path = [] }) => {
      const hasEgress = asArray(asObject(raw['spec'])['egress']).length > 0;
      return [{ op: 'set', path, value: hasEgress ? ['Ingress', 'Egress'] : ['Ingress'] }];
    },
  },
);
