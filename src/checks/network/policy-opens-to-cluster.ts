// Finds policies that let in every pod of every namespace.

import { rulesOf } from '../../kube/network-policy.ts';
import { asArray, asObject, type Json, type JsonObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { isDataStore } from '../data-stores.ts';

function isEmptySelector(value: Json | undefined): boolean {
  const { matchLabels, matchExpressions } = asObject(value);
  return Object.keys(asObject(matchLabels)).length === 0 && asArray(matchExpressions).length === 0;
}

/** `namespaceSelector: {}` means all namespaces; beside it, no pod selector and an empty one mean all pods of them. */
function isWholeCluster(peer: JsonObject): boolean {
  return (
    peer['namespaceSelector'] !== undefined &&
    isEmptySelector(peer['namespaceSelector']) &&
    isEmptySelector(peer['podSelector'])
  );
}

export const policyOpensToCluster = objectCheck(
  {
    id: 'policy-opens-to-cluster',
    family: 'network',
    title: 'Network policies name the namespaces that they let in',
    leg: 'security',
    level: 2,
    owner: 'developer',
    severity: 'low',
    references: [{ framework: 'NSA', id: 'Network separation' }],
    remediation: 'Name the namespaces, and best the pods, that call these pods.',
    minutes: 15,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: (policy, { inventory }) =>
      rulesOf(policy.raw, 'ingress').flatMap((rule, index) => {
        const peer = asArray(rule['from']).findIndex((each) => isWholeCluster(asObject(each)));
        if (peer === -1) return [];
        const store = inventory.workloadsSelectedBy(policy).find(isDataStore);
        return {
          ...(store === undefined ? {} : { severity: 'medium' as const }),
          message: `policy "${policy.name}" lets in every pod of every namespace${store === undefined ? '' : `, to the data of "${store.object.name}" too`}`,
          path: ['spec', 'ingress', index, 'from', peer],
          evidence: 'namespaceSelector is empty, and no pods are named',
        };
      }),
  },
);
