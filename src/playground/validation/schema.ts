// What a schema has against an object, in the API server's words: built-in kinds fail to decode, custom ones are invalid.

import { type SchemaProblem, validateValue } from '../../kube/schema/index.ts';
import { type JsonObject, valueAt } from '../../model/index.ts';
import type { Kernel } from '../kernel.ts';
import { fieldPath } from '../objects/field-path.ts';
import type { Endpoint } from '../resources/resource.ts';
import type { Cause } from '../status-error.ts';
import { duplicate, invalidValue, notSupported, required } from './causes.ts';

/** Problems that Go's decoder has, before anything else is looked at. */
function isDecoding({ kind }: SchemaProblem): boolean {
  return kind === 'wrong-type' || kind === 'invalid-format';
}

/** Why an object of a built-in kind cannot even be read. */
export function decodeProblem(kernel: Kernel, { resource, version }: Endpoint, object: JsonObject): string | undefined {
  if (resource.isCustom) return undefined;
  const problem = validateValue(version.schema, kernel.types, object).find(isDecoding);
  if (problem === undefined) return undefined;
  return `json: cannot unmarshal ${resource.kind}.${fieldPath(problem.path)}: ${problem.message}`;
}

function allowedIn(message: string): string[] {
  const list = message.slice(message.indexOf('allowed: ') + 'allowed: '.length);
  return [...list.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? '');
}

function causeOf(object: JsonObject, problem: SchemaProblem): Cause {
  const { kind, path, message } = problem;
  const value = valueAt(object, path);
  switch (kind) {
    case 'missing-field':
      return required(path);
    case 'invalid-enum':
      return notSupported(path, value, allowedIn(message));
    case 'duplicate-list-key':
      return duplicate(path, value);
    case 'wrong-type':
      return { ...invalidValue(path, value, message), reason: 'FieldValueTypeInvalid' };
    default:
      return invalidValue(path, value, message);
  }
}

/** Lists of built-in kinds are held to their keys by server-side apply alone. */
function isCause(isCustom: boolean, { kind }: SchemaProblem): boolean {
  if (kind === 'unknown-field') return false;
  return isCustom || kind !== 'duplicate-list-key';
}

export function schemaCauses(kernel: Kernel, { resource, version }: Endpoint, object: JsonObject): Cause[] {
  return validateValue(version.schema, kernel.types, object)
    .filter((problem) => isCause(resource.isCustom, problem))
    .map((problem) => causeOf(object, problem));
}
