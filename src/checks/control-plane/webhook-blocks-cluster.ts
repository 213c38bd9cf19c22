// Finds webhooks without which no pod of the system can start.

import { asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { reaches, webhookKinds, webhooksOf } from './webhooks.ts';

export const webhookBlocksCluster = objectCheck(
  {
    id: 'webhook-blocks-cluster',
    family: 'control-plane',
    title: 'A webhook that is down does not stop the cluster',
    leg: 'deployment',
    level: 3,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Admission webhook good practices' }],
    remediation: 'Leave kube-system out by namespaceSelector, and run the webhook with several replicas.',
    minutes: 20,
  },
  {
    kinds: webhookKinds,
    find: (object, { inventory }) =>
      webhooksOf(object).flatMap((webhook, index) => {
        const failurePolicy = asString(webhook['failurePolicy']) ?? 'Fail';
        if (failurePolicy !== 'Fail' || reaches(webhook, 'kube-system', inventory) !== true) return [];
        return {
          message: `while webhook "${asString(webhook['name']) ?? object.name}" is down, no pod starts, not even in kube-system: the cluster cannot heal itself`,
          path: ['webhooks', index, 'namespaceSelector'],
          evidence: 'failurePolicy is Fail, and nothing leaves kube-system out',
        };
      }),
  },
);
