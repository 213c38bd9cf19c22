// Finds pods whose service account has an identity in Azure that they will not get.

import { cloudIdentityOf } from '../../inventory/rights/cloud-identity.ts';
import { workloadCheck } from '../check.ts';
import { setTo } from '../fix.ts';

const label = 'azure.workload.identity/use';

export const cloudIdentityIncomplete = workloadCheck(
  {
    id: 'cloud-identity-incomplete',
    family: 'secrets',
    title: 'Pods get the cloud identity of their account',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: `Set the label ${label}: "true" on the pod template.`,
    minutes: 5,
  },
  {
    applies: (workload, { inventory }) => cloudIdentityOf(inventory, workload)?.provider === 'AKS',
    find: (workload, { inventory }) => {
      const { missing, name } = cloudIdentityOf(inventory, workload) ?? {};
      if (missing === undefined) return undefined;
      return {
        message: `pods of "${workload.object.name}" have an account with client "${name ?? ''}" in Azure and get no token for it`,
        path: [...workload.templatePath, 'metadata', 'labels', label],
        evidence: `the label ${label} is ${workload.labels[label] ?? 'not set'}`,
      };
    },
    fix: setTo('true'),
  },
);
