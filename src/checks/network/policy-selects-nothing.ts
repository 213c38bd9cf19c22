// Finds network policies that select no pod of the input.

import { podSelectorOf, readLabels } from '../../inventory/index.ts';
import { objectCheck } from '../check.ts';
import { asObject } from '../../model/index.ts';
import { nearLabels } from '../near-labels.ts';
import { offer, way } from '../fix.ts';
import { podLabelsIn } from '../pod-selection.ts';

export const policySelectsNothing = objectCheck(
  {
    id: 'policy-selects-nothing',
    family: 'network',
    title: 'Network policies select pods',
    leg: 'security',
    level: 1,
    owner: 'developer',
    severity: 'medium',
    references: [],
    remediation: 'Correct podSelector so that it matches the labels of the pods.',
    minutes: 5,
  },
  {
    kinds: ['networking.k8s.io/NetworkPolicy'],
    applies: (object) => podSelectorOf(object)?.isEmpty === false,
    find: (object, { inventory }) => {
      if (inventory.workloadsSelectedBy(object).length > 0) return undefined;
      return {
        message: `policy "${object.name}" selects no pod of namespace "${object.namespace}": it neither closes nor opens anything`,
        path: ['spec', 'podSelector'],
        evidence: podSelectorOf(object)?.invalid ?? 'no pod template of the input matches the selector',
      };
    },
    fix: ({ raw, namespace }, { path = [] }, { inventory }) => {
      const { matchLabels, matchExpressions } = asObject(asObject(raw['spec'])['podSelector']);
      const value =
        matchExpressions === undefined
          ? nearLabels(readLabels(matchLabels), podLabelsIn(inventory, namespace))
          : undefined;
      if (value === undefined) return undefined;
      return offer(
        way(
          {
            id: 'near-labels',
            title: 'Select the pods whose labels are nearly the same',
            consequence: 'these pods are closed but for what the policy allows',
          },
          [{ op: 'set', path: [...path, 'matchLabels'], value }],
        ),
      );
    },
  },
);
