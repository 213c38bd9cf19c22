// The cluster enforces policies at admission: only the cluster can tell.

import { findAdmission, hasAny } from '../../inventory/index.ts';
import { clusterCheck, notSeen } from '../cluster-check.ts';

export const admissionPolicyEngine = clusterCheck(
  {
    id: 'admission-policy-engine',
    family: 'control-plane',
    title: 'The cluster enforces policies at admission',
    leg: 'security',
    level: 4,
    owner: 'cluster-administrator',
    ownerWhenManaged: 'cluster-administrator',
    severity: 'medium',
    references: [{ framework: 'CIS', id: '5.2.1' }],
    remediation:
      'Label namespaces for Pod Security, and use ValidatingAdmissionPolicy or a policy engine for rules of your own.',
    minutes: 60,
    settledBy: 'a look at the target cluster',
  },
  {
    inFiles: 'whether the cluster enforces policies at admission cannot be seen in files',
    find: (view) => {
      const { engines, denyingBindings, podSecurity, webhooks, sawPolicies, sawWebhooks } = findAdmission(view);
      if (hasAny(engines) === true || denyingBindings > 0 || podSecurity.enforced.length > 0) return undefined;
      if (!engines.complete || !sawPolicies || !sawWebhooks || !podSecurity.seen)
        return notSeen(
          'whether the cluster enforces policies at admission is not known',
          'not all programs, admission policies and namespaces of the cluster may be listed',
        );
      // An engine under a name of its own is still an engine.
      const guard = webhooks.find(({ kind, guardsPods }) => kind === 'Validating' && guardsPods);
      if (guard !== undefined)
        return notSeen(
          'whether the cluster enforces policies at admission is not known',
          `webhook ${guard.name} decides on pods, and nobody here knows by which rules`,
        );
      return {
        message: 'the cluster takes in every pod as it comes: nothing enforces a policy at admission',
        evidence:
          'no policy engine that is known here, no admission policy that denies, no namespace with a Pod Security level',
      };
    },
  },
);
