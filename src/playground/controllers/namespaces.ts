// Namespaces: what each one has from the start, and how its content goes when it goes.

import { asArray, type JsonObject } from '../../model/index.ts';
import { isDeleting, nameOf, namespaceOf, specOf, withValue } from '../objects/edit.ts';
import type { Actor } from './actor.ts';
import type { Controller } from './work-loop.ts';

const resource = '/namespaces';
const rootCertificate = 'kube-root-ca.crt';

const certificateNote =
  'Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters.';

function furnish(actor: Actor, namespace: string): void {
  if (actor.get('/serviceaccounts', namespace, 'default') === undefined)
    actor.create('/serviceaccounts', {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'default', namespace },
    });
  if (actor.get('/configmaps', namespace, rootCertificate) !== undefined) return;
  const annotations = { 'kubernetes.io/description': certificateNote };
  const data = { 'ca.crt': 'the playground speaks plain HTTP and has no certificate authority\n' };
  actor.create('/configmaps', {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: rootCertificate, namespace, annotations },
    data,
  });
}

/** Deletes what is left and tells whether anything is. */
function isEmptied(actor: Actor, namespace: string): boolean {
  let left = 0;
  for (const each of actor.kernel.registry.all()) {
    if (!each.namespaced || !each.verbs.includes('delete')) continue;
    const objects = actor.list(each.key, namespace);
    for (const object of objects) if (!isDeleting(object)) actor.delete(each.key, object);
    left += actor.list(each.key, namespace).length;
  }
  return left === 0;
}

function finish(actor: Actor, namespace: JsonObject): void {
  const finalizers = asArray(specOf(namespace)['finalizers']).filter((each) => each !== 'kubernetes');
  const change = (each: JsonObject): JsonObject =>
    withValue(each, ['spec', 'finalizers'], finalizers.length === 0 ? undefined : finalizers);
  actor.change(resource, namespace, change, 'finalize');
}

const furniture: ReadonlySet<string> = new Set(['/serviceaccounts', '/configmaps']);

export const namespaces: Controller = {
  name: 'namespaces',
  keysFor: (actor, { type, resource: changed, object }) => {
    if (changed === resource) return [nameOf(object)];
    const namespace = namespaceOf(object);
    if (namespace === '' || type !== 'DELETED') return [];
    const owner = actor.get(resource, '', namespace);
    const matters = owner !== undefined && (isDeleting(owner) || furniture.has(changed));
    return matters ? [namespace] : [];
  },
  reconcile: (actor, name) => {
    const namespace = actor.find(resource, name);
    if (namespace === undefined) return;
    if (!isDeleting(namespace)) furnish(actor, name);
    else if (isEmptied(actor, name) && specOf(namespace)['finalizers'] !== undefined) finish(actor, namespace);
  },
};
