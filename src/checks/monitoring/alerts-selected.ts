// A rule counts only where a Prometheus loads it.

import { clusterCheck } from '../cluster-check.ts';
import { findUnselected } from './prometheus-selection.ts';

export const alertsSelected = clusterCheck(
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
  {
    inFiles: 'whether a Prometheus of the target cluster selects the rules of this app cannot be seen in files',
    find: (view, { inventory }) =>
      findUnselected(view, inventory, {
        kinds: ['monitoring.coreos.com/PrometheusRule'],
        selection: ({ rules }) => rules,
        field: 'ruleSelector',
        consequence: 'its alerts never fire',
      }),
  },
);
