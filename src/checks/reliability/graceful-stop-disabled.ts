// Finds pods that are killed without a chance to finish.

import { isBatch } from '../../inventory/index.ts';
import { workloadCheck } from '../check.ts';
import { removeField } from '../fix.ts';

export const gracefulStopDisabled = workloadCheck(
  {
    id: 'graceful-stop-disabled',
    family: 'reliability',
    title: 'Pods get time to stop',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Remove terminationGracePeriodSeconds: 0.',
    minutes: 2,
  },
  {
    applies: (workload) => !isBatch(workload),
    find: ({ object, spec, specPath }) => {
      const seconds = spec['terminationGracePeriodSeconds'];
      if (seconds !== 0) return undefined;
      return {
        message: `pods of "${object.name}" are killed at once: requests are cut and data may be half written`,
        path: [...specPath, 'terminationGracePeriodSeconds'],
        evidence: 'terminationGracePeriodSeconds is 0',
      };
    },
    fix: removeField,
  },
);
