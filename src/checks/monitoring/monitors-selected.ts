// A monitor counts only where a Prometheus loads it.

import { clusterCheck } from '../cluster-check.ts';
import { findUnselected } from './prometheus-selection.ts';

export const monitorsSelected = clusterCheck(
  {
    id: 'monitors-selected',
    family: 'monitoring',
    title: 'The operator loads the monitors of the app',
    leg: 'monitoring',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'medium',
    references: [],
    remediation: "Give the monitor the labels that the cluster's Prometheus asks for, or widen its selectors.",
    minutes: 10,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'whether a Prometheus of the target cluster selects the monitors of this app cannot be seen in files',
    applies: ({ inventory }) =>
      ['ServiceMonitor', 'PodMonitor'].some((kind) => inventory.ofKind(`monitoring.coreos.com/${kind}`).length > 0),
    find: (view, { inventory }) => [
      ...findUnselected(view, inventory, {
        kinds: ['monitoring.coreos.com/ServiceMonitor'],
        selection: ({ serviceMonitors }) => serviceMonitors,
        field: 'serviceMonitorSelector',
        consequence: 'nobody collects what it names',
      }),
      ...findUnselected(view, inventory, {
        kinds: ['monitoring.coreos.com/PodMonitor'],
        selection: ({ podMonitors }) => podMonitors,
        field: 'podMonitorSelector',
        consequence: 'nobody collects what it names',
      }),
    ],
  },
);
