// Finds update strategies that stop all pods of a served Deployment at once.

import { asObject } from '../../model/index.ts';
import type { Workload } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

function usesClaim({ spec }: Workload): boolean {
  return JSON.stringify(spec['volumes'] ?? []).includes('"persistentVolumeClaim"');
}

export const releaseTakesAllDown = workloadCheck(
  {
    id: 'release-takes-all-down',
    family: 'reliability',
    title: 'A release keeps some pods serving',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Use the RollingUpdate strategy with maxUnavailable below the number of pods.',
    minutes: 10,
  },
  {
    applies: ({ object }) => object.kind === 'Deployment',
    find: (workload, { inventory }) => {
      const strategy = asObject(asObject(workload.object.raw['spec'])['strategy']);
      const all = asObject(strategy['rollingUpdate'])['maxUnavailable'] === '100%';
      const recreate = strategy['type'] === 'Recreate' && !usesClaim(workload);
      if ((!all && !recreate) || inventory.selectorsOf(workload, '/Service').length === 0) return undefined;
      return {
        message: `each release of "${workload.object.name}" stops all its pods before new ones start`,
        path: recreate ? ['spec', 'strategy', 'type'] : ['spec', 'strategy', 'rollingUpdate', 'maxUnavailable'],
        evidence: recreate ? 'strategy.type is Recreate' : 'maxUnavailable is 100%',
      };
    },
    fix: (_workload, diagnostic) => {
      const { path = [] } = diagnostic;
      // Without it a quarter of the pods is replaced at a time.
      if (path.at(-1) === 'maxUnavailable') return [{ op: 'remove', path: path.slice(0, -1) }];
      return offer(
        way(
          {
            id: 'rolling-update',
            title: 'Start new pods before old ones stop',
            consequence: 'during a release both versions serve side by side, on the same data',
          },
          [{ op: 'remove', path: path.slice(0, -1) }],
        ),
      );
    },
  },
);
