// A rule counts only where a Prometheus loads it.

import { viewOf } from '../../inventory/index.ts';
import { clusterCheck } from '../cluster-check.ts';
import { findUnselected } from './prometheus-selection.ts';

const rules = 'monitoring.coreos.com/PrometheusRule';

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
    // An app without rules is told by alerts-missing.
    applies: ({ inventory }) => !viewOf(inventory).live || inventory.ofKind(rules).length > 0,
    find: (view, { inventory }) =>
      findUnselected(view, inventory, {
        kinds: [rules],
        selection: (prometheus) => prometheus.rules,
        field: 'ruleSelector',
        consequence: 'its alerts never fire',
      }),
  },
);
