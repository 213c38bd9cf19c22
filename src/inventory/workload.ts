// A workload: an object that makes pods, seen through its pod template.

import { podTemplatePath, type PodContainer, containersOf } from '../kube/pod-template.ts';
import { asObject, asString, type Json, type JsonObject, type KubeObject, type Path, valueAt } from '../model/index.ts';

export type Labels = Readonly<Record<string, string>>;

export interface Workload {
  readonly object: KubeObject;
  /** Path of the pod template in the object: `[]` for a Pod. */
  readonly templatePath: Path;
  /** Labels and annotations of the pods, not of the object. */
  readonly labels: Labels;
  readonly annotations: Labels;
  readonly spec: JsonObject;
  readonly specPath: Path;
  readonly containers: readonly PodContainer[];
}

/** Built-in kinds that make pods, as `group/Kind`. */
export const workloadKinds: readonly string[] = [
  '/Pod',
  '/ReplicationController',
  'apps/DaemonSet',
  'apps/Deployment',
  'apps/ReplicaSet',
  'apps/StatefulSet',
  'batch/CronJob',
  'batch/Job',
];

/** Only text values: anything else is a schema problem, told elsewhere. */
export function readLabels(value: unknown): Labels {
  const labels: Record<string, string> = {};
  for (const [key, item] of Object.entries(asObject(value))) {
    const text = asString(item);
    if (text !== undefined) labels[key] = text;
  }
  return labels;
}

function toWorkload(object: KubeObject, templatePath: Path): Workload {
  const template = asObject(valueAt(object.raw, templatePath));
  const spec = asObject(template['spec']);
  const metadata = asObject(template['metadata']);
  const specPath = [...templatePath, 'spec'];
  return {
    object,
    templatePath,
    labels: readLabels(metadata['labels']),
    annotations: readLabels(metadata['annotations']),
    spec,
    specPath,
    containers: containersOf(spec, specPath),
  };
}

/** Replaces each `*` of a path by the indexes or keys that the value has there. */
function expandPath(value: Json | undefined, path: Path, done: Path = []): Path[] {
  const [step, ...rest] = path;
  if (value === undefined || value === null) return [];
  if (step === undefined) return [done];
  if (step !== '*') return expandPath(valueAt(value, [step]), rest, [...done, step]);
  const steps: Path = Array.isArray(value) ? [...value.keys()] : Object.keys(asObject(value));
  return steps.flatMap((each) => expandPath(valueAt(value, [each]), rest, [...done, each]));
}

/** The workloads in an object: one for a built-in kind, none or several for a custom one. `paths` may hold `*`. */
export function toWorkloads(object: KubeObject, paths?: readonly Path[]): Workload[] {
  const builtIn = podTemplatePath(object.group, object.kind);
  if (builtIn !== undefined) return [toWorkload(object, builtIn)];
  return (paths ?? []).flatMap((path) => expandPath(object.raw, path)).map((path) => toWorkload(object, path));
}

/** Labels that the pods of a Job get besides those of its template. Source: batch/v1, Job controller; the long key since 1.27. */
export function labelsOfPods({ object: { group, kind, name }, labels }: Workload): Labels {
  if (group !== 'batch' || kind !== 'Job' || name === '') return labels;
  return { ...labels, 'job-name': name, 'batch.kubernetes.io/job-name': name };
}

/** True where pods run to completion: Job, CronJob, or a bare Pod that is never restarted. */
export function isBatch(workload: Workload): boolean {
  const { group, kind } = workload.object;
  if (group === 'batch') return true;
  return (
    kind === 'Pod' && (workload.spec['restartPolicy'] === 'Never' || workload.spec['restartPolicy'] === 'OnFailure')
  );
}
