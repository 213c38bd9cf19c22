// Deletes an object: at once, or as soon as its finalizers, its grace and its dependents allow.

import { asNumber, asObject, asString, isSameJson, type JsonObject, toText } from '../../model/index.ts';
import { timestamp } from '../clock.ts';
import type { Kernel, Write } from '../kernel.ts';
import type { Resource } from '../resources/resource.ts';
import { conflict, invalid, type StatusError } from '../status-error.ts';
import { notSupported } from '../validation/causes.ts';
import {
  finalizersOf,
  isDeleting,
  metadataOf,
  nameOf,
  specOf,
  statusOf,
  uidOf,
  withMetadata,
  withValue,
} from './edit.ts';
import { requireMortal } from './namespaces.ts';
import { presentAt, requireObject, storedForm, type Target } from './target.ts';

export interface Deletion {
  /** As it was last, or as it waits to go. */
  readonly object: JsonObject;
  readonly isGone: boolean;
}

type Propagation = 'Background' | 'Foreground' | 'Orphan';

const policies: readonly string[] = ['Foreground', 'Background', 'Orphan'];

/** Source: the check of the generic registry, whose words name the kind. */
function unmet(resource: Resource, object: JsonObject, why: string): StatusError {
  return conflict({ group: resource.group, plural: resource.kind }, nameOf(object), why);
}

function requirePreconditions(resource: Resource, object: JsonObject, options: JsonObject): void {
  const { uid, resourceVersion } = asObject(options['preconditions']);
  const own = metadataOf(object);
  if (uid !== undefined && uid !== own['uid']) {
    const why = `the UID in the precondition (${toText(uid)}) does not match the UID in record (${uidOf(object)}). The object might have been deleted and then recreated`;
    throw unmet(resource, object, why);
  }
  if (resourceVersion === undefined || resourceVersion === own['resourceVersion']) return;
  const why = `the ResourceVersion in the precondition (${toText(resourceVersion)}) does not match the ResourceVersion in record (${toText(own['resourceVersion'])}). The object might have been modified`;
  throw unmet(resource, object, why);
}

/** Jobs leave their pods behind unless told otherwise, as they did before propagation was invented. */
function propagationOf(resource: Resource, object: JsonObject, options: JsonObject): Propagation {
  const asked = asString(options['propagationPolicy']);
  if (asked === 'Background' || asked === 'Foreground' || asked === 'Orphan') return asked;
  if (asked !== undefined) {
    const cause = notSupported(['propagationPolicy'], asked, [...policies, 'nil']);
    throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', [cause]);
  }
  if (options['orphanDependents'] === true) return 'Orphan';
  if (options['orphanDependents'] === false) return 'Background';
  const finalizers = finalizersOf(object);
  if (finalizers.includes('orphan')) return 'Orphan';
  if (finalizers.includes('foregroundDeletion')) return 'Foreground';
  return resource.key === 'batch/jobs' ? 'Orphan' : 'Background';
}

const garbageFinalizers: Readonly<Record<Propagation, readonly string[]>> = {
  Background: [],
  Foreground: ['foregroundDeletion'],
  Orphan: ['orphan'],
};

function finalizersFor(object: JsonObject, propagation: Propagation): readonly string[] {
  const own = finalizersOf(object).filter((each) => each !== 'orphan' && each !== 'foregroundDeletion');
  return [...own, ...garbageFinalizers[propagation]];
}

/** Seconds until a pod is gone; one that runs nowhere, or no more, goes at once. */
function graceOf(resource: Resource, object: JsonObject, options: JsonObject): number {
  if (resource.key !== '/pods') return 0;
  const isOver = ['Succeeded', 'Failed'].includes(asString(statusOf(object)['phase']) ?? '');
  if (isOver || specOf(object)['nodeName'] === undefined) return 0;
  const asked = asNumber(options['gracePeriodSeconds']);
  return asked ?? asNumber(specOf(object)['terminationGracePeriodSeconds']) ?? 30;
}

function isHeld(resource: Resource, finalizers: readonly string[], object: JsonObject): boolean {
  const hasContent = resource.key === '/namespaces' && specOf(object)['finalizers'] !== undefined;
  return finalizers.length > 0 || hasContent;
}

/** The object with its end in sight. A second deletion can only bring it nearer. */
function marked(kernel: Kernel, resource: Resource, object: JsonObject, grace: number): JsonObject {
  const known = asNumber(metadataOf(object)['deletionGracePeriodSeconds']) ?? 0;
  const generation = asNumber(metadataOf(object)['generation']);
  const isAgain = isDeleting(object);
  const seconds = isAgain ? Math.min(known, grace) : grace;
  const end = timestamp({ ...kernel.clock, now: () => kernel.clock.now() + seconds * 1000 });
  const time = isAgain && seconds === known ? metadataOf(object)['deletionTimestamp'] : end;
  const dated = withMetadata(object, {
    deletionTimestamp: time,
    deletionGracePeriodSeconds: resource.key === '/namespaces' ? undefined : seconds,
    generation: isAgain || generation === undefined ? generation : generation + 1,
  });
  return resource.key === '/namespaces' ? withValue(dated, ['status', 'phase'], 'Terminating') : dated;
}

const orphanedPods =
  'child pods are preserved by default when jobs are deleted; set propagationPolicy=Background to remove them or set propagationPolicy=Orphan to suppress this warning';

/** Writes down that the object is to go, unless that is known already. */
function holdOn(kernel: Kernel, { endpoint }: Target, current: JsonObject, waiting: JsonObject): Deletion {
  if (isDeleting(current) && isSameJson(waiting, current)) return { object: current, isGone: false };
  const stored = kernel.store.put(endpoint.resource.key, storedForm(endpoint, waiting));
  return { object: presentAt(endpoint, stored), isGone: false };
}

export function deleteObject(kernel: Kernel, target: Target, write: Write, options: JsonObject): Deletion {
  const { endpoint } = target;
  const { resource } = endpoint;
  requireMortal(resource, target.name);
  const current = requireObject(kernel, target);
  requirePreconditions(resource, current, options);
  if (resource.key === 'batch/jobs' && options['propagationPolicy'] === undefined) write.warnings.push(orphanedPods);
  const finalizers = finalizersFor(current, propagationOf(resource, current, options));
  const grace = graceOf(resource, current, options);
  const next = withMetadata(current, { finalizers: finalizers.length === 0 ? undefined : [...finalizers] });
  const waits = isHeld(resource, finalizers, current) || grace > 0;
  const object = waits ? marked(kernel, resource, next, grace) : next;
  if (write.dryRun) return { object, isGone: !waits };
  if (waits) return holdOn(kernel, target, current, object);
  return { object: presentAt(endpoint, kernel.store.remove(resource.key, storedForm(endpoint, next))), isGone: true };
}
