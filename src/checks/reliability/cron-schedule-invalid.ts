// Finds schedules of CronJobs that the API server refuses.

import { asObject, asString } from '../../model/index.ts';
import { parseCron } from '../../kube/cron.ts';
import { objectCheck } from '../check.ts';
import { askValue } from '../fix.ts';
import { cronSchedule } from '../questions.ts';

const askSchedule = askValue(
  {
    id: 'name-schedule',
    title: 'Write the schedule that was meant',
    consequence: 'the job begins to run at these times',
  },
  cronSchedule,
);

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
    fix: ({ raw }, diagnostic, { options }) => {
      const spec = asObject(raw['spec']);
      const [, timeZone, schedule] = /^(?:CRON_)?TZ=(\S+)\s+(.+)$/.exec(asString(spec['schedule']) ?? '') ?? [];
      const isMoved = timeZone !== undefined && schedule !== undefined && spec['timeZone'] === undefined;
      // spec.timeZone counts by default from 1.25 on (KEP-3140), the zone in the schedule until 1.28.
      if (!isMoved || options.minor < 25 || !parseCron(schedule).valid) return askSchedule(raw, diagnostic);
      return [
        { op: 'set', path: ['spec', 'schedule'], value: schedule },
        { op: 'set', path: ['spec', 'timeZone'], value: timeZone },
      ];
    },
  },
);
