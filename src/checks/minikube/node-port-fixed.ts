// Finds Services that insist on one port of the nodes.

import { asWritten } from '../../inventory/index.ts';
import { asArray, asNumber, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';
import { offerRemoval, removeField } from '../fix.ts';

const typesWithNodePorts: readonly unknown[] = ['NodePort', 'LoadBalancer'];

export const nodePortFixed = objectCheck(
  minikubeMeta({
    id: 'node-port-fixed',
    title: 'Services take any free port of the nodes',
    level: 2,
    severity: 'low',
    remediation: 'Remove nodePort: the cluster then finds a free one.',
    minutes: 5,
  }),
  {
    kinds: ['/Service'],
    // In a live object the number is the cluster's own choice.
    applies: (service) => {
      const { raw, source } = asWritten(service);
      return source.origin.kind !== 'cluster' && typesWithNodePorts.includes(asObject(raw['spec'])['type']);
    },
    find: (service) => {
      const { name, raw } = asWritten(service);
      return asArray(asObject(raw['spec'])['ports']).flatMap((item, index) => {
        const port = asNumber(asObject(item)['nodePort']);
        if (port === undefined || port === 0) return [];
        return {
          message: `Service "${name}" insists on node port ${port}: a second copy in the same cluster is refused`,
          path: ['spec', 'ports', index, 'nodePort'],
          evidence: `nodePort is ${port}`,
        };
      });
    },
    fix: ({ raw }, diagnostic) => {
      // A load balancer finds the new port by itself; whoever uses the port of a node by its number does not.
      if (asObject(raw['spec'])['type'] === 'LoadBalancer') return removeField(raw, diagnostic);
      return offerRemoval({
        id: 'any-port',
        title: 'Let the cluster choose the port',
        consequence: 'whoever comes in by the address of a node and this number must use the new one',
      })(raw, diagnostic);
    },
  },
);
