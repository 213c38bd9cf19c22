// Reminds that collected metrics are of use only when decisions come from them.

import { clusterOnlyCheck } from '../check.ts';

export const metricsUsed = clusterOnlyCheck(
  {
    id: 'metrics-used',
    family: 'monitoring',
    title: 'Metrics decide about size and releases',
    leg: 'monitoring',
    level: 4,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Compare usage with requests, and let a release be judged by its metrics.',
    minutes: 60,
    settledBy: 'usage metrics of the target cluster',
  },
  'whether requests fit the measured usage, and whether releases are judged by metrics, cannot be seen in files',
);
