// Finds alerting rules that fire on a single bad sample.

import { alertRules } from './alert-rules.ts';
import { appCheck } from '../check.ts';

export const alertWithoutDuration = appCheck(
  {
    id: 'alert-without-duration',
    family: 'monitoring',
    title: 'Alerts wait for a problem to last',
    leg: 'monitoring',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add a for: duration to the rule.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => alertRules(inventory).length > 0,
    find: ({ inventory }) =>
      alertRules(inventory)
        .filter(({ raw }) => raw['for'] === undefined)
        .map(({ object, name, path }) => ({
          object,
          path,
          message: `alert "${name}" fires on a single sample: it will flap, and people will stop reading it`,
          evidence: 'for is not set',
        })),
  },
);
