// Who owns which fields of an object: reading, writing and keeping `metadata.managedFields`.

import type { SchemaNode, TypeSource } from '../../kube/schema/index.ts';
import { asArray, asObject, asString, type Json, type JsonObject } from '../../model/index.ts';
import { compact, metadataOf, withMetadata } from '../objects/edit.ts';
import { compareObjects } from './compare.ts';
import {
  differenceOf,
  emptySet,
  type FieldSet,
  isEmptySet,
  isSameSet,
  parseFields,
  renderFields,
  unionOf,
  withoutBranches,
} from '../../kube/live/field-set.ts';

export interface Owner {
  readonly manager: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  /** '' for the object itself. */
  readonly subresource: string;
}

export interface OwnedFields extends Owner {
  readonly time: string;
  readonly fields: FieldSet;
}

const systemFields = [
  'name',
  'namespace',
  'creationTimestamp',
  'selfLink',
  'uid',
  'clusterName',
  'generation',
  'managedFields',
  'resourceVersion',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
];
const unowned: readonly (readonly string[])[] = [
  ['f:apiVersion'],
  ['f:kind'],
  ...systemFields.map((name) => ['f:metadata', `f:${name}`]),
];

/** The set without fields that belong to nobody. */
export function ownable(set: FieldSet): FieldSet {
  return withoutBranches(set, unowned);
}

function readEntry(raw: JsonObject): OwnedFields {
  return {
    manager: asString(raw['manager']) ?? '',
    operation: raw['operation'] === 'Apply' ? 'Apply' : 'Update',
    apiVersion: asString(raw['apiVersion']) ?? '',
    subresource: asString(raw['subresource']) ?? '',
    time: asString(raw['time']) ?? '',
    fields: parseFields(raw['fieldsV1']),
  };
}

export function readOwners(object: JsonObject): OwnedFields[] {
  return asArray(metadataOf(object)['managedFields']).map(asObject).map(readEntry);
}

/** The writer asks that nobody own anything: a list of one empty entry. */
export function asksForReset(object: JsonObject): boolean {
  const list = asArray(metadataOf(object)['managedFields']);
  return list.length === 1 && Object.keys(asObject(list[0])).length === 0;
}

function renderEntry({ manager, operation, apiVersion, time, fields, subresource }: OwnedFields): JsonObject {
  return compact({
    manager,
    operation,
    apiVersion,
    time,
    fieldsType: 'FieldsV1',
    fieldsV1: renderFields(fields),
    subresource: subresource === '' ? undefined : subresource,
  });
}

/** Applied ones first, then the oldest first. */
function inOrder(a: OwnedFields, b: OwnedFields): number {
  if (a.operation !== b.operation) return a.operation === 'Apply' ? -1 : 1;
  if (a.time !== b.time) return a.time < b.time ? -1 : 1;
  return a.manager < b.manager ? -1 : Number(a.manager > b.manager);
}

export function withOwners(object: JsonObject, owners: readonly OwnedFields[]): JsonObject {
  const entries: Json[] = owners
    .filter(({ fields }) => !isEmptySet(fields))
    .toSorted(inOrder)
    .map(renderEntry);
  return withMetadata(object, { managedFields: entries.length === 0 ? undefined : entries });
}

export function isSameOwner(a: Owner, b: Owner): boolean {
  return a.manager === b.manager && a.operation === b.operation && a.subresource === b.subresource;
}

export interface Change {
  readonly node: SchemaNode;
  /** Left out for a new object. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
  readonly by: Owner;
  readonly time: string;
}

/** Owners after an update: whoever changed a field owns it now, alone. */
export function ownersAfterUpdate(types: TypeSource, change: Change, owners: readonly OwnedFields[]): OwnedFields[] {
  const { node, before, after, by, time } = change;
  const comparison = compareObjects(types, { node, before: before ?? {}, after });
  const changed = ownable(unionOf(comparison.added, comparison.modified));
  const removed = ownable(comparison.removed);
  if (isEmptySet(changed) && isEmptySet(removed)) return [...owners];
  const gone = unionOf(changed, removed);
  const others = owners.filter((each) => !isSameOwner(each, by));
  const own = owners.find((each) => isSameOwner(each, by)) ?? { ...by, time, fields: emptySet };
  const fields = differenceOf(unionOf(own.fields, changed), removed);
  const isUntouched = isEmptySet(changed) && isSameSet(own.fields, fields);
  return [
    ...others.map((each) => ({ ...each, fields: differenceOf(each.fields, gone) })),
    { ...by, time: isUntouched ? own.time : time, fields },
  ];
}
