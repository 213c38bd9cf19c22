// Whether a fix is about some workloads: about themselves, or about what surrounds them.

import type { PlannedFix } from '../../checks/index.ts';
import { workloadKinds } from '../../inventory/index.ts';
import { isIn, type Subject } from '../../model/index.ts';
import { subjectOf } from './fix-answer.ts';

function isSame(a: Subject, b: Subject): boolean {
  return a.kind === b.kind && a.namespace === b.namespace && a.name === b.name;
}

/** Their namespaces, and what is in these besides other workloads, surround them. */
export function isAbout(fix: PlannedFix, workloads: readonly Subject[]): boolean {
  const { object } = fix;
  if (object === undefined) return true;
  const subject = subjectOf(fix);
  const namespaces = workloads.map(({ namespace }) => namespace);
  if (object.kind === 'Namespace') return isIn(namespaces, object.name);
  if (isIn(workloadKinds, `${object.group}/${object.kind}`)) return workloads.some((each) => isSame(each, subject));
  return isIn(namespaces, object.namespace);
}
