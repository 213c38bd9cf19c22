// Makes an object, as POST does, or an apply to a name that is free.

import { type Owner, ownersAfterUpdate, withOwners } from '../apply/managed-fields.ts';
import { asString, type JsonObject } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import type { Kernel, Write } from '../kernel.ts';
import type { Endpoint } from '../resources/resource.ts';
import { alreadyExists, invalid, StatusError } from '../status-error.ts';
import { kindCauses } from '../validation/kinds.ts';
import { metadataCauses } from '../validation/metadata.ts';
import { schemaCauses } from '../validation/schema.ts';
import { metadataOf, nameOf, namespaceOf, withMetadata } from './edit.ts';
import { requireNamespace } from './namespaces.ts';
import { prepareNew } from './new-objects.ts';
import { admitByPodSecurity } from './pod-security.ts';
import { readObject, refuseObject, requirePlace, withKindDefaults } from './read-body.ts';
import { hasStatus, presentAt, storedForm, type Target, targetVersion } from './target.ts';

/** A name is 63 characters at most, five of which are made up. */
const longestPrefix = 58;

function withGeneratedName({ store, newSuffix }: Kernel, { resource }: Endpoint, object: JsonObject): JsonObject {
  const prefix = asString(metadataOf(object)['generateName']) ?? '';
  if (nameOf(object) !== '' || prefix === '') return object;
  for (let attempt = 0; attempt < 8; attempt += 1) {
    const name = `${prefix.slice(0, longestPrefix)}${newSuffix()}`;
    if (store.get(resource.key, namespaceOf(object), name) === undefined) return withMetadata(object, { name });
  }
  throw alreadyExists(resource, prefix);
}

function withSystemFields({ newUid, clock }: Kernel, object: JsonObject): JsonObject {
  if (metadataOf(object)['resourceVersion'] !== undefined)
    throw new StatusError('resourceVersion should not be set on objects to be created', { code: 500 });
  return withMetadata(object, {
    uid: newUid(),
    creationTimestamp: timestamp(clock),
    deletionTimestamp: undefined,
    deletionGracePeriodSeconds: undefined,
    selfLink: undefined,
  });
}

/** Kinds that keep the status they are made with. */
const keepsStatus: ReadonlySet<string> = new Set(['/nodes']);

function withoutStatus(endpoint: Endpoint, object: JsonObject): JsonObject {
  if (!hasStatus(endpoint) || keepsStatus.has(endpoint.resource.key)) return object;
  const { status: _status, ...rest } = object;
  return rest;
}

export function requireValid(kernel: Kernel, endpoint: Endpoint, object: JsonObject): void {
  const { resource } = endpoint;
  const causes = [
    ...metadataCauses(resource, object),
    ...schemaCauses(kernel, endpoint, object),
    ...kindCauses(resource, object),
  ];
  if (causes.length > 0) throw invalid(resource, nameOf(object), causes);
}

export function ownerOf(target: Target, { fieldManager }: Write): Owner {
  const { endpoint, subresource } = target;
  return { manager: fieldManager, operation: 'Update', apiVersion: targetVersion(endpoint), subresource };
}

interface NewObject {
  readonly raw: JsonObject;
  /** True where the object comes with its owners, from an apply. */
  readonly hasOwners: boolean;
}

export function createObject(kernel: Kernel, target: Target, write: Write, { raw, hasOwners }: NewObject): JsonObject {
  const { endpoint, namespace } = target;
  const { resource, version } = endpoint;
  const read = readObject(kernel, endpoint, raw, { write, refuse: refuseObject(endpoint) });
  const placed = withGeneratedName(kernel, endpoint, requirePlace(target, read));
  requireNamespace(kernel, resource, namespace, nameOf(placed));
  const begun = withoutStatus(endpoint, withSystemFields(kernel, placed));
  const object = prepareNew(kernel, resource, withKindDefaults(kernel, endpoint, begun));
  admitByPodSecurity(kernel, resource, object, write);
  requireValid(kernel, endpoint, object);
  if (kernel.store.get(resource.key, namespace, nameOf(object)) !== undefined)
    throw alreadyExists(resource, nameOf(object));
  const change = {
    node: version.schema,
    before: undefined,
    after: object,
    by: ownerOf(target, write),
    time: timestamp(kernel.clock),
  };
  const owned = hasOwners ? object : withOwners(object, ownersAfterUpdate(kernel.types, change, []));
  if (write.dryRun) return owned;
  return presentAt(endpoint, kernel.store.put(resource.key, storedForm(endpoint, owned)));
}
