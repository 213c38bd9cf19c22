// Collects garbage: objects whose owners are gone, in the order and to the extent that the deletion asked for.
// Source: "Garbage Collection" of Kubernetes, tried on 1.34.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { parseApiVersion } from '../../kube/api-version.ts';
import {
  finalizersOf,
  isDeleting,
  metadataOf,
  nameOf,
  namespaceOf,
  ownersOf,
  uidOf,
  withMetadata,
} from '../objects/edit.ts';
import { keyOf } from '../store/store.ts';
import type { Actor } from './actor.ts';
import type { Reference } from './owner-index.ts';
import type { Controller } from './work-loop.ts';

const orphan = 'orphan';
const foreground = 'foregroundDeletion';

function objectAt(actor: Actor, { resource, namespace, name }: Reference): JsonObject | undefined {
  return actor.get(resource, namespace, name);
}

function dependentsOf(actor: Actor, owner: JsonObject): (readonly [Reference, JsonObject])[] {
  return actor.owners.referencesTo(uidOf(owner)).flatMap((reference) => {
    const object = objectAt(actor, reference);
    return object === undefined ? [] : [[reference, object] as const];
  });
}

function without(list: readonly string[], name: string): string[] {
  return list.filter((each) => each !== name);
}

function releaseOwner(actor: Actor, resource: string, owner: JsonObject, finalizer: string): void {
  actor.change(resource, owner, (each) => withMetadata(each, { finalizers: without(finalizersOf(each), finalizer) }));
}

function dropReference(object: JsonObject, uid: string): JsonObject {
  const left = asArray(metadataOf(object)['ownerReferences']).filter((each) => asObject(each)['uid'] !== uid);
  return withMetadata(object, { ownerReferences: left.length === 0 ? undefined : left });
}

/** The owner goes, its dependents stay and forget it. */
function orphanDependents(actor: Actor, resource: string, owner: JsonObject): void {
  for (const [reference, object] of dependentsOf(actor, owner))
    actor.change(reference.resource, object, (each) => dropReference(each, uidOf(owner)));
  releaseOwner(actor, resource, owner, orphan);
}

function blocks(object: JsonObject, owner: JsonObject): boolean {
  return ownersOf(object).some((each) => each['uid'] === uidOf(owner) && each['blockOwnerDeletion'] === true);
}

/** The dependents go first; the owner waits for those that block it. */
function deleteInForeground(actor: Actor, resource: string, owner: JsonObject): void {
  for (const [reference, object] of dependentsOf(actor, owner))
    if (!isDeleting(object)) actor.delete(reference.resource, object, { propagationPolicy: 'Foreground' });
  if (dependentsOf(actor, owner).every(([, object]) => !blocks(object, owner)))
    releaseOwner(actor, resource, owner, foreground);
}

function ownerExists(actor: Actor, object: JsonObject, reference: JsonObject): boolean {
  const { group } = parseApiVersion(asString(reference['apiVersion']) ?? '');
  const resource = actor.kernel.registry.findKind(group, asString(reference['kind']) ?? '');
  // Of a kind that is not served nothing is known, so nothing is done.
  if (resource === undefined) return true;
  const namespace = resource.namespaced ? namespaceOf(object) : '';
  const found = actor.get(resource.key, namespace, asString(reference['name']) ?? '');
  return found !== undefined && uidOf(found) === reference['uid'];
}

/** An object goes when the last of its owners has gone; others it just forgets. */
function collect(actor: Actor, reference: Reference): void {
  const object = objectAt(actor, reference);
  if (object === undefined || isDeleting(object)) return;
  const owners = ownersOf(object);
  const gone = owners.filter((each) => !ownerExists(actor, object, each));
  if (gone.length === 0) return;
  if (gone.length === owners.length) {
    actor.delete(reference.resource, object);
    return;
  }
  actor.change(reference.resource, object, (each) =>
    gone.reduce((left, { uid }) => dropReference(left, asString(uid) ?? ''), each),
  );
}

function reconcile(actor: Actor, key: string): void {
  const [resource = '', place = ''] = key.split(' ');
  const slash = place.indexOf('/');
  const [namespace, name] = slash === -1 ? ['', place] : [place.slice(0, slash), place.slice(slash + 1)];
  const object = actor.get(resource, namespace, name);
  if (object === undefined) return;
  const finalizers = finalizersOf(object);
  if (isDeleting(object) && finalizers.includes(orphan)) orphanDependents(actor, resource, object);
  else if (isDeleting(object) && finalizers.includes(foreground)) deleteInForeground(actor, resource, object);
  else collect(actor, { resource, namespace, name });
}

function keyOfReference({ resource, namespace, name }: Reference): string {
  return `${resource} ${keyOf(namespace, name)}`;
}

function ownerKeys(actor: Actor, object: JsonObject): string[] {
  return ownersOf(object).flatMap((owner) => {
    const { group } = parseApiVersion(asString(owner['apiVersion']) ?? '');
    const found = actor.kernel.registry.findKind(group, asString(owner['kind']) ?? '');
    const name = asString(owner['name']) ?? '';
    return found === undefined ? [] : [`${found.key} ${keyOf(found.namespaced ? namespaceOf(object) : '', name)}`];
  });
}

export const garbage: Controller = {
  name: 'garbage',
  keysFor: (actor, { type, resource, object }) => {
    const own = keyOfReference({ resource, namespace: namespaceOf(object), name: nameOf(object) });
    if (type === 'DELETED')
      return [...actor.owners.referencesTo(uidOf(object)).map(keyOfReference), ...ownerKeys(actor, object)];
    if (isDeleting(object)) return [own];
    // A new dependent may name an owner that has gone already.
    return type === 'ADDED' && ownersOf(object).length > 0 ? [own] : [];
  },
  reconcile,
};
