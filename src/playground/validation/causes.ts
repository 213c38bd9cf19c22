// The ways in which the API server says that a field is wrong. Source: apimachinery's pkg/util/validation/field.

import type { Json, Path } from '../../model/index.ts';
import { fieldPath } from '../objects/field-path.ts';
import type { Cause } from '../status-error.ts';

export function required(path: Path, why = ''): Cause {
  return {
    reason: 'FieldValueRequired',
    message: `Required value${why === '' ? '' : `: ${why}`}`,
    field: fieldPath(path),
  };
}

export function invalidValue(path: Path, value: Json | undefined, why: string): Cause {
  const message = `Invalid value: ${JSON.stringify(value ?? null)}: ${why}`;
  return { reason: 'FieldValueInvalid', message, field: fieldPath(path) };
}

export function notSupported(path: Path, value: Json | undefined, supported: readonly string[]): Cause {
  const list = supported.map((each) => JSON.stringify(each)).join(', ');
  const message = `Unsupported value: ${JSON.stringify(value ?? null)}: supported values: ${list}`;
  return { reason: 'FieldValueNotSupported', message, field: fieldPath(path) };
}

export function duplicate(path: Path, value: Json | undefined): Cause {
  return {
    reason: 'FieldValueDuplicate',
    message: `Duplicate value: ${JSON.stringify(value ?? null)}`,
    field: fieldPath(path),
  };
}

export function notFoundValue(path: Path, value: Json | undefined): Cause {
  return {
    reason: 'FieldValueNotFound',
    message: `Not found: ${JSON.stringify(value ?? null)}`,
    field: fieldPath(path),
  };
}

export function forbiddenField(path: Path, why: string): Cause {
  return { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field: fieldPath(path) };
}
