// Finds webhooks without which no pod of the system can start.

import { reaches, webhookKinds, webhooksOf } from '../../inventory/index.ts';
import { asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

const system = 'kube-system';

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
        if (failurePolicy !== 'Fail' || reaches(webhook, system, inventory.namespaceLabels(system)) !== true) return [];
        return {
          message: `while webhook "${asString(webhook['name']) ?? object.name}" is down, no pod starts, not even in kube-system: the cluster cannot heal itself`,
          path: ['webhooks', index, 'namespaceSelector'],
          evidence: 'failurePolicy is Fail, and nothing leaves kube-system out',
        };
      }),
    fix: (_object, { path = [] }) =>
      offer(
        way(
          {
            id: 'leave-system-out',
            title: 'Leave kube-system out',
            consequence: 'the webhook neither sees nor changes objects there',
          },
          [
            {
              op: 'add',
              path: [...path, 'matchExpressions'],
              values: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-system'] }],
            },
          ],
        ),
      ),
  },
);
