// Finds namespaces in which any pod is admitted, privileged ones too.

import type { Inventory } from '../../inventory/index.ts';
import { asArray, asObject } from '../../model/index.ts';
import { type AppDiagnostic, appCheck } from '../check.ts';
import { compromiseMeta } from './compromise-meta.ts';
import { systemNamespaces } from '../../kube/system-namespaces.ts';
import { enforce, enforceLabel, strictestMet } from './namespace-enforcement.ts';
import { offer, way } from '../fix.ts';

function findNamespaces(inventory: Inventory): AppDiagnostic[] {
  return inventory
    .ofKind('/Namespace')
    .filter(({ name }) => !systemNamespaces.has(name) && inventory.namespaceLabels(name)?.[enforceLabel] === undefined)
    .map((object) => ({
      object,
      message: `namespace "${object.name}" admits every pod, also one that takes over its node`,
      path: ['metadata', 'labels', enforceLabel],
      evidence: `the label ${enforceLabel} is not set`,
    }));
}

function findUnseen(inventory: Inventory): AppDiagnostic[] {
  const used = new Set(inventory.workloads.map(({ object }) => object.namespace));
  return [...used]
    .filter((name) => !systemNamespaces.has(name) && inventory.namespaceLabels(name) === undefined)
    .sort()
    .map((name) => ({
      verdict: 'unknown',
      message: `the input does not hold namespace "${name}": whether it admits every pod is not known`,
      evidence: `would be settled by the labels of namespace "${name}" in the cluster`,
    }));
}

/** A policy engine in the input that holds pods to the standards in the place of labels. */
function hasPolicyEngine(inventory: Inventory): boolean {
  return inventory
    .ofKind('kyverno.io/ClusterPolicy')
    .some(({ raw }) =>
      asArray(asObject(raw['spec'])['rules']).some(
        (rule) => asObject(asObject(rule)['validate'])['podSecurity'] !== undefined,
      ),
    );
}

export const namespacePolicyMissing = appCheck(
  compromiseMeta({
    id: 'namespace-policy-missing',
    title: 'Namespaces refuse dangerous pods',
    owner: 'cluster-administrator',
    severity: 'high',
    references: [
      { framework: 'CIS', id: '5.2.1' },
      { framework: 'PSS', id: 'baseline' },
      { framework: 'OWASP', id: 'K04' },
    ],
    remediation:
      'Label the namespace with pod-security.kubernetes.io/enforce: baseline, or restricted where its pods allow it.',
    minutes: 10,
    settledBy: 'the labels of the namespaces in the cluster',
  }),
  {
    // Pod Security Admission is on by default from 1.23.
    applies: ({ inventory, options }) => options.minor >= 23 && !hasPolicyEngine(inventory),
    find: ({ inventory }) => [...findNamespaces(inventory), ...findUnseen(inventory)],
    fix: ({ object }, { inventory, options }) => {
      const level = object === undefined ? undefined : strictestMet(inventory, object.name, options.minor);
      // What all pods of the input meet refuses none of them; pods of others may be in the namespace too.
      if (level !== undefined) return enforce(level, options.minor);
      return offer(
        way(
          {
            id: 'enforce-baseline',
            leavesOpen: ['pod-security-rejected'],
            title: 'Enforce baseline, and warn of what restricted would refuse',
            consequence:
              'pods of the input that break baseline are refused at their next start; pod-security-rejected tells them one by one',
          },
          enforce('baseline', options.minor),
        ),
      );
    },
  },
);
