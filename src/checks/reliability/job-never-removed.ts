// Finds Jobs that stay in the cluster for ever after they finished.

import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { askValue } from '../fix.ts';
import { secondsOf } from '../questions.ts';

export const jobNeverRemoved = objectCheck(
  {
    id: 'job-never-removed',
    family: 'reliability',
    title: 'Finished jobs are removed',
    leg: 'deployment',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Set ttlSecondsAfterFinished.',
    minutes: 2,
  },
  {
    kinds: ['batch/Job'],
    applies: ({ source }) => source.origin.hook === undefined,
    find: ({ name, raw }) => {
      if (asObject(raw['spec'])['ttlSecondsAfterFinished'] !== undefined) return undefined;
      return {
        message: `"${name}" and its pods stay after they finished, and the next apply of a changed template fails`,
        path: ['spec', 'ttlSecondsAfterFinished'],
        evidence: 'ttlSecondsAfterFinished is not set',
      };
    },
    fix: askValue(
      {
        id: 'name-time',
        title: 'Remove the finished job after a while',
        consequence: 'its pods and their logs go with it',
      },
      secondsOf('time to keep the finished job', 86_400),
      Number,
    ),
  },
);
