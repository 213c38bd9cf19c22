// Changes an object, as PUT and PATCH do: of the object or of one of its subresources.

import { asksForReset, ownersAfterUpdate, readOwners, withOwners } from '../apply/managed-fields.ts';
import { isSameJson, type JsonObject, type Path, toText, valueAt } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import type { Kernel, Write } from '../kernel.ts';
import type { Endpoint } from '../resources/resource.ts';
import { conflict, invalid, modified } from '../status-error.ts';
import { forbiddenField, required } from '../validation/causes.ts';
import { updateCauses } from '../validation/immutable.ts';
import { ownerOf, requireValid } from './create.ts';
import { finalizersOf, isDeleting, metadataOf, nameOf, specOf, uidOf, withMetadata, withValue } from './edit.ts';
import { hasGeneration, prepareUpdate } from './new-objects.ts';
import { readObject, type Refuse, requirePlace, withKindDefaults } from './read-body.ts';
import { hasStatus, presentAt, requireObject, storedForm, type Target } from './target.ts';

export interface Update {
  /** The object as it is to be, from what it is. */
  readonly change: (current: JsonObject) => JsonObject;
  readonly refuse: Refuse;
  /** True where `change` decides on the owners too: an apply. */
  readonly hasOwners: boolean;
  /** True for PUT: custom resources must then say which version they replace. */
  readonly isReplacement: boolean;
}

/** Fields that only the server sets. */
const systemFields = [
  'name',
  'namespace',
  'uid',
  'creationTimestamp',
  'deletionTimestamp',
  'deletionGracePeriodSeconds',
  'generation',
  'resourceVersion',
  'selfLink',
  'generateName',
];

function withSystemFields(before: JsonObject, after: JsonObject): JsonObject {
  const metadata = metadataOf(before);
  return withMetadata(after, Object.fromEntries(systemFields.map((field) => [field, metadata[field]])));
}

/** What a write to a subresource may change; all else stays as it was. */
const subresourceFields: Readonly<Record<string, readonly Path[]>> = {
  status: [['status']],
  approval: [['status']],
  finalize: [['spec', 'finalizers']],
  ephemeralcontainers: [['spec', 'ephemeralContainers']],
  resize: [['spec', 'containers']],
  binding: [['spec', 'nodeName']],
};

function restrictTo(target: Target, before: JsonObject, after: JsonObject): JsonObject {
  const fields = subresourceFields[target.subresource];
  if (fields === undefined) return hasStatus(target.endpoint) ? withValue(after, ['status'], before['status']) : after;
  const kept = withMetadata(before, { managedFields: metadataOf(after)['managedFields'] });
  return fields.reduce((object, path) => withValue(object, path, valueAt(after, path)), kept);
}

function requireVersion(target: Target, before: JsonObject, after: JsonObject, isReplacement: boolean): void {
  const { resource } = target.endpoint;
  const name = nameOf(before);
  const { uid, resourceVersion } = metadataOf(after);
  if (uid !== undefined && uid !== uidOf(before)) {
    const why = `Precondition failed: UID in precondition: ${toText(uid)}, UID in object meta: ${uidOf(before)}`;
    throw conflict(resource, name, why);
  }
  if (isReplacement && resource.isCustom && resourceVersion === undefined)
    throw invalid(resource, name, [
      {
        ...required(['metadata', 'resourceVersion']),
        reason: 'FieldValueInvalid',
        message: 'Invalid value: 0x0: must be specified for an update',
      },
    ]);
  if (
    resourceVersion !== undefined &&
    resourceVersion !== '' &&
    resourceVersion !== metadataOf(before)['resourceVersion']
  )
    throw modified(resource, name);
}

function requireNoNewFinalizer({ resource }: Endpoint, before: JsonObject, after: JsonObject): void {
  if (!isDeleting(before)) return;
  const known = finalizersOf(before);
  const added = finalizersOf(after).filter((each) => !known.includes(each));
  if (added.length === 0) return;
  const list = added.map((each) => JSON.stringify(each)).join(', ');
  const why = `no new finalizers can be added if the object is being deleted, found new finalizers []string{${list}}`;
  throw invalid(resource, nameOf(before), [forbiddenField(['metadata', 'finalizers'], why)]);
}

/** All that a generation counts: everything but metadata and status. */
function bodyOf(endpoint: Endpoint, object: JsonObject): JsonObject {
  const { metadata: _metadata, status, ...body } = object;
  return hasStatus(endpoint) ? body : { ...body, status };
}

function withNextGeneration({ endpoint, subresource }: Target, before: JsonObject, after: JsonObject): JsonObject {
  if (!hasGeneration(endpoint.resource) || subresource === 'binding') return after;
  if (isSameJson(bodyOf(endpoint, before), bodyOf(endpoint, after))) return after;
  return withMetadata(after, { generation: Number(metadataOf(before)['generation'] ?? 0) + 1 });
}

function withNewOwners(
  kernel: Kernel,
  target: Target,
  write: Write,
  states: readonly [JsonObject, JsonObject],
): JsonObject {
  const [before, after] = states;
  if (asksForReset(after)) return withMetadata(after, { managedFields: undefined });
  const given = readOwners(after);
  const owners = given.length > 0 ? given : readOwners(before);
  const { schema: node } = target.endpoint.version;
  const change = { node, before, after, by: ownerOf(target, write), time: timestamp(kernel.clock) };
  return withOwners(after, ownersAfterUpdate(kernel.types, change, owners));
}

/** Nothing holds the object any more: no finalizer, no grace, and of a namespace no content. */
function isReleased(object: JsonObject): boolean {
  const grace = Number(metadataOf(object)['deletionGracePeriodSeconds'] ?? 0);
  const held =
    object['kind'] === 'Namespace' && object['apiVersion'] === 'v1' && specOf(object)['finalizers'] !== undefined;
  return isDeleting(object) && finalizersOf(object).length === 0 && grace === 0 && !held;
}

function isUnchanged(before: JsonObject, after: JsonObject): boolean {
  const strip = (object: JsonObject): JsonObject =>
    withMetadata(object, { managedFields: undefined, resourceVersion: undefined });
  return isSameJson(strip(before), strip(after)) && ownersText(before) === ownersText(after);
}

/** The owners without the times of their last writes. */
function ownersText(object: JsonObject): string {
  return JSON.stringify(metadataOf(object)['managedFields'] ?? [], (key, value: unknown) =>
    key === 'time' ? undefined : value,
  );
}

function changedObject(
  kernel: Kernel,
  target: Target,
  write: Write,
  update: Update,
): readonly [JsonObject, JsonObject] {
  const { endpoint } = target;
  const before = requireObject(kernel, target);
  const raw = readObject(kernel, endpoint, update.change(before), { write, refuse: update.refuse });
  const placed = requirePlace(target, raw);
  requireVersion(target, before, placed, update.isReplacement);
  const prepared = prepareUpdate(endpoint.resource, before, withKindDefaults(kernel, endpoint, placed));
  const restricted = restrictTo(target, before, target.subresource === 'finalize' ? placed : prepared);
  return [before, withNextGeneration(target, before, withSystemFields(before, restricted))];
}

export function updateObject(kernel: Kernel, target: Target, write: Write, update: Update): JsonObject {
  const { endpoint } = target;
  const { resource } = endpoint;
  const [before, after] = changedObject(kernel, target, write, update);
  requireNoNewFinalizer(endpoint, before, after);
  requireValid(kernel, endpoint, after);
  const causes = target.subresource === '' ? updateCauses(resource, before, after) : [];
  if (causes.length > 0) throw invalid(resource, nameOf(before), causes);
  const owned = update.hasOwners ? after : withNewOwners(kernel, target, write, [before, after]);
  if (write.dryRun) return owned;
  if (isReleased(owned)) return presentAt(endpoint, kernel.store.remove(resource.key, storedForm(endpoint, owned)));
  if (isUnchanged(before, owned)) return before;
  return presentAt(endpoint, kernel.store.put(resource.key, storedForm(endpoint, owned)));
}
