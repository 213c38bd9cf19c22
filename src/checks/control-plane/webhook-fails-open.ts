// Finds validating webhooks that let objects pass when they are down.

import { asArray, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offerValue } from '../fix.ts';

export const webhookFailsOpen = objectCheck(
  {
    id: 'webhook-fails-open',
    family: 'control-plane',
    title: 'Admission webhooks that guard do not fail open',
    leg: 'security',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'MITRE', id: 'T1562' }],
    remediation: 'Set failurePolicy: Fail, and run the webhook with several replicas.',
    minutes: 30,
  },
  {
    kinds: ['admissionregistration.k8s.io/ValidatingWebhookConfiguration'],
    find: ({ name, raw }) =>
      asArray(raw['webhooks']).flatMap((item, index) => {
        if (asObject(item)['failurePolicy'] !== 'Ignore') return [];
        return {
          message: `webhook "${name}" lets every object pass while it is down`,
          path: ['webhooks', index, 'failurePolicy'],
          evidence: 'failurePolicy is Ignore',
        };
      }),
    fix: offerValue('Fail', {
      id: 'fail',
      leavesOpen: ['webhook-blocks-cluster'],
      title: 'Refuse what the webhook cannot judge',
      consequence:
        'while it is down, nothing that it watches can be created or changed: run it twice, and leave kube-system out',
    }),
  },
);
