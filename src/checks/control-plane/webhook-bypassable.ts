// Finds validating webhooks that skip objects by a label of the object itself.

import { asArray, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offerRemoval } from '../fix.ts';

export const webhookBypassable = objectCheck(
  {
    id: 'webhook-bypassable',
    family: 'control-plane',
    title: 'Admission webhooks cannot be avoided with a label',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'MITRE', id: 'T1562' }],
    remediation: 'Remove objectSelector, or select by something that the owner of the object cannot set.',
    minutes: 30,
  },
  {
    kinds: ['admissionregistration.k8s.io/ValidatingWebhookConfiguration'],
    find: ({ name, raw }) =>
      asArray(raw['webhooks']).flatMap((item, index) => {
        const selector = asObject(asObject(item)['objectSelector']);
        if (
          Object.keys(asObject(selector['matchLabels'])).length === 0 &&
          asArray(selector['matchExpressions']).length === 0
        )
          return [];
        return {
          message: `whoever writes an object can label it past webhook "${name}"`,
          path: ['webhooks', index, 'objectSelector'],
          evidence: 'objectSelector looks at labels of the object itself',
        };
      }),
    fix: offerRemoval({
      id: 'every-object',
      title: 'Let the webhook see every object',
      consequence: 'it is asked about objects that were left out so far, and may refuse them',
    }),
  },
);
