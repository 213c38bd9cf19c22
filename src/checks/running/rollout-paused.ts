// Finds Deployments whose changes wait because the rollout is paused.

import { asNumber } from '../../model/index.ts';
import { countIn, liveCheck, specOf, statusOf } from './live-check.ts';

export const rolloutPaused = liveCheck(
  {
    id: 'rollout-paused',
    family: 'running',
    title: 'Rollouts are not left paused',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Resume the rollout: kubectl rollout resume.',
    minutes: 5,
  },
  {
    kinds: ['apps/Deployment'],
    applies: (object) => specOf(object)['paused'] === true,
    find: (object) => {
      const wanted = asNumber(specOf(object)['replicas']) ?? 1;
      const updated = countIn(statusOf(object), 'updatedReplicas');
      const waits = updated < wanted ? `: ${wanted - updated} of ${wanted} pods are of an older version` : '';
      return {
        ...(waits === '' ? {} : { severity: 'medium' as const }),
        message: `the rollout of Deployment "${object.name}" is paused${waits === '' ? ': its next change will not be rolled out' : waits}`,
        path: ['spec', 'paused'],
        evidence: `paused is true, ${updated} of ${wanted} pods up to date`,
      };
    },
  },
);
