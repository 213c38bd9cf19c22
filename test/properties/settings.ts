// How hard property tests search, and from which seed: from the environment, for every property that is asserted.

import { createHash } from 'node:crypto';
import type { Parameters } from 'fast-check';

type Environment = Readonly<Record<string, string | undefined>>;

const seedName = 'NOWWHAT_PROPERTY_SEED';

/** What fast-check runs where a property does not say. */
const usualRuns = 100;

function numberIn(environment: Environment, name: string, isFit: (value: number) => boolean): number | undefined {
  const text = environment[name];
  if (text === undefined || text === '') return undefined;
  const value = Number(text);
  if (!isFit(value))
    throw new Error(`${name}=${text} is not a number that fits: see "Property tests" in CONTRIBUTING.md`);
  return value;
}

/** By what the runs of each property, and the time they may take, are multiplied: `NOWWHAT_PROPERTY_RUNS`. */
export function findFactor(environment: Environment): number {
  return numberIn(environment, 'NOWWHAT_PROPERTY_RUNS', (value) => Number.isFinite(value) && value > 0) ?? 1;
}

/** The seed of `NOWWHAT_PROPERTY_SEED`; for `by-test` one that belongs to the test's name, so that the cases of a table do not all draw the same values. */
function findSeed(environment: Environment, test: string): number | undefined {
  if (environment[seedName] !== 'by-test') return numberIn(environment, seedName, Number.isInteger);
  return createHash('sha256').update(test).digest().readInt32BE();
}

/** A property's own parameters with the factor applied, and with the seed for the test that states it; without one fast-check draws it. */
export function adaptParameters<T>(own: Parameters<T>, environment: Environment, test: string): Parameters<T> {
  const factor = findFactor(environment);
  const seed = own.seed ?? findSeed(environment, test);
  const limit = own.interruptAfterTimeLimit;
  return {
    ...own,
    numRuns: Math.ceil((own.numRuns ?? usualRuns) * factor),
    ...(seed === undefined ? {} : { seed }),
    ...(limit === undefined ? {} : { interruptAfterTimeLimit: limit * factor }),
  };
}
