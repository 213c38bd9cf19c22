// Whether a volume is one that a policy means: pure. Source: Velero 1.18, internal/resourcepolicies.

import { asArray, asObject, asString, type JsonObject } from '../../model/index.ts';
import { type CapacityRange, isInRange, sizeOf } from './capacity.ts';
import { type PolicyConditions, volumeTypes } from './policy-schema.ts';

/** What is known of a volume; a claim that is bound to none has no persistent volume. */
export interface VolumeFacts {
  /** As it stands in the pod, where a pod has it. */
  readonly podVolume?: JsonObject | undefined;
  readonly claim: JsonObject | undefined;
  /** The persistent volume. */
  readonly volume: JsonObject | undefined;
}

/** Conditions that are ready to be held against a volume. */
export interface ReadyConditions {
  readonly conditions: PolicyConditions;
  readonly capacity: CapacityRange;
}

/** The persistent volume says what kind it is; of others the pod does. */
function sourceOf({ volume, podVolume }: VolumeFacts): JsonObject {
  return volume === undefined ? asObject(podVolume) : asObject(volume['spec']);
}

function typeOf(source: JsonObject): string {
  const type = volumeTypes.find((each) => source[each] !== undefined) ?? '';
  return type === 'storageos' ? 'storageOS' : type;
}

function isOne(wanted: readonly string[] | null | undefined, value: string): boolean {
  return (wanted ?? []).length === 0 || (value !== '' && (wanted ?? []).includes(value));
}

/** What is left out of the wish may be anything. */
function isSame(wanted: string | null | undefined, value: unknown): boolean {
  return (wanted ?? '') === '' || wanted === asString(value);
}

function hasAll(wanted: Readonly<Record<string, string>> | null | undefined, has: JsonObject): boolean {
  return Object.entries(wanted ?? {}).every(([key, value]) => asString(has[key]) === value);
}

/** An empty text stands for an attribute that is not there, but not where there are none at all. */
function hasAttributes(wanted: Readonly<Record<string, string>> | null | undefined, has: JsonObject): boolean {
  const pairs = Object.entries(wanted ?? {});
  if (pairs.length > 0 && Object.keys(has).length === 0) return false;
  return pairs.every(([key, value]) => (asString(has[key]) ?? '') === value);
}

function matchesSource({ nfs, csi, volumeTypes: types }: PolicyConditions, source: JsonObject): boolean {
  if (nfs) {
    const own = asObject(source['nfs']);
    if (source['nfs'] === undefined || !isSame(nfs.server, own['server']) || !isSame(nfs.path, own['path']))
      return false;
  }
  if (csi) {
    const own = asObject(source['csi']);
    if (source['csi'] === undefined || !isSame(csi.driver, own['driver'])) return false;
    if (!hasAttributes(csi.volumeAttributes, asObject(own['volumeAttributes']))) return false;
  }
  return isOne(types, typeOf(source));
}

/** The same modes and no others, in any order. */
function hasModes(wanted: readonly string[] | undefined, claim: JsonObject): boolean {
  if (wanted === undefined || wanted.length === 0) return true;
  const own = asArray(asObject(claim['spec'])['accessModes']);
  return (
    own.length === wanted.length &&
    wanted.every((mode) => own.includes(mode)) &&
    own.every((mode) => wanted.includes(asString(mode) ?? ''))
  );
}

function matchesClaim(conditions: PolicyConditions, claim: JsonObject): boolean {
  const { pvcLabels, pvcPhase, pvcVolumeMode, pvcAccessModes } = conditions;
  const { labels } = asObject(claim['metadata']);
  return (
    hasAll(pvcLabels, asObject(labels)) &&
    isOne(pvcPhase, asString(asObject(claim['status'])['phase']) ?? '') &&
    isSame(pvcVolumeMode, asObject(claim['spec'])['volumeMode']) &&
    hasModes(pvcAccessModes, claim)
  );
}

/** All conditions hold; a policy without any is for every volume. */
export function matchesVolume({ conditions, capacity }: ReadyConditions, facts: VolumeFacts): boolean {
  const { storageClassName, capacity: size } = asObject(facts.volume?.['spec']);
  return (
    isInRange(capacity, sizeOf(asString(asObject(size)['storage']) ?? '0')) &&
    isOne(conditions.storageClass, asString(storageClassName) ?? '') &&
    matchesSource(conditions, sourceOf(facts)) &&
    matchesClaim(conditions, asObject(facts.claim))
  );
}
