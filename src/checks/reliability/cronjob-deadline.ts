// Finds CronJobs that stop for good after a hundred missed runs.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { askValue } from '../fix.ts';
import { secondsOf } from '../questions.ts';

export const cronjobDeadline = objectCheck(
  {
    id: 'cronjob-deadline',
    family: 'reliability',
    title: 'Missed runs of scheduled jobs are bounded',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set startingDeadlineSeconds to how late a run may start.',
    minutes: 2,
  },
  {
    kinds: ['batch/CronJob'],
    find: ({ name, raw }) => {
      if (asObject(raw['spec'])['startingDeadlineSeconds'] !== undefined) return undefined;
      return {
        message: `"${name}" may start hours late, and after 100 missed runs it does not start again`,
        path: ['spec', 'startingDeadlineSeconds'],
        evidence: 'startingDeadlineSeconds is not set',
      };
    },
    fix: askValue(
      {
        id: 'name-deadline',
        title: 'Say how late a run may start',
        consequence: 'a run that is later than that is left out',
      },
      secondsOf('longest delay of a run', 300),
      Number,
    ),
  },
);
