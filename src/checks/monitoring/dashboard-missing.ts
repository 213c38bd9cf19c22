// Finds apps without a dashboard in their manifests.

import { asObject } from '../../model/index.ts';
import type { Inventory } from '../../inventory/index.ts';
import { appCheck } from '../check.ts';

const dashboardKinds = [
  'grafana.integreatly.org/GrafanaDashboard',
  'integreatly.org/GrafanaDashboard',
  'perses.dev/PersesDashboard',
];

function hasDashboard(inventory: Inventory): boolean {
  if (dashboardKinds.some((kind) => inventory.ofKind(kind).length > 0)) return true;
  return inventory.ofKind('/ConfigMap').some(({ raw }) => {
    const labels = Object.keys(asObject(asObject(raw['metadata'])['labels']));
    return labels.some((label) => /dashboard/i.test(label));
  });
}

export const dashboardMissing = appCheck(
  {
    id: 'dashboard-missing',
    family: 'monitoring',
    title: 'The app has a dashboard',
    leg: 'monitoring',
    level: 1,
    owner: 'developer',
    severity: 'low',
    references: [],
    remediation: 'Add a dashboard as a ConfigMap or GrafanaDashboard beside the app.',
    minutes: 60,
  },
  {
    applies: ({ inventory }) => inventory.workloads.length > 0,
    find: ({ inventory }) => {
      if (hasDashboard(inventory)) return undefined;
      return {
        message: 'the app brings no dashboard: in an incident everybody starts from an empty page',
        evidence: 'no GrafanaDashboard and no ConfigMap with a dashboard label in the input',
      };
    },
  },
);
