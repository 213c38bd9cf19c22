// Finds Ingresses that leave their controller to chance.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

export const ingressClassMissing = objectCheck(
  {
    id: 'ingress-class-missing',
    family: 'network',
    title: 'Ingresses name their class',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set spec.ingressClassName to the class of the target cluster.',
    minutes: 5,
  },
  {
    kinds: ['networking.k8s.io/Ingress'],
    find: ({ name, raw }) => {
      const annotation = asObject(asObject(raw['metadata'])['annotations'])['kubernetes.io/ingress.class'];
      if ((asString(asObject(raw['spec'])['ingressClassName']) ?? '') !== '' || annotation !== undefined)
        return undefined;
      return {
        message: `Ingress "${name}" names no class: without a default class nobody serves it`,
        path: ['spec', 'ingressClassName'],
        evidence: 'neither ingressClassName nor the former annotation is set',
      };
    },
  },
);
