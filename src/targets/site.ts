// Where steps of a plan are done: the one thing that a folder and a cluster have in common.

import type { Inverse, PlanAction, PlanInput } from '../model/index.ts';

/** What was done. */
export interface Performed {
  /** Takes back what was really done. */
  readonly inverse: Inverse;
  /** What was acted on, as it was left. */
  readonly left: PlanInput;
}

export interface Site {
  /** How an input is now; what cannot be read throws. */
  readonly readInput: (input: PlanInput) => Promise<PlanInput>;
  /** Why an action cannot be done as things are, each a sentence without its full stop; empty where it can. Nothing is changed. */
  readonly findObstacles: (action: PlanAction, input: PlanInput | undefined) => Promise<readonly string[]>;
  /** Does it, or throws `UserError` and has changed nothing. */
  readonly perform: (action: PlanAction, input: PlanInput | undefined) => Promise<Performed>;
}

export function nameOfInput(input: PlanInput): string {
  if (input.kind === 'file') return input.file;
  const { kind, namespace, name } = input.object;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${name}`;
}

/** What differs between an input as it was and as it is, as a sentence without its full stop; nothing where it is the same. */
export function tellChange(was: PlanInput, now: PlanInput): string | undefined {
  const name = nameOfInput(was);
  if (was.kind === 'file' || now.kind === 'file') return tellDifference(name, hashOf(was), hashOf(now));
  if (was.uid !== undefined && now.uid !== undefined && was.uid !== now.uid)
    return `${name} was deleted and made again`;
  const isHashed = was.sha256 !== undefined && now.sha256 !== undefined;
  return isHashed
    ? tellDifference(name, was.sha256, now.sha256)
    : tellDifference(name, was.resourceVersion, now.resourceVersion);
}

function hashOf(input: PlanInput): string | undefined {
  return input.sha256;
}

function tellDifference(name: string, was: string | undefined, now: string | undefined): string | undefined {
  if (was === now) return undefined;
  if (was === undefined) return `${name} is there already`;
  return now === undefined ? `${name} is gone` : `${name} has changed`;
}
