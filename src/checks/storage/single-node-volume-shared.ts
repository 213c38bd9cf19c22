// Finds claims for a single node that several replicas share.

import { isReplicated, minimumReplicas } from '../../inventory/index.ts';
import { isSingleNode, sharedClaims } from './claims.ts';
import { workloadCheck } from '../check.ts';

export const singleNodeVolumeShared = workloadCheck(
  {
    id: 'single-node-volume-shared',
    family: 'storage',
    title: 'A volume for one node serves one pod',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Run one replica, give each pod a claim of its own with a StatefulSet, or use a ReadWriteMany volume.',
    minutes: 60,
  },
  {
    applies: (workload, { inventory }) => isReplicated(workload) && sharedClaims(inventory, workload).length > 0,
    find: (workload, { inventory }) => {
      const replicas = minimumReplicas(inventory, workload);
      if (replicas < 2) return undefined;
      return sharedClaims(inventory, workload)
        .filter(({ claim }) => isSingleNode(claim))
        .map(({ claim, path }) => ({
          message: `${replicas} pods of "${workload.object.name}" share claim "${claim.name}", which one node can mount: on other nodes they never start`,
          path,
          evidence: 'the accessModes of the claim are for a single node',
        }));
    },
  },
);
