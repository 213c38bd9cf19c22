// Finds apps that are plain manifests only.

import { asWritten } from '../../inventory/index.ts';
import { appCheck } from '../check.ts';

export const notPackaged = appCheck(
  {
    id: 'not-packaged',
    family: 'delivery',
    title: 'The app is packaged with values per environment',
    leg: 'deployment',
    level: 2,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Make a Helm chart or a Kustomize base with overlays of the manifests.',
    minutes: 120,
  },
  {
    // A chart or kustomization that was left out because the manifests are the same app is a package too.
    applies: ({ inventory }) =>
      inventory.workloads.length > 0 &&
      !(inventory.snapshot.facts.units ?? []).some(({ kind, leftOut }) => kind !== 'manifest' && leftOut !== undefined),
    find: ({ inventory }) => {
      const plain = inventory.workloads.filter(({ object }) => asWritten(object).source.origin.kind === 'manifest');
      if (plain.length === 0) return undefined;
      return {
        message: `${plain.length} of ${inventory.workloads.length} workloads come from plain manifests: each environment is a copy that drifts`,
        evidence: 'neither a chart nor a kustomization renders them',
      };
    },
  },
);
