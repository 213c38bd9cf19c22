// Finds names of Service objects that the input does not hold.

import { missingTargetCheck } from './missing-target.ts';

export const webhookServiceMissing = missingTargetCheck(
  {
    id: 'webhook-service-missing',
    family: 'references',
    title: 'Services behind admission webhooks exist',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Install the webhook together with its Service.',
    minutes: 10,
    settledBy: 'a look at the target cluster',
  },
  {
    kinds: ['/Service'],
    given: ({ use }) => use !== 'webhook',
    verdict: 'unknown',
    consequence: 'if it is away, the API server refuses or skips what the webhook should judge',
  },
);
