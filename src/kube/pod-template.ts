// Where each kind of workload keeps its pod template, and how to read the containers in it.

import { asArray, asObject, asString, type JsonObject, type Path } from '../model/index.ts';

const templatePaths: Readonly<Record<string, Path>> = {
  '/Pod': [],
  '/PodTemplate': ['template'],
  '/ReplicationController': ['spec', 'template'],
  'apps/Deployment': ['spec', 'template'],
  'apps/ReplicaSet': ['spec', 'template'],
  'apps/StatefulSet': ['spec', 'template'],
  'apps/DaemonSet': ['spec', 'template'],
  'extensions/Deployment': ['spec', 'template'],
  'extensions/ReplicaSet': ['spec', 'template'],
  'extensions/DaemonSet': ['spec', 'template'],
  'batch/Job': ['spec', 'template'],
  'batch/CronJob': ['spec', 'jobTemplate', 'spec', 'template'],
  'argoproj.io/Rollout': ['spec', 'template'],
  'serving.knative.dev/Service': ['spec', 'template'],
  'apps.kruise.io/CloneSet': ['spec', 'template'],
  'apps.kruise.io/StatefulSet': ['spec', 'template'],
  'apps.kruise.io/DaemonSet': ['spec', 'template'],
};

/** Path of the pod template within an object of this kind, or `undefined` where the kind has none. */
export function podTemplatePath(group: string, kind: string): Path | undefined {
  return templatePaths[`${group}/${kind}`];
}

/** `sidecar` is an init container with `restartPolicy: Always` (Kubernetes 1.28+). */
export type ContainerRole = 'container' | 'init' | 'sidecar' | 'ephemeral';

export interface PodContainer {
  readonly name: string;
  readonly role: ContainerRole;
  readonly raw: JsonObject;
  /** Path within the object that holds the template. */
  readonly path: Path;
}

const containerFields: readonly (readonly [string, ContainerRole])[] = [
  ['containers', 'container'],
  ['initContainers', 'init'],
  ['ephemeralContainers', 'ephemeral'],
];

/** All containers of a pod spec that stands at `specPath`, in the order main, init, ephemeral. */
export function containersOf(spec: JsonObject, specPath: Path): PodContainer[] {
  return containerFields.flatMap(([field, role]) =>
    asArray(spec[field]).map((item, index) => {
      const raw = asObject(item);
      const isSidecar = role === 'init' && raw['restartPolicy'] === 'Always';
      const name = asString(raw['name']) ?? `#${index + 1}`;
      return { name, role: isSidecar ? 'sidecar' : role, raw, path: [...specPath, field, index] };
    }),
  );
}
