// Finds names of ConfigMap objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';
import { offer, way } from '../fix.ts';

export const configmapMissing = missingTargetCheck(
  {
    id: 'configmap-missing',
    family: 'references',
    title: 'ConfigMaps that pods use exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Add the ConfigMap to the manifests, correct the name, or mark the reference optional.',
    minutes: 10,
  },
  {
    kinds: ['/ConfigMap'],
    given: ({ name }) => name === 'kube-root-ca.crt',
    verdict: 'fail',
    consequence: 'its pods wait in CreateContainerConfigError',
    fix: ({ path }) =>
      offer(
        way(
          {
            id: 'optional',
            title: 'Let the pods start without it',
            consequence:
              'the program does not get the settings until somebody makes the ConfigMap and the pods start anew',
          },
          [{ op: 'set', path: [...path.slice(0, -1), 'optional'], value: true }],
        ),
      ),
  },
);
