// Finds Deployments whose rolling update waits for a volume that the old pod holds.

import { asObject } from '../../model/index.ts';
import { isSingleNode, sharedClaims } from './claims.ts';
import { workloadCheck } from '../check.ts';

export const singleNodeVolumeRolling = workloadCheck(
  {
    id: 'single-node-volume-rolling',
    family: 'storage',
    title: 'A single pod with a volume is replaced in order',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Set strategy.type to Recreate, or use a StatefulSet.',
    minutes: 5,
  },
  {
    applies: ({ object }) => object.kind === 'Deployment',
    find: (workload, { inventory }) => {
      const strategy = asObject(asObject(workload.object.raw['spec'])['strategy']);
      const surge = asObject(strategy['rollingUpdate'])['maxSurge'];
      if (strategy['type'] === 'Recreate' || surge === 0 || surge === '0%') return undefined;
      return sharedClaims(inventory, workload)
        .filter(({ claim }) => isSingleNode(claim))
        .map(({ claim }) => ({
          message: `a release of "${workload.object.name}" starts the new pod while the old one holds claim "${claim.name}": it hangs, or two programs write the same files`,
          path: ['spec', 'strategy'],
          evidence: 'the strategy is RollingUpdate and the claim is for a single node',
        }));
    },
    fix: (_workload, { path = [] }) => [
      { op: 'remove', path: [...path, 'rollingUpdate'] },
      { op: 'set', path: [...path, 'type'], value: 'Recreate' },
    ],
  },
);
