// The pods that workloads have made, out of those that were listed.

import { asArray, asObject, type JsonObject, pushTo, toText } from '../../model/index.ts';

/** The pods of a workload, in the order in which they were listed. */
export type FindOwnPods = (workload: JsonObject) => readonly JsonObject[];

function controllerOf({ metadata }: JsonObject): JsonObject | undefined {
  return asArray(asObject(metadata)['ownerReferences'])
    .map(asObject)
    .find(({ controller }) => controller === true);
}

function keyByUid({ namespace, uid }: JsonObject): string {
  return JSON.stringify([namespace, uid]);
}

function keyOfDeployment(namespace: JsonObject[string], name: string): string {
  return JSON.stringify([namespace, 'Deployment', name]);
}

/** The name of the Deployment whose ReplicaSet controls a pod; `undefined` where it is no such pod. */
function deploymentOf({ labels }: JsonObject, { kind, name }: JsonObject): string | undefined {
  const ending = `-${toText(asObject(labels)['pod-template-hash'])}`;
  const set = toText(name);
  return kind === 'ReplicaSet' && set.endsWith(ending) ? set.slice(0, -ending.length) : undefined;
}

/**
 * Indexes pods once, for all the workloads of a look. By who controls them, not by their labels: pods of a Job often bear those of the app. A Deployment's
 * pods belong to its ReplicaSets, which are called after it and their template. Source: Kubernetes 1.34, pkg/controller/deployment/sync.go.
 */
export function indexOwnPods(pods: readonly JsonObject[]): FindOwnPods {
  const index = new Map<string, JsonObject[]>();
  for (const pod of pods) {
    const controller = controllerOf(pod);
    if (controller === undefined) continue;
    const metadata = asObject(pod['metadata']);
    const { namespace } = metadata;
    pushTo(index, keyByUid({ namespace, uid: controller['uid'] }), pod);
    const deployment = deploymentOf(metadata, controller);
    if (deployment !== undefined) pushTo(index, keyOfDeployment(namespace, deployment), pod);
  }
  return ({ kind, metadata }) => {
    const of = asObject(metadata);
    const key = kind === 'Deployment' ? keyOfDeployment(of['namespace'], toText(of['name'])) : keyByUid(of);
    return index.get(key) ?? [];
  };
}
