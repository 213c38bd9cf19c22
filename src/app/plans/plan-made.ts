// What every plan says of itself, whatever it changes.

import type { Owner, Plan, Subject } from '../../model/index.ts';

export interface PlanMaking {
  readonly title: string;
  /** The command that makes it, as a person would type it. */
  readonly command: string;
  /** Version of the program. */
  readonly version: string;
  /** ISO time. */
  readonly now: string;
  /** Of objects of files: the files and folders, from the root of the records. */
  readonly declaredIn?: readonly string[] | undefined;
}

export interface LeftOver {
  readonly owner: Owner;
  readonly what: string;
  readonly subject?: Subject;
}

export function headOf({
  title,
  command,
  version,
  now,
  declaredIn,
}: PlanMaking): Pick<Plan, 'schema' | 'title' | 'command' | 'version' | 'made' | 'declaredIn'> {
  const head = { schema: 'nowwhat.dev/plan/v1', title, command, version, made: now } as const;
  return declaredIn === undefined ? head : { ...head, declaredIn };
}

/** An id of letters, digits and dashes, and no other step's. */
export function stepId(name: string, taken: ReadonlySet<string>): string {
  const base = name.replace(/[^A-Za-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'step';
  if (!taken.has(base)) return base;
  const number = Array.from({ length: taken.size + 2 }, (_, index) => index + 2).find(
    (each) => !taken.has(`${base}-${each}`),
  );
  return `${base}-${number ?? taken.size}`;
}
