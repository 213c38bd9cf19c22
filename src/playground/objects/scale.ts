// The scale subresource: replicas of anything that has some, in one form. Source: autoscaling/v1.

import { compileSelector, formatSelector } from '../../kube/selectors.ts';
import { asNumber, asObject, asString, type Json, type JsonObject, type Path, valueAt } from '../../model/index.ts';
import type { ScalePaths } from '../resources/resource.ts';
import { invalid } from '../status-error.ts';
import { invalidValue } from '../validation/causes.ts';
import { compact, metadataOf, nameOf, specOf, withValue } from './edit.ts';
import type { Target } from './target.ts';

const builtIn: ScalePaths = { replicas: '.spec.replicas', statusReplicas: '.status.replicas' };

function pathsOf({ endpoint }: Target): ScalePaths {
  return endpoint.version.scale ?? builtIn;
}

/** `.spec.replicas` to its steps. */
function stepsOf(path: string): Path {
  return path.split('.').slice(1);
}

function selectorText(target: Target, object: JsonObject): Json | undefined {
  const { selector } = pathsOf(target);
  if (target.endpoint.resource.isCustom) return selector === undefined ? undefined : valueAt(object, stepsOf(selector));
  return formatSelector(compileSelector(specOf(object)['selector']));
}

/** An object as its scale. */
export function scaleOf(target: Target, object: JsonObject): JsonObject {
  const paths = pathsOf(target);
  const { name, namespace, uid, resourceVersion, creationTimestamp } = metadataOf(object);
  return {
    kind: 'Scale',
    apiVersion: 'autoscaling/v1',
    metadata: compact({ name, namespace, uid, resourceVersion, creationTimestamp }),
    spec: compact({ replicas: asNumber(valueAt(object, stepsOf(paths.replicas))) }),
    status: compact({
      replicas: asNumber(valueAt(object, stepsOf(paths.statusReplicas))) ?? 0,
      selector: selectorText(target, object),
    }),
  };
}

/** The object with the replicas that a scale asks for. */
export function withScale(target: Target, object: JsonObject, scale: JsonObject): JsonObject {
  const replicas = asNumber(asObject(scale['spec'])['replicas']) ?? 0;
  if (replicas < 0) {
    const cause = invalidValue(['spec', 'replicas'], replicas, 'must be greater than or equal to 0');
    throw invalid({ group: 'autoscaling', kind: 'Scale' }, nameOf(object), [cause]);
  }
  const scaled = withValue(object, stepsOf(pathsOf(target).replicas), replicas);
  const version = asString(metadataOf(scale)['resourceVersion']);
  return version === undefined ? scaled : withValue(scaled, ['metadata', 'resourceVersion'], version);
}
