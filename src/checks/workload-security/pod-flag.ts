// The shape of checks on a field of the pod that must not be true.

import type { CheckMeta } from '../../model/index.ts';
import { workloadCheck, type WorkloadCheck } from '../check.ts';

/** A check that `spec.FIELD` is not true; `consequence` ends `pods of "web" …`. */
export function podFlagCheck(meta: CheckMeta, field: string, consequence: string): WorkloadCheck {
  return workloadCheck(meta, {
    find: ({ object, spec, specPath }) => {
      if (spec[field] !== true) return undefined;
      return {
        message: `pods of "${object.name}" ${consequence}`,
        path: [...specPath, field],
        evidence: `${field} is true`,
      };
    },
  });
}
