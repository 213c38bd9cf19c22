// Finds apps without objectives.

import { asString } from '../../model/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { alertRules } from './alert-rules.ts';
import { appCheck } from '../check.ts';

const objectiveKinds = [
  'sloth.slok.dev/PrometheusServiceLevel',
  'pyrra.dev/ServiceLevelObjective',
  'openslo/SLO',
  'openslo.com/SLO',
  'monitoring.googleapis.com/ServiceLevelObjective',
];

function hasObjective(inventory: Inventory): boolean {
  if (objectiveKinds.some((kind) => inventory.ofKind(kind).length > 0)) return true;
  return alertRules(inventory).some(({ name, raw }) =>
    /burn|budget|slo/i.test(`${name} ${asString(raw['expr']) ?? ''}`),
  );
}

export const objectivesMissing = appCheck(
  {
    id: 'objectives-missing',
    family: 'monitoring',
    title: 'The app has service level objectives',
    leg: 'monitoring',
    level: 3,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Write down an objective for what users care about, with burn-rate alerts.',
    minutes: 120,
  },
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) => {
      if (hasObjective(inventory)) return undefined;
      return {
        message: 'the app has no objective: nobody can say whether last month was good enough',
        evidence: 'no SLO object and no burn-rate alert in the input',
      };
    },
  },
);
