// Pods as workloads make them, and what workloads want to know of them.

import { asArray, asNumber, asObject, asString, type JsonObject } from '../../model/index.ts';
import { compact, labelsOf, metadataOf, nameOf, namespaceOf, specOf, statusOf, uidOf } from '../objects/edit.ts';

export function ownerReference(owner: JsonObject): JsonObject {
  return {
    apiVersion: asString(owner['apiVersion']) ?? '',
    kind: asString(owner['kind']) ?? '',
    name: nameOf(owner),
    uid: uidOf(owner),
    controller: true,
    blockOwnerDeletion: true,
  };
}

interface PodName {
  readonly name?: string;
  readonly generateName?: string;
}

/** A pod of a workload's template. */
export function podFrom(owner: JsonObject, template: JsonObject, called: PodName, labels: JsonObject = {}): JsonObject {
  const { annotations } = metadataOf(template);
  const metadata = compact({
    ...called,
    namespace: namespaceOf(owner),
    labels: { ...labelsOf(template), ...labels },
    annotations,
    ownerReferences: [ownerReference(owner)],
  });
  return { apiVersion: 'v1', kind: 'Pod', metadata, spec: specOf(template) };
}

export function isReady(pod: JsonObject): boolean {
  const conditions = asArray(statusOf(pod)['conditions']).map(asObject);
  return conditions.some((each) => each['type'] === 'Ready' && each['status'] === 'True');
}

export function phaseOf(pod: JsonObject): string {
  return asString(statusOf(pod)['phase']) ?? 'Pending';
}

export function isActive(pod: JsonObject): boolean {
  return !['Succeeded', 'Failed'].includes(phaseOf(pod));
}

export function replicasOf(workload: JsonObject): number {
  return asNumber(specOf(workload)['replicas']) ?? 1;
}

export function generationOf(object: JsonObject): number {
  return asNumber(metadataOf(object)['generation']) ?? 0;
}

const letters = 'bcdfghjklmnpqrstvwxz2456789';

/** A short name for a template: the same for the same template. FNV-1a over its text. */
export function templateHash(template: JsonObject): string {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(JSON.stringify(template))) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return Array.from(String(hash), (digit) => letters.charAt(Number(digit) + 7)).join('');
}
