// The shape of checks that ask what one control of the Pod Security Standards asks: one truth for both.

import type { Workload } from '../../inventory/index.ts';
import { type Control, viewOf } from '../../kube/pod-security/control.ts';
import { asObject, type CheckMeta, type Diagnostic, toText, valueAt } from '../../model/index.ts';
import { workloadCheck, type WorkloadCheck } from '../check.ts';
import { offer, removeWhole, way } from '../fix.ts';

interface ControlFacts {
  readonly control: Control;
  /** Ends the sentence that the control says: `the pod sets …: CONSEQUENCE`. */
  readonly consequence: string;
  readonly applies?: (workload: Workload) => boolean;
  /** What is done about a breach, and what is lost with it. */
  readonly way: { readonly title: string; readonly loss: string };
  /** How many steps above the field stands what is removed: 1 for an item of a list that the field is in. */
  readonly above?: number;
  /** True where the newest revision is right for every version, because only the standard came late. */
  readonly always?: boolean;
}

/** A check over every breach of a control, at its revision for the target version. */
export function controlCheck(meta: CheckMeta, facts: ControlFacts): WorkloadCheck {
  const { control, consequence, applies, always } = facts;
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
    fix: ({ object, specPath }, { path = [] }) => {
      const whole = removeWhole(object.raw, path.slice(0, path.length - (facts.above ?? 0)), specPath);
      return offer(way({ id: 'remove-field', title: facts.way.title, consequence: facts.way.loss }, [whole]));
    },
  });
}
