// How hard property tests search, and from which seed: from the environment, for every property that is asserted.

import type { Parameters } from 'fast-check';

type Environment = Readonly<Record<string, string | undefined>>;

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

/** A property's own parameters with the factor applied, and with the seed `NOWWHAT_PROPERTY_SEED`; without one fast-check draws it. */
export function adaptParameters<T>(own: Parameters<T>, environment: Environment): Parameters<T> {
  const factor = findFactor(environment);
  const seed = own.seed ?? numberIn(environment, 'NOWWHAT_PROPERTY_SEED', Number.isInteger);
  const limit = own.interruptAfterTimeLimit;
  return {
    ...own,
    numRuns: Math.ceil((own.numRuns ?? usualRuns) * factor),
    ...(seed === undefined ? {} : { seed }),
    ...(limit === undefined ? {} : { interruptAfterTimeLimit: limit * factor }),
  };
}
