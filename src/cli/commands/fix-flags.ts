// What the user wrote about fixes.

import type { FixWish } from '../../app/fix/fix.ts';
import { type Subject, UserError } from '../../model/index.ts';
import { parseRequire } from '../flags.ts';
import type { ChangeFlags } from './plans/change-flags.ts';

/** What a report says of its plan. */
export interface ReportedPlan {
  readonly title: string;
  /** Only these workloads and what surrounds them. */
  readonly about?: readonly Subject[];
}

export interface FixFlags extends ChangeFlags {
  readonly output: 'text' | 'json' | 'diff';
  readonly write?: boolean;
  readonly takeOver?: readonly string[];
  readonly choose?: readonly string[];
  readonly interactive?: boolean;
  readonly to?: string;
  readonly peer?: readonly string[];
  readonly keepUncalled?: boolean;
  readonly closeUncalled?: boolean;
  readonly postRender?: boolean;
  readonly flows?: readonly string[];
  /** Where the plan is that of a report: not for the user to write. */
  readonly report?: ReportedPlan;
}

/** Levels that are wanted. Throws `UserError` where none is named. */
export function toTarget(text: string | undefined): FixWish['to'] {
  if (text === undefined) return undefined;
  const target = parseRequire(text);
  if (Object.keys(target).length > 0) return target;
  throw new UserError('invalid-option', '--to names no level', 'Write --to security=4, or several with commas.');
}
