// How one rule of an administrator's policy changes what comes behind it.

import type { AdminAction } from '../compile-admin-policies.ts';
import { meetPorts, unitePorts } from '../ports/port-set.ts';
import type { GradeTable } from './grades.ts';

/** Numbers of graded sets of ports. */
export interface Stage {
  /** What the rule is about. */
  readonly about: number;
  /** What the rules behind it let through. */
  readonly behind: number;
  /** What the next tier lets through. */
  readonly next: number;
}

/** What it is about is left to the next tier; where it is not clear whether it is about something, both must let it through. */
function passOn(grades: GradeTable, { about, behind, next }: Stage): number {
  const passed = grades.of(grades.unite(grades.without(behind, about), grades.meet(about, next)));
  const both = meetPorts(grades.of(behind).sure, grades.of(next).sure);
  return grades.add({ ...passed, sure: unitePorts(passed.sure, both) });
}

export function applyAction(grades: GradeTable, action: AdminAction, stage: Stage): number {
  switch (action) {
    case 'Allow':
      return grades.unite(stage.behind, stage.about);
    case 'Deny':
      return grades.without(stage.behind, stage.about);
    case 'Pass':
      return passOn(grades, stage);
  }
}
