// Finds Services that insist on one port of the nodes.

import { asWritten } from '../../inventory/index.ts';
import { asArray, asNumber, asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

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
  },
);
