// Who has written which fields of a live object, from `metadata.managedFields`. Source: Kubernetes API concepts, field management.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { emptySet, type FieldSet, parseFields } from './field-set.ts';

export interface FieldManager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  /** '' for the object itself; `scale`, `status`. */
  readonly subresource: string;
  readonly fields: FieldSet;
}

export function readManagers(object: JsonObject): FieldManager[] {
  return asArray(asObject(object['metadata'])['managedFields'])
    .map(asObject)
    .map((entry) => ({
      name: asString(entry['manager']) ?? '',
      operation: entry['operation'] === 'Apply' ? 'Apply' : 'Update',
      subresource: asString(entry['subresource']) ?? '',
      fields: parseFields(entry['fieldsV1']),
    }));
}

/** The fields that a manager has applied itself: those that its next application must hold. */
export function appliedBy(object: JsonObject, manager: string): FieldSet {
  const own = readManagers(object).find(
    ({ name, operation, subresource }) => name === manager && operation === 'Apply' && subresource === '',
  );
  return own?.fields ?? emptySet;
}
