// Finds apps without alerting rules.

import { alertRules } from './alert-rules.ts';
import { appCheck } from '../check.ts';

export const alertsMissing = appCheck(
  {
    id: 'alerts-missing',
    family: 'monitoring',
    title: 'The app has alerts of its own',
    leg: 'monitoring',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Add a PrometheusRule with alerts on errors, slowness and missing pods.',
    minutes: 60,
  },
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) => {
      if (alertRules(inventory).length > 0) return undefined;
      return {
        message: 'the app brings no alert: an outage at night is found in the morning',
        evidence: 'no rule with an alert name in the input',
      };
    },
  },
);
