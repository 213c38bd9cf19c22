// Finds CronJobs that leave overlapping runs to the default.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';

export const cronjobConcurrency = objectCheck(
  {
    id: 'cronjob-concurrency',
    family: 'reliability',
    title: 'Scheduled jobs do not overlap by accident',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Set concurrencyPolicy to Forbid or Replace, or write Allow where overlap is safe.',
    minutes: 2,
  },
  {
    kinds: ['batch/CronJob'],
    find: ({ name, raw }) => {
      if (asObject(raw['spec'])['concurrencyPolicy'] !== undefined) return undefined;
      return {
        message: `a slow run of "${name}" overlaps with the next one`,
        path: ['spec', 'concurrencyPolicy'],
        evidence: 'concurrencyPolicy is not set, which means Allow',
      };
    },
  },
);
