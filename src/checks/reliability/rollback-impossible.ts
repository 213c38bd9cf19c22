// Finds workloads that keep no old revision.

import { asObject } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { removeField } from '../fix.ts';

export const rollbackImpossible = workloadCheck(
  {
    id: 'rollback-impossible',
    family: 'reliability',
    title: 'Old revisions are kept for a rollback',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Remove revisionHistoryLimit: 0.',
    minutes: 2,
  },
  {
    applies: ({ object }) => ['Deployment', 'StatefulSet', 'DaemonSet'].includes(object.kind),
    find: ({ object }) => {
      if (asObject(object.raw['spec'])['revisionHistoryLimit'] !== 0) return undefined;
      return {
        message: `"${object.name}" keeps no old revision: \`kubectl rollout undo\` has nothing to go back to`,
        path: ['spec', 'revisionHistoryLimit'],
        evidence: 'revisionHistoryLimit is 0',
      };
    },
    fix: removeField,
  },
);
