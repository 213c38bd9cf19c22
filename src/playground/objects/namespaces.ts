// A namespace's life cycle as writes feel it: nothing is made in one that is missing or going away.

import type { JsonObject } from '../../model/index.ts';
import type { Kernel } from '../kernel.ts';
import type { Resource } from '../resources/resource.ts';
import { forbidden, notFound } from '../status-error.ts';
import { isDeleting } from './edit.ts';

const namespaces = { group: '', plural: 'namespaces' };
const lasting: ReadonlySet<string> = new Set(['default', 'kube-system', 'kube-public']);

export function findNamespace({ store }: Kernel, name: string): JsonObject | undefined {
  return store.get('/namespaces', '', name);
}

/** Refuses a new object where its namespace is not there, or is being deleted. */
export function requireNamespace(kernel: Kernel, resource: Resource, namespace: string, name: string): void {
  if (!resource.namespaced) return;
  const found = findNamespace(kernel, namespace);
  if (found === undefined) throw notFound(namespaces, namespace);
  if (!isDeleting(found)) return;
  const message = `namespace ${namespace} is being terminated`;
  const causes = [{ reason: 'NamespaceTerminating', message, field: 'metadata.namespace' }];
  const why = `unable to create new content in namespace ${namespace} because it is being terminated`;
  throw forbidden(resource, name, why, causes);
}

export function requireMortal(resource: Resource, name: string): void {
  if (resource.key === '/namespaces' && lasting.has(name))
    throw forbidden(namespaces, name, 'this namespace may not be deleted');
}
