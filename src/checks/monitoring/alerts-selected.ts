// Reminds that a rule counts only where a Prometheus loads it.

import { clusterOnlyCheck } from '../check.ts';

export const alertsSelected = clusterOnlyCheck(
  {
    id: 'alerts-selected',
    family: 'monitoring',
    title: 'The operator loads the alerts of the app',
    leg: 'monitoring',
    level: 2,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: "Check the ruleSelector and ruleNamespaceSelector of the cluster's Prometheus.",
    minutes: 10,
    settledBy: 'a look at the target cluster',
  },
  'whether a Prometheus of the target cluster selects the rules of this app cannot be seen in files',
);
