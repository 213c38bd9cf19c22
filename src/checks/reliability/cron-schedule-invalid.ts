// Finds schedules of CronJobs that the API server refuses.

import { asObject, asString } from '../../model/index.ts';
import { parseCron } from '../../kube/cron.ts';
import { objectCheck } from '../check.ts';

/** Why the API server refuses the schedule. A time zone in it is refused since 1.29, where `timeZone` is the way. */
function cronProblem(schedule: string, minor: number): string | undefined {
  const parsed = parseCron(schedule);
  if (!parsed.valid) return parsed.reason;
  return parsed.timeZone === undefined || minor < 29
    ? undefined
    : 'a time zone in the schedule is refused; use spec.timeZone';
}

export const cronScheduleInvalid = objectCheck(
  {
    id: 'cron-schedule-invalid',
    family: 'reliability',
    title: 'Schedules can be read by Kubernetes',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    remediation: 'Write five fields: minute, hour, day of month, month, day of week.',
    minutes: 5,
  },
  {
    kinds: ['batch/CronJob'],
    find: ({ name, raw }, { options }) => {
      const schedule = asString(asObject(raw['spec'])['schedule']);
      const problem = schedule === undefined ? 'schedule is not set' : cronProblem(schedule, options.minor);
      if (problem === undefined) return undefined;
      return {
        message: `the schedule of "${name}" is not valid: the API server refuses it`,
        path: ['spec', 'schedule'],
        evidence: problem,
      };
    },
  },
);
