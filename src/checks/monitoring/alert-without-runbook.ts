// Finds alerting rules without a summary or a runbook.

import { asObject, valueAt } from '../../model/index.ts';
import { alertRules } from './alert-rules.ts';
import { appCheck } from '../check.ts';
import { asking, offer } from '../fix.ts';
import { webAddress } from '../questions.ts';

export const alertWithoutRunbook = appCheck(
  {
    id: 'alert-without-runbook',
    family: 'monitoring',
    title: 'Alerts say what to do',
    leg: 'monitoring',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add annotations.summary and annotations.runbook_url to the rule.',
    minutes: 15,
  },
  {
    applies: ({ inventory }) => alertRules(inventory).length > 0,
    find: ({ inventory }) =>
      alertRules(inventory)
        .filter(({ raw }) => {
          const { summary, description, message, runbook_url: runbook } = asObject(raw['annotations']);
          return (summary ?? description ?? message) === undefined || runbook === undefined;
        })
        .map(({ object, name, path }) => ({
          object,
          path: [...path, 'annotations'],
          message: `alert "${name}" does not say what happened and what to do`,
          evidence: 'a summary (or description) and runbook_url are expected',
        })),
    fix: ({ object, path = [] }) => {
      const { summary, description, message } = asObject(valueAt(object?.raw ?? null, path));
      // What happened, in words, only the author of the rule can say.
      if ((summary ?? description ?? message) === undefined) return undefined;
      return offer(
        asking(
          {
            id: 'name-page',
            title: 'Name the page that says what to do',
            consequence: 'whoever is called finds it in the alert',
          },
          webAddress,
          (answer) => [{ op: 'set', path: [...path, 'runbook_url'], value: answer }],
        ),
      );
    },
  },
);
