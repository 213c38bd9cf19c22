// Changes an object on its way back by the rules that are for it. Pure.

import { applyJsonPatch } from '../../../kube/patch/json-patch.ts';
import { applyMergePatch } from '../../../kube/patch/merge-patch.ts';
import { PatchError } from '../../../kube/patch/patch-error.ts';
import { asObject, asString, type JsonObject } from '../../../model/index.ts';
import type { EntryPlace } from '../../archive/entry-names.ts';
import type { ModifierRule } from './parse-modifiers.ts';

/** A strategic merge patch needs to know the kinds: which lists merge by which key. Throws `PatchError` for a kind that nobody knows. */
export type MergeStrategically = (object: JsonObject, patch: JsonObject) => JsonObject;

export interface Modifiers {
  readonly rules: readonly ModifierRule[];
  readonly mergeStrategically: MergeStrategically;
}

/** Where a test does not hold, the rule is for other objects. */
function holds({ tests }: ModifierRule, object: JsonObject): boolean {
  try {
    applyJsonPatch(object, tests);
    return true;
  } catch (error) {
    if (error instanceof PatchError && error.fault !== 'malformed') return false;
    throw error;
  }
}

function applyRule({ patch }: ModifierRule, object: JsonObject, { mergeStrategically }: Modifiers): JsonObject {
  switch (patch.type) {
    case 'json':
      return applyJsonPatch(object, patch.operations);
    case 'merge':
      return patch.patches.reduce(applyMergePatch, object);
    case 'strategic':
      return patch.patches.reduce(mergeStrategically, object);
  }
}

/** A patch whose own test fails leaves the object as it is, as for Velero. */
function tryRule(rule: ModifierRule, object: JsonObject, modifiers: Modifiers): JsonObject {
  try {
    return applyRule(rule, object, modifiers);
  } catch (error) {
    if (!(error instanceof PatchError)) throw error;
    if (error.fault === 'test-failed') return object;
    throw new PatchError(error.fault, `${rule.where} does not fit: ${error.message}`);
  }
}

function withNamespace(object: JsonObject, namespace: string): JsonObject {
  return namespace === '' ? object : { ...object, metadata: { ...asObject(object['metadata']), namespace } };
}

/**
 * The object after all rules that are for it, in their order. Rules see the namespace that it was saved in; where it goes, no rule decides. Throws
 * `PatchError` where a rule does not fit.
 */
export function applyModifiers(modifiers: Modifiers, place: EntryPlace, object: JsonObject): JsonObject {
  const target = asString(asObject(object['metadata'])['namespace']) ?? '';
  const modified = modifiers.rules.reduce(
    (each, rule) => {
      const labels = asObject(asObject(each['metadata'])['labels']);
      const isMeant = rule.takes(place.groupResource, place.namespace, place.name, labels) && holds(rule, each);
      return isMeant ? tryRule(rule, each, modifiers) : each;
    },
    withNamespace(object, place.namespace),
  );
  return withNamespace(modified, target);
}
