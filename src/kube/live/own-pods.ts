// The pods that a workload has made, out of those of its namespace.

import { asArray, asObject, type JsonObject, toText } from '../../model/index.ts';

function controllerOf({ metadata }: JsonObject): JsonObject | undefined {
  return asArray(asObject(metadata)['ownerReferences'])
    .map(asObject)
    .find(({ controller }) => controller === true);
}

/**
 * By who controls them, not by their labels: pods of a Job often bear those of the app. A Deployment's pods belong to its ReplicaSets, which are called
 * after it and their template. Source: Kubernetes 1.34, pkg/controller/deployment/sync.go.
 */
export function ownPods({ kind, metadata }: JsonObject, pods: readonly JsonObject[]): readonly JsonObject[] {
  const { uid, name, namespace } = asObject(metadata);
  return pods.filter((pod) => {
    const of = asObject(pod['metadata']);
    const controller = controllerOf(pod);
    if (controller === undefined || of['namespace'] !== namespace) return false;
    if (kind !== 'Deployment') return controller['uid'] === uid;
    const hash = asObject(of['labels'])['pod-template-hash'];
    return controller['kind'] === 'ReplicaSet' && controller['name'] === `${toText(name)}-${toText(hash)}`;
  });
}
