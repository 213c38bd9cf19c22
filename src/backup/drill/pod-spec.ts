// Changes the pod spec of an object that makes pods, or is one.

import { podTemplatePath } from '../../kube/pod-template.ts';
import { asObject, asString, type JsonObject } from '../../model/index.ts';
import { changeAt } from '../restore/edit-object.ts';

/** The same object where nothing changes, or where it makes no pods. */
export function changePodSpec(object: JsonObject, change: (spec: JsonObject) => JsonObject): JsonObject {
  const [group = ''] = (asString(object['apiVersion']) ?? '').split('/').slice(0, -1);
  const path = podTemplatePath(group, asString(object['kind']) ?? '');
  return path === undefined ? object : changeAt(object, [...path, 'spec'], (spec) => change(asObject(spec)));
}
