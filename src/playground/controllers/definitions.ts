// Custom resource definitions: accepted and established at once; deleted with all their objects.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import { finalizersOf, isDeleting, nameOf, specOf, statusOf, withMetadata } from '../objects/edit.ts';
import { definitionsKey } from '../resources/registry.ts';
import { isEstablished } from '../resources/custom.ts';
import { resourceKey } from '../resources/resource.ts';
import type { Actor } from './actor.ts';
import type { Controller } from './work-loop.ts';

const cleanup = 'customresourcecleanup.apiextensions.k8s.io';

function establish(actor: Actor, definition: JsonObject): void {
  const lastTransitionTime = timestamp(actor.kernel.clock);
  const versions = asArray(specOf(definition)['versions']).map(asObject);
  const stored = asString(versions.find((each) => each['storage'] === true)?.['name']) ?? '';
  const known = asArray(statusOf(definition)['storedVersions']);
  const conditions = [
    { type: 'NamesAccepted', status: 'True', lastTransitionTime, reason: 'NoConflicts', message: 'no conflicts found' },
    {
      type: 'Established',
      status: 'True',
      lastTransitionTime,
      reason: 'InitialNamesAccepted',
      message: 'the initial names have been accepted',
    },
  ];
  actor.setStatus(definitionsKey, definition, {
    conditions: isEstablished(definition) ? statusOf(definition)['conditions'] : conditions,
    acceptedNames: specOf(definition)['names'],
    storedVersions: known.includes(stored) ? known : [...known, stored],
  });
}

/** Deletes the definition's objects and tells whether any is left. */
function isEmptied(actor: Actor, definition: JsonObject): boolean {
  const spec = specOf(definition);
  const key = resourceKey(asString(spec['group']) ?? '', asString(asObject(spec['names'])['plural']) ?? '');
  for (const object of actor.list(key)) if (!isDeleting(object)) actor.delete(key, object);
  return actor.list(key).length === 0;
}

export const definitions: Controller = {
  name: 'definitions',
  keysFor: (actor, { resource, type, object }) => {
    if (resource === definitionsKey) return [nameOf(object)];
    const isCustom = type === 'DELETED' && actor.kernel.registry.findByKey(resource)?.isCustom === true;
    if (!isCustom) return [];
    const [group = '', plural = ''] = resource.split('/');
    return [`${plural}.${group}`];
  },
  reconcile: (actor, name) => {
    const definition = actor.find(definitionsKey, name);
    if (definition === undefined) return;
    if (!isDeleting(definition)) establish(actor, definition);
    else if (isEmptied(actor, definition))
      actor.change(definitionsKey, definition, (each) =>
        withMetadata(each, { finalizers: finalizersOf(each).filter((finalizer) => finalizer !== cleanup) }),
      );
  },
};
