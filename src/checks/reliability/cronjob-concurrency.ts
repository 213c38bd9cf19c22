// Finds CronJobs that leave overlapping runs to the default.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

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
    fix: (_, { path = [] }) =>
      offer(
        way(
          {
            id: 'forbid',
            title: 'Let no run begin while one is under way',
            consequence: 'a run whose time comes meanwhile is left out',
          },
          [{ op: 'set', path, value: 'Forbid' }],
        ),
        way(
          {
            id: 'replace',
            title: 'Stop the run under way when the next one begins',
            consequence: 'what the stopped run was doing stays half done',
          },
          [{ op: 'set', path, value: 'Replace' }],
        ),
        way(
          {
            id: 'allow',
            title: 'Write down that runs may overlap',
            consequence: 'nothing changes; slow runs go on side by side',
          },
          [{ op: 'set', path, value: 'Allow' }],
        ),
      ),
  },
);
