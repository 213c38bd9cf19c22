// Finds alerting rules without a severity label.

import { asObject } from '../../model/index.ts';
import { alertRules } from './alert-rules.ts';
import { appCheck } from '../check.ts';
import { offer, way } from '../fix.ts';

export const alertWithoutSeverity = appCheck(
  {
    id: 'alert-without-severity',
    family: 'monitoring',
    title: 'Alerts say how urgent they are',
    leg: 'monitoring',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add labels.severity to the rule.',
    minutes: 5,
  },
  {
    applies: ({ inventory }) => alertRules(inventory).length > 0,
    find: ({ inventory }) =>
      alertRules(inventory)
        .filter(({ raw }) => asObject(raw['labels'])['severity'] === undefined)
        .map(({ object, name, path }) => ({
          object,
          path: [...path, 'labels'],
          message: `alert "${name}" has no severity: the one who routes alerts cannot tell whether to wake somebody`,
          evidence: 'labels.severity is not set',
        })),
    fix: ({ path = [] }) =>
      offer(
        ...(
          [
            ['critical', 'somebody is woken up'],
            ['warning', 'somebody looks at it in the working day'],
            ['info', 'nobody is told; it is there for who looks'],
          ] as const
        ).map(([severity, consequence]) =>
          way(
            {
              id: severity,
              title: `Call it ${severity}`,
              consequence: `${consequence}, where the alerts are routed by this label as usual`,
            },
            [{ op: 'set', path: [...path, 'severity'], value: severity }],
          ),
        ),
      ),
  },
);
