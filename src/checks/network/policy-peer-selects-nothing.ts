// Finds peers in network policies that match no pod of the same namespace.

import { type Direction, peersOf, rulesOf } from '../../kube/network-policy.ts';
import { compileSelector } from '../../kube/selectors.ts';
import {
  type Diagnostic,
  isJsonObject,
  type JsonObject,
  type KubeObject,
  asObject,
  valueAt,
} from '../../model/index.ts';
import type { CheckContext } from '../check.ts';
import { objectCheck } from '../check.ts';
import { nearLabels } from '../near-labels.ts';
import { offer, way } from '../fix.ts';
import { podLabelsIn } from '../pod-selection.ts';
import { readLabels } from '../../inventory/index.ts';

function judgePeer(peer: JsonObject, policy: KubeObject, { inventory }: CheckContext): string | undefined {
  const selector = peer['podSelector'];
  // With a namespaceSelector the pods may be anybody's.
  if (!isJsonObject(selector) || peer['namespaceSelector'] !== undefined) return undefined;
  const compiled = compileSelector(selector);
  if (compiled.isEmpty || inventory.workloadsMatching(policy.namespace, compiled).length > 0) return undefined;
  return compiled.invalid ?? 'no pod template of the namespace matches';
}

function judgeDirection(policy: KubeObject, direction: Direction, context: CheckContext): Diagnostic[] {
  const field = direction === 'ingress' ? 'from' : 'to';
  return rulesOf(policy.raw, direction).flatMap((rule, at) =>
    (peersOf(rule, direction) ?? []).flatMap((peer, index): Diagnostic[] => {
      const evidence = judgePeer(peer, policy, context);
      if (evidence === undefined) return [];
      const message = `a peer of policy "${policy.name}" matches no pod of its namespace: the connection it should allow stays closed`;
      return [{ message, path: ['spec', direction, at, field, index, 'podSelector'], evidence }];
    }),
  );
}

export const policyPeerSelectsNothing = objectCheck(
  {
    id: 'policy-peer-selects-nothing',
    family: 'network',
    title: 'Peers of network policies exist',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: "Correct the peer's podSelector, or add the namespaceSelector it lacks.",
    minutes: 5,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    find: (policy, context) => [
      ...judgeDirection(policy, 'ingress', context),
      ...judgeDirection(policy, 'egress', context),
    ],
    fix: ({ raw, namespace }, { path = [] }, { inventory }) => {
      const { matchLabels, matchExpressions } = asObject(valueAt(raw, path));
      const value =
        matchExpressions === undefined
          ? nearLabels(readLabels(matchLabels), podLabelsIn(inventory, namespace))
          : undefined;
      if (value === undefined) return undefined;
      return offer(
        way(
          {
            id: 'near-labels',
            title: 'Allow the pods whose labels are nearly the same',
            consequence: 'the policy opens the connection for them',
          },
          [{ op: 'set', path: [...path, 'matchLabels'], value }],
        ),
      );
    },
  },
);
