// Limits that custom resource definitions set on values, beyond their types.

import { asNumber, asString, isJsonObject, type Json } from '../../model/index.ts';
import { nameOfStep } from './problem.ts';
import type { Constraints } from './schema-node.ts';
import type { SchemaWalker } from './walker.ts';

/** Says what is wrong, as the end of a sentence that begins with the field's name. */
type Limit = (limits: Constraints, value: Json) => string | undefined;

function lowerLimit({ minimum, exclusiveMinimum }: Constraints, value: number): string | undefined {
  if (minimum === undefined || value > minimum) return undefined;
  if (exclusiveMinimum) return `must be greater than ${minimum}`;
  return value === minimum ? undefined : `must be at least ${minimum}`;
}

function upperLimit({ maximum, exclusiveMaximum }: Constraints, value: number): string | undefined {
  if (maximum === undefined || value < maximum) return undefined;
  if (exclusiveMaximum) return `must be less than ${maximum}`;
  return value === maximum ? undefined : `must be at most ${maximum}`;
}

function numberLimit(limits: Constraints, value: Json): string | undefined {
  const number = asNumber(value);
  if (number === undefined) return undefined;
  const limit = lowerLimit(limits, number) ?? upperLimit(limits, number);
  if (limit !== undefined) return limit;
  const { multipleOf } = limits;
  return multipleOf === undefined || isMultiple(number, multipleOf) ? undefined : `must be a multiple of ${multipleOf}`;
}

/** Decimal fractions have no exact binary form: 0.3 counts as a multiple of 0.1. */
function isMultiple(value: number, step: number): boolean {
  const quotient = value / step;
  return Math.abs(quotient - Math.round(quotient)) < 1e-9;
}

function sizeLimit(size: number, least: number | undefined, most: number | undefined): string | undefined {
  if (least !== undefined && size < least) return `at least ${least}`;
  return most !== undefined && size > most ? `at most ${most}` : undefined;
}

function textLimit(limits: Constraints, value: Json): string | undefined {
  const text = asString(value);
  if (text === undefined) return undefined;
  const { minLength, maxLength } = limits;
  if (minLength !== undefined || maxLength !== undefined) {
    const limit = sizeLimit(Array.from(text).length, minLength, maxLength);
    if (limit !== undefined) return `must have ${limit} characters`;
  }
  return limits.matches?.(text) === false ? `does not match the pattern ${limits.pattern ?? ''}` : undefined;
}

function countLimit(limits: Constraints, value: Json): string | undefined {
  if (Array.isArray(value)) {
    const limit = sizeLimit(value.length, limits.minItems, limits.maxItems);
    return limit === undefined ? undefined : `must have ${limit} items`;
  }
  if (!isJsonObject(value)) return undefined;
  const { minProperties, maxProperties } = limits;
  if (minProperties === undefined && maxProperties === undefined) return undefined;
  const limit = sizeLimit(Object.keys(value).length, minProperties, maxProperties);
  return limit === undefined ? undefined : `must have ${limit} fields`;
}

const limitsInTurn: readonly Limit[] = [numberLimit, textLimit, countLimit];

export function checkConstraints(walk: SchemaWalker, limits: Constraints, value: Json): void {
  for (const limit of limitsInTurn) {
    const reason = limit(limits, value);
    if (reason !== undefined) noteInvalid(walk, reason);
  }
  for (const each of limits.allOf) walk.visit(each, value);
  checkChoices(walk, limits, value);
}

function checkChoices(walk: SchemaWalker, limits: Constraints, value: Json): void {
  const { anyOf, oneOf, not } = limits;
  if (anyOf.length > 0 && !anyOf.some((each) => walk.fits(each, value)))
    noteInvalid(walk, 'fits none of the alternatives that its definition lists');
  if (oneOf.length > 0) {
    const fitting = oneOf.filter((each) => walk.fits(each, value)).length;
    if (fitting !== 1) noteInvalid(walk, `must fit exactly one of its definition's alternatives and fits ${fitting}`);
  }
  if (not !== undefined && walk.fits(not, value)) noteInvalid(walk, 'has a form that its definition excludes');
}

function noteInvalid(walk: SchemaWalker, reason: string): void {
  walk.note({ kind: 'invalid-value', message: `${nameOfStep(walk.here())} ${reason}` });
}
