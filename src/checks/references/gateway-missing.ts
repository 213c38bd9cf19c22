// Finds names of Gateway objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';

export const gatewayMissing = missingTargetCheck(
  {
    id: 'gateway-missing',
    family: 'references',
    title: 'Gateways that routes attach to exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Ask the administrator for the name and namespace of the Gateway.',
    minutes: 10,
    settledBy: 'a look at the target cluster',
  },
  {
    kinds: ['gateway.networking.k8s.io/Gateway'],
    verdict: 'unknown',
    consequence: 'if the cluster does not have it either, nobody serves the route',
    certainly: 'nobody serves the route',
  },
);
