// Reminds that policies count only where the cluster network enforces them.

import { findNetwork } from '../../inventory/index.ts';
import { clusterCheck, notSeen } from '../cluster-check.ts';

export const cniEnforcesPolicies = clusterCheck(
  {
    id: 'cni-enforces-policies',
    family: 'network',
    title: 'The cluster network enforces policies',
    leg: 'security',
    level: 1,
    owner: 'cluster-administrator',
    severity: 'high',
    references: [{ framework: 'CIS', id: '5.3.1' }],
    remediation: 'Use a network plugin that enforces NetworkPolicy.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'whether the network plugin of the target cluster enforces NetworkPolicies cannot be seen in files',
    find: (view, { inventory }) => {
      const { enforcesPolicies, why, plugins } = findNetwork(view);
      if (enforcesPolicies === true) return undefined;
      const seen = plugins.length === 0 ? why : `${why}; ${plugins.map(({ evidence }) => evidence).join('; ')}`;
      if (enforcesPolicies === 'unknown')
        return notSeen('whether the cluster network enforces NetworkPolicies is not known', seen);
      const policies = inventory.glimpse('networking.k8s.io/NetworkPolicy').length;
      const consequence =
        policies === 0
          ? 'no NetworkPolicy could protect anything here'
          : policies === 1
            ? 'the NetworkPolicy of this cluster protects nothing'
            : `all ${policies} NetworkPolicies of this cluster protect nothing`;
      return { message: `${consequence}: its network does not enforce them`, evidence: seen };
    },
  },
);
