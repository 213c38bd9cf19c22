// The shape of checks that ask what one control of the Pod Security Standards asks: one truth for both.

import type { Workload } from '../../inventory/index.ts';
import { type Control, viewOf } from '../../kube/pod-security/control.ts';
import { asObject, type CheckMeta, type Diagnostic, toText, valueAt } from '../../model/index.ts';
import { workloadCheck, type WorkloadCheck } from '../check.ts';

interface ControlFacts {
  readonly control: Control;
  /** Ends the sentence that the control says: `the pod sets …: CONSEQUENCE`. */
  readonly consequence: string;
  readonly applies?: (workload: Workload) => boolean;
  /** True where the newest revision is right for every version, because only the standard came late. */
  readonly always?: boolean;
}

/** A check over every breach of a control, at its revision for the target version. */
export function controlCheck(meta: CheckMeta, { control, consequence, applies, always }: ControlFacts): WorkloadCheck {
  return workloadCheck(meta, {
    ...(applies === undefined ? {} : { applies }),
    find: (workload, { options }): Diagnostic[] => {
      const { object, spec, templatePath } = workload;
      const revision = control.revisions.findLast(({ since }) => always === true || since <= options.minor);
      const metadata = asObject(valueAt(object.raw, [...templatePath, 'metadata']));
      return (revision?.find(viewOf({ metadata, spec })) ?? []).map(({ message, path, container }) => {
        const at = [...templatePath, ...path];
        const diagnostic = {
          message: `${message}: ${consequence}`,
          path: at,
          evidence: `${path.slice(1).join('.')} is ${toText(valueAt(object.raw, at))}`,
        };
        return container === undefined ? diagnostic : { ...diagnostic, container };
      });
    },
  });
}
