// How controllers read and write: through the same rules as everybody, under the controller manager's name.

import type { JsonObject } from '../../model/index.ts';
import type { Kernel, Write } from '../kernel.ts';
import { createObject } from '../objects/create.ts';
import { deleteObject } from '../objects/delete.ts';
import { metadataOf, nameOf, namespaceOf, uidOf } from '../objects/edit.ts';
import { refuseObject } from '../objects/read-body.ts';
import type { Target } from '../objects/target.ts';
import { updateObject } from '../objects/update.ts';
import { preferredEndpoint } from '../resources/registry.ts';
import { StatusError } from '../status-error.ts';
import type { OwnerIndex } from './owner-index.ts';

/** Somebody else was faster, or the namespace is going away: what is needed then, an event will tell. */
const harmless: ReadonlySet<number> = new Set([403, 404, 409]);

export class Actor {
  readonly kernel: Kernel;
  readonly owners: OwnerIndex;

  constructor(kernel: Kernel, owners: OwnerIndex) {
    this.kernel = kernel;
    this.owners = owners;
  }

  #write(fieldManager: string): Write {
    const user = { name: `system:${fieldManager}`, groups: ['system:masters'] };
    return { user, dryRun: false, fieldManager, fieldValidation: 'Ignore', warnings: [] };
  }

  #target(resource: string, namespace: string, name: string, subresource = ''): Target | undefined {
    const found = this.kernel.registry.findByKey(resource);
    const endpoint = found === undefined ? undefined : preferredEndpoint(found);
    return endpoint === undefined ? undefined : { endpoint, namespace, name, subresource };
  }

  #attempt<T>(work: () => T): T | undefined {
    try {
      return work();
    } catch (error) {
      if (error instanceof StatusError && harmless.has(error.facts.code)) return undefined;
      throw error;
    }
  }

  get(resource: string, namespace: string, name: string): JsonObject | undefined {
    return this.kernel.store.get(resource, namespace, name);
  }

  /** The object at `namespace/name`, or at a name alone. */
  find(resource: string, key: string): JsonObject | undefined {
    const slash = key.indexOf('/');
    return slash === -1 ? this.get(resource, '', key) : this.get(resource, key.slice(0, slash), key.slice(slash + 1));
  }

  list(resource: string, namespace?: string): readonly JsonObject[] {
    const all = this.kernel.store.list(resource);
    return namespace === undefined ? all : all.filter((each) => namespaceOf(each) === namespace);
  }

  create(resource: string, object: JsonObject): JsonObject | undefined {
    const target = this.#target(resource, namespaceOf(object), '');
    if (target === undefined) return undefined;
    const write = this.#write('kube-controller-manager');
    return this.#attempt(() => createObject(this.kernel, target, write, { raw: object, hasOwners: false }));
  }

  /** Changes an object, or one of its subresources; nothing happens where it is gone. */
  change(
    resource: string,
    object: JsonObject,
    change: (current: JsonObject) => JsonObject,
    subresource = '',
  ): JsonObject | undefined {
    const target = this.#target(resource, namespaceOf(object), nameOf(object), subresource);
    if (target === undefined) return undefined;
    const write = this.#write(resource === '/pods' && subresource === 'status' ? 'kubelet' : 'kube-controller-manager');
    const update = { change, refuse: refuseObject(target.endpoint), hasOwners: false, isReplacement: false };
    return this.#attempt(() => updateObject(this.kernel, target, write, update));
  }

  setStatus(resource: string, object: JsonObject, status: JsonObject): void {
    this.change(resource, object, (current) => ({ ...current, status }), 'status');
  }

  delete(resource: string, object: JsonObject, options: JsonObject = {}): void {
    const target = this.#target(resource, namespaceOf(object), nameOf(object));
    if (target === undefined) return;
    const preconditions = { uid: uidOf(object) };
    const write = this.#write('kube-controller-manager');
    this.#attempt(() =>
      deleteObject(this.kernel, target, write, { propagationPolicy: 'Background', ...options, preconditions }),
    );
  }

  /** Objects of a resource that name this one as an owner, but for those that are on their way out. */
  ownedBy(object: JsonObject, resource: string): JsonObject[] {
    return this.owners
      .ownedBy(uidOf(object), resource)
      .filter((each) => metadataOf(each)['deletionTimestamp'] === undefined);
  }
}
