// Where a pod may run: node selectors, required node affinity, taints. Source: the scheduler's filters of the same names.

import { compileNodeSelector } from '../../kube/node-selectors.ts';
import { asArray, asObject, type JsonObject } from '../../model/index.ts';
import { labelsOf, nameOf, specOf } from '../objects/edit.ts';

function isTolerated(taint: JsonObject, tolerations: readonly JsonObject[]): boolean {
  return tolerations.some((each) => {
    const { key, operator, effect, value } = each;
    if (effect !== undefined && effect !== '' && effect !== taint['effect']) return false;
    if (operator === 'Exists') return key === undefined || key === '' || key === taint['key'];
    return key === taint['key'] && (value ?? '') === (taint['value'] ?? '');
  });
}

/** Taints that keep a pod away; one that is only not preferred does not. */
function hasRoom(node: JsonObject, tolerations: readonly JsonObject[]): boolean {
  const taints = asArray(specOf(node)['taints']).map(asObject);
  return taints.every((taint) => taint['effect'] === 'PreferNoSchedule' || isTolerated(taint, tolerations));
}

/** Whether a pod with this spec may be placed on the node. `more` are tolerations beyond its own. */
export function mayRunOn(podSpec: JsonObject, node: JsonObject, more: readonly JsonObject[] = []): boolean {
  const wanted = Object.entries(asObject(podSpec['nodeSelector']));
  if (!wanted.every(([key, value]) => labelsOf(node)[key] === value)) return false;
  const affinity = asObject(asObject(podSpec['affinity'])['nodeAffinity']);
  const required = affinity['requiredDuringSchedulingIgnoredDuringExecution'];
  if (required !== undefined && !compileNodeSelector(required).matches(labelsOf(node), nameOf(node))) return false;
  return hasRoom(node, [...asArray(podSpec['tolerations']).map(asObject), ...more]);
}

/** Whether a pod on the node reaches the volume. */
export function reaches(volume: JsonObject, node: JsonObject): boolean {
  const { required } = asObject(specOf(volume)['nodeAffinity']);
  return required === undefined || compileNodeSelector(required).matches(labelsOf(node), nameOf(node));
}

/** What every DaemonSet's pods put up with: nodes in trouble, and nodes that take nothing new. */
export const daemonTolerations: readonly JsonObject[] = [
  'not-ready',
  'unreachable',
  'disk-pressure',
  'memory-pressure',
  'pid-pressure',
  'unschedulable',
].map((name) => ({ key: `node.kubernetes.io/${name}`, operator: 'Exists' }));
