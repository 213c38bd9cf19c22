// Options that are missing or wrong are told all at once: one at a time, somebody would run a command five times to learn five things.

import { UserError } from '../model/index.ts';

/** Several errors of one command line. */
export class SeveralErrors extends UserError {
  readonly errors: readonly UserError[];

  constructor([first, ...rest]: readonly [UserError, ...UserError[]]) {
    super(first.code, [first, ...rest].map(({ message }) => message).join('; '), first.advice);
    this.name = 'SeveralErrors';
    this.errors = [first, ...rest];
  }
}

function errorOf(check: () => unknown): UserError[] {
  try {
    check();
    return [];
  } catch (error) {
    if (error instanceof UserError) return [error];
    throw error;
  }
}

/** Runs all checks, and throws what they throw: one error as it is, several together. */
export function requireAll(...checks: readonly (() => unknown)[]): void {
  const [first, ...rest] = checks.flatMap(errorOf);
  if (first === undefined) return;
  throw rest.length === 0 ? first : new SeveralErrors([first, ...rest]);
}
