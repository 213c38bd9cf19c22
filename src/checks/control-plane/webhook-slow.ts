// Finds webhooks that may hold every request for long.

import { asArray, asNumber, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offerRemoval } from '../fix.ts';

export const webhookSlow = objectCheck(
  {
    id: 'webhook-slow',
    family: 'control-plane',
    title: 'Admission webhooks answer quickly',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'low',
    references: [],
    remediation: 'Set timeoutSeconds to 5 or less.',
    minutes: 5,
  },
  {
    kinds: [
      'admissionregistration.k8s.io/ValidatingWebhookConfiguration',
      'admissionregistration.k8s.io/MutatingWebhookConfiguration',
    ],
    find: ({ name, raw }) =>
      asArray(raw['webhooks']).flatMap((item, index) => {
        const seconds = asNumber(asObject(item)['timeoutSeconds']) ?? 10;
        if (seconds <= 10) return [];
        return {
          message: `webhook "${name}" may hold each request for ${seconds} seconds`,
          path: ['webhooks', index, 'timeoutSeconds'],
          evidence: `timeoutSeconds is ${seconds}`,
        };
      }),
    fix: offerRemoval({
      id: 'default-timeout',
      title: 'Wait no longer than the 10 seconds of the default',
      consequence: 'an answer that takes longer counts as failed, and failurePolicy decides',
    }),
  },
);
