// Server-side apply: merge, take out what is no longer applied, find conflicts. Source: structured-merge-diff's Updater.Apply.

import type { SchemaNode, TypeSource } from '../../kube/schema/index.ts';
import { asObject, isSameJson, type JsonObject } from '../../model/index.ts';
import { withMetadata } from '../objects/edit.ts';
import { type Cause, StatusError } from '../status-error.ts';
import { compareObjects, fieldsOf } from './compare.ts';
import {
  differenceOf,
  emptySet,
  type FieldSet,
  intersectionOf,
  isEmptySet,
  isSameSet,
  renderPaths,
  unionOf,
} from '../../kube/live/field-set.ts';
import { isSameOwner, type OwnedFields, type Owner, ownable, readOwners, withOwners } from './managed-fields.ts';
import { dropAbandoned, mergeValue } from './merge.ts';

export interface Application {
  readonly node: SchemaNode;
  /** Left out where there is no such object yet. */
  readonly live: JsonObject | undefined;
  readonly config: JsonObject;
  readonly by: Owner;
  readonly force: boolean;
  readonly time: string;
}

interface Clash {
  readonly owner: OwnedFields;
  readonly fields: FieldSet;
}

function nameOfOwner({ manager, operation, apiVersion, subresource }: OwnedFields): string {
  const sub = subresource === '' ? '' : ` with subresource "${subresource}"`;
  return operation === 'Apply' ? `"${manager}"${sub}` : `"${manager}"${sub} using ${apiVersion}`;
}

function conflictError(clashes: readonly Clash[]): StatusError {
  const causes = clashes.flatMap(({ owner, fields }): Cause[] =>
    renderPaths(fields).map((field) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with ${nameOfOwner(owner)}`,
      field,
    })),
  );
  const lines = clashes.map(({ owner, fields }) => {
    const paths = renderPaths(fields);
    const list = paths.length === 1 ? ` ${paths[0] ?? ''}` : `\n${paths.map((path) => `- ${path}`).join('\n')}`;
    return `conflict${paths.length === 1 ? '' : 's'} with ${nameOfOwner(owner)}:${list}`;
  });
  const count = `${causes.length} conflict${causes.length === 1 ? '' : 's'}`;
  const details = { causes: causes.map((each) => ({ ...each })) };
  return new StatusError(`Apply failed with ${count}: ${lines.join('\n')}`, { code: 409, reason: 'Conflict', details });
}

/** Fields of others that the application is about to change. */
function clashesWith(others: readonly OwnedFields[], touched: FieldSet): Clash[] {
  return others
    .map((owner) => ({ owner, fields: intersectionOf(owner.fields, touched) }))
    .filter(({ fields }) => !isEmptySet(fields));
}

/** An application to nothing: there is nobody to clash with. */
function applyNew(config: JsonObject, applied: FieldSet, { by, time }: Application): JsonObject {
  return withOwners(config, [{ ...by, time, fields: applied }]);
}

/** The object as it is to become, with its owners. The live object itself where nothing changes. */
export function applyConfig(types: TypeSource, application: Application): JsonObject {
  const { node, live, by, force, time } = application;
  const config = withMetadata(application.config, { managedFields: undefined });
  const applied = ownable(fieldsOf(types, node, config));
  if (live === undefined) return applyNew(config, applied, application);
  const owners = readOwners(live);
  const own = owners.find((each) => isSameOwner(each, by));
  const others = owners.filter((each) => each !== own);
  const before = withMetadata(live, { managedFields: undefined });
  const merged = asObject(mergeValue(types, node, before, config));
  const keep = others.reduce((set, { fields }) => unionOf(set, fields), applied);
  const after = asObject(dropAbandoned(types, { node, value: merged }, own?.fields ?? emptySet, keep));
  const comparison = compareObjects(types, { node, before, after });
  const clashes = clashesWith(others, ownable(unionOf(comparison.added, comparison.modified)));
  if (!force && clashes.length > 0) throw conflictError(clashes);
  if (own !== undefined && isSameJson(before, after) && isSameSet(own.fields, applied)) return live;
  const lost = clashes.reduce((set, { fields }) => unionOf(set, fields), ownable(comparison.removed));
  const remaining = others.map((each) => ({ ...each, fields: differenceOf(each.fields, lost) }));
  return withOwners(after, [...remaining, { ...by, time, fields: applied }]);
}
