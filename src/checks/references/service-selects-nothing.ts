// Finds Services whose selector matches no pod of the input.

import { podSelectorOf, readLabels } from '../../inventory/index.ts';
import { asObject } from '../../model/index.ts';
import { objectCheck } from '../check.ts';
import { nearLabels } from '../near-labels.ts';
import { podLabelsIn } from '../pod-selection.ts';

export const serviceSelectsNothing = objectCheck(
  {
    id: 'service-selects-nothing',
    family: 'references',
    title: 'Services select pods',
    leg: 'deployment',
    level: 1,
    owner: 'developer',
    severity: 'high',
    references: [],
    hides: ['progressive-delivery-missing', 'readiness-probe-missing', 'service-target-port-missing'],
    remediation: 'Correct the selector so that it matches the labels of the pods.',
    minutes: 5,
  },
  {
    kinds: ['/Service'],
    applies: (object) => Object.keys(asObject(asObject(object.raw['spec'])['selector'])).length > 0,
    find: (object, { inventory }) => {
      if (inventory.workloadsSelectedBy(object).length > 0) return undefined;
      return {
        message: `Service "${object.name}" selects no pod in namespace "${object.namespace}": connections to it are refused`,
        path: ['spec', 'selector'],
        evidence: podSelectorOf(object)?.invalid ?? 'no pod template of the input matches the selector',
      };
    },
    // Nobody is served today: whatever pods were meant, the nearest ones are the author's.
    fix: ({ raw, namespace }, { path = [] }, { inventory }) => {
      const value = nearLabels(readLabels(asObject(raw['spec'])['selector']), podLabelsIn(inventory, namespace));
      return value === undefined ? undefined : [{ op: 'set', path, value }];
    },
  },
);
