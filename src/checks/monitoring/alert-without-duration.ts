// Finds alerting rules that fire on a single bad sample.

import { alertRules } from './alert-rules.ts';
import { appCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { durationOf } from '../questions.ts';

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
    fix: ({ path = [] }) =>
      offer(
        asking(
          {
            id: 'name-duration',
            title: 'Wait for the problem to last',
            consequence: 'the alert fires that much later, and not at all for what is over sooner',
          },
          durationOf('time that the problem must last', '5m'),
          (answer) => [{ op: 'set', path: [...path, 'for'], value: answer }],
        ),
      ),
  },
);
