// Reads plans, journals and proofs from text: whole and sound, or a UserError that says what is wrong.

import type * as z from 'zod';
import {
  asObject,
  type Journal,
  parseJson,
  type Plan,
  type PlanAction,
  type Proof,
  UserError,
} from '../../model/index.ts';
import { journalSchema, planSchema, proofSchema } from './record-schemas.ts';

function invalid(file: string, what: string): UserError {
  return new UserError('invalid-plan', `${file} ${what}`, 'Make the plan anew with `nowwhat plan`.');
}

function parseText(file: string, text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    throw invalid(file, 'is not JSON: it was cut off, or is no plan');
  }
}

function parse(schema: z.ZodType, file: string, text: string): unknown {
  const value = parseText(file, text);
  const { error } = schema.safeParse(value);
  if (error === undefined) return value;
  const [issue] = error.issues;
  throw invalid(file, `is not understood: ${issue?.path.join('.') || 'it'} ${issue?.message ?? ''}`.trimEnd());
}

function isClusterAction({ kind }: PlanAction): boolean {
  return kind === 'apply' || kind === 'patch' || kind === 'create' || kind === 'delete';
}

/** True for an object that holds the value of a Secret. */
export function holdsSecretValue(object: unknown): boolean {
  const { apiVersion, kind, data, stringData } = asObject(object);
  return apiVersion === 'v1' && kind === 'Secret' && (data !== undefined || stringData !== undefined);
}

/** What is wrong with a plan that has the right shape. */
function findFault({ target, steps }: Plan): string | undefined {
  const seen = new Set<string>();
  for (const { id, action, after } of steps) {
    if (seen.has(id)) return `has two steps called ${id}`;
    const missing = after.find((each) => !seen.has(each));
    if (missing !== undefined) return `has the step ${id} before ${missing}, which it comes after`;
    if (isClusterAction(action) !== (target.kind === 'cluster'))
      return `has the step ${id}, which is not about its target`;
    if ('object' in action && holdsSecretValue(action.object)) return `holds the value of a Secret in the step ${id}`;
    seen.add(id);
  }
  return undefined;
}

/** `file` is for messages. Throws `UserError` `invalid-plan`. */
export function parsePlan(file: string, text: string): Plan {
  const plan = parse(planSchema, file, text) as Plan;
  const fault = findFault(plan);
  if (fault === undefined) return plan;
  throw invalid(file, fault);
}

export function parseJournal(file: string, text: string): Journal {
  return parse(journalSchema, file, text) as Journal;
}

export function parseProof(file: string, text: string): Proof {
  return parse(proofSchema, file, text) as Proof;
}
