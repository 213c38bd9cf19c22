// The shape of checks on a field of the pod that must not be true.

import type { CheckMeta } from '../../model/index.ts';
import { workloadCheck, type WorkloadCheck } from '../check.ts';
import { offerRemoval } from '../fix.ts';

interface PodFlag {
  readonly field: string;
  /** Ends the sentence `pods of "web" …`. */
  readonly consequence: string;
  /** What is lost with it, for who needs it. */
  readonly loss: string;
}

/** A check that `spec.FIELD` is not true. */
export function podFlagCheck(meta: CheckMeta, { field, consequence, loss }: PodFlag): WorkloadCheck {
  return workloadCheck(meta, {
    find: ({ object, spec, specPath }) => {
      if (spec[field] !== true) return undefined;
      return {
        message: `pods of "${object.name}" ${consequence}`,
        path: [...specPath, field],
        evidence: `${field} is true`,
      };
    },
    fix: offerRemoval({ id: 'remove-field', title: `Remove ${field}`, consequence: loss }),
  });
}
