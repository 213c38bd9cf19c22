// Finds CronJobs that are suspended for so long that somebody may have forgotten them.

import { asString } from '../../model/index.ts';
import { liveCheck, metadataOf, specOf, statusOf } from './live-check.ts';
import { minutesSince, tellMinutes } from './seen-at.ts';

const patience = 7 * 1440;

export const cronjobSuspended = liveCheck(
  {
    id: 'cronjob-suspended',
    family: 'running',
    title: 'CronJobs are not left suspended',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Take suspend away, or delete the CronJob.',
    minutes: 5,
  },
  {
    kinds: ['batch/CronJob'],
    applies: (object) => specOf(object)['suspend'] === true,
    find: (object, context) => {
      const last = asString(statusOf(object)['lastScheduleTime']);
      const idle = minutesSince(context, last ?? metadataOf(object)['creationTimestamp']);
      if (idle < patience) return undefined;
      return {
        message: `CronJob "${object.name}" is suspended: it has not run for ${tellMinutes(idle)}`,
        path: ['spec', 'suspend'],
        evidence: last === undefined ? 'suspend is true, and it has never run' : `suspend is true, last run ${last}`,
      };
    },
  },
);
