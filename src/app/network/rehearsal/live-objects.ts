// What a live rehearsal makes in a namespace of the app beside the policies: stand-ins that nobody adopts and nobody calls, and a Job that takes all of it away when nobody else does.

import { asObject, asString, type JsonObject } from '../../../model/index.ts';
import type { StandIn } from '../../../inference/index.ts';
import { callingPod } from './stand-in-pod.ts';

/** Never set by anybody: the pod is never ready, and no Service sends it traffic. */
const neverReady = 'nowwhat.dev/takes-no-traffic';

/** So that a mesh adds no proxy, which would answer in the place of whoever is called. Sources: Istio, Linkerd. */
const withoutProxy = { 'sidecar.istio.io/inject': 'false', 'linkerd.io/inject': 'disabled' };

const managed = { 'app.kubernetes.io/managed-by': 'nowwhat' };
const purpose = { 'nowwhat.dev/purpose': 'rehearses network policies; may be deleted at any time' };

function metadataOf(namespace: string, name: string): JsonObject {
  return { namespace, name, labels: { ...managed }, annotations: { ...purpose } };
}

/**
 * Runs no pod. After the time it fails, is deleted, and the garbage collector deletes what it owns, also where this program was killed. Source:
 * batch/v1, activeDeadlineSeconds counts from the start of the Job, ttlSecondsAfterFinished since 1.23.
 */
export function timerJob(namespace: string, name: string, seconds: number): JsonObject {
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: metadataOf(namespace, name),
    spec: {
      parallelism: 0,
      activeDeadlineSeconds: seconds,
      ttlSecondsAfterFinished: 0,
      template: { spec: callingPod('none', seconds) },
    },
  };
}

/** The controller of the stand-ins: pods that have one are adopted by no other. */
export function holderOf(namespace: string, name: string): JsonObject {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadataOf(namespace, name) };
}

function referenceTo({ apiVersion = null, kind = null, metadata }: JsonObject): JsonObject {
  const { name = null, uid = null } = asObject(metadata);
  return { apiVersion, kind, name, uid };
}

/** Goes when its owner goes. */
export function ownedBy(owner: JsonObject, object: JsonObject, how: { readonly controller?: true } = {}): JsonObject {
  const ownerReferences = [{ ...referenceTo(owner), ...how }];
  return { ...object, metadata: { ...asObject(object['metadata']), ownerReferences } };
}

/** With the labels of the workload and no other, so that policies hold it as they hold that. */
export function liveStandIn({ name, namespace, labels }: StandIn, image: string, seconds: number): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace, labels: { ...labels }, annotations: { ...purpose, ...withoutProxy } },
    spec: { ...callingPod(image, seconds), readinessGates: [{ conditionType: neverReady }] },
  };
}

export function uidOf({ metadata }: JsonObject): string {
  return asString(asObject(metadata)['uid']) ?? '';
}
