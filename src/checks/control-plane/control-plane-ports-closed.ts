// Ports of the control plane are closed to pods and outsiders: only a look outside of the files can tell.

import { clusterOnlyCheck } from '../check.ts';

export const controlPlanePortsClosed = clusterOnlyCheck(
  {
    id: 'control-plane-ports-closed',
    family: 'control-plane',
    title: 'Ports of the control plane are closed to pods and outsiders',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'provider',
    severity: 'critical',
    references: [],
    remediation: 'Close 2379, 2380, 10250, 10255, 10257 and 10259 to everybody but the control plane.',
    minutes: 60,
    settledBy: 'a probe from a pod and from outside',
  },
  'whether ports of etcd, kubelets and controllers are reachable from pods or from outside cannot be seen in files',
);
