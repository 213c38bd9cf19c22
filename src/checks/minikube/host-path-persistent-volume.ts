// Finds persistent volumes that are a folder of one node.

import { asObject, asString } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { minikubeMeta } from './minikube-meta.ts';

export const hostPathPersistentVolume = objectCheck(
  minikubeMeta({
    id: 'host-path-persistent-volume',
    title: 'Persistent volumes outlive a node',
    severity: 'high',
    references: [{ framework: 'Kubernetes', id: 'Persistent Volumes' }],
    remediation: 'Remove the PersistentVolume and let the storage class of the cluster make one for the claim.',
    minutes: 30,
  }),
  {
    kinds: ['/PersistentVolume'],
    find: ({ name, raw }) => {
      const path = asString(asObject(asObject(raw['spec'])['hostPath'])['path']);
      if (path === undefined) return undefined;
      return {
        message: `PersistentVolume "${name}" is a folder of whichever node mounts it: it works on a cluster of one node only`,
        path: ['spec', 'hostPath', 'path'],
        evidence: `spec.hostPath.path is ${path}`,
      };
    },
  },
);
