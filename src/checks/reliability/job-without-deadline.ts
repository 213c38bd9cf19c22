// Finds Jobs and CronJobs that may run for ever.

import { asObject, valueAt } from '../../model/index.ts';
import { workloadCheck } from '../check.ts';
import { askValue } from '../fix.ts';
import { secondsOf } from '../questions.ts';

export const jobWithoutDeadline = workloadCheck(
  {
    id: 'job-without-deadline',
    family: 'reliability',
    title: 'Jobs that hang are stopped',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set activeDeadlineSeconds on the job.',
    minutes: 2,
  },
  {
    applies: ({ object }) => object.group === 'batch',
    find: ({ object, spec }) => {
      const path = object.kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec'] : ['spec'];
      const job = asObject(valueAt(object.raw, path));
      if (job['activeDeadlineSeconds'] !== undefined || spec['activeDeadlineSeconds'] !== undefined) return undefined;
      return {
        message: `a run of "${object.name}" that hangs is never stopped`,
        path: [...path, 'activeDeadlineSeconds'],
        evidence: 'activeDeadlineSeconds is set neither on the job nor on its pods',
      };
    },
    fix: askValue(
      {
        id: 'name-deadline',
        title: 'Stop a run that takes too long',
        consequence: 'a run that takes longer is killed, with what it has not finished',
      },
      secondsOf('longest time of a run', 3600),
      Number,
    ),
  },
);
