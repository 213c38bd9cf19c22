// The pod spec of an object that makes pods, or is one.

import { podTemplatePath } from '../../kube/pod-template.ts';
import { asObject, asString, type JsonObject, valueAt } from '../../model/index.ts';
import type { ClonedObject } from './clone-plan.ts';

/** An empty object for all else. */
export function podTemplateOf({ object }: ClonedObject): JsonObject {
  const [group = ''] = (asString(object['apiVersion']) ?? '').split('/').slice(0, -1);
  const path = podTemplatePath(group, asString(object['kind']) ?? '');
  return path === undefined ? {} : asObject(valueAt(object, [...path, 'spec']));
}
