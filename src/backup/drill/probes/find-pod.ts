// The pod in which a probe looks: a ready one of a workload or behind a Service, and the port of it that is meant.

import { type ApiClient, getObject, isApiError, listAll } from '../../../api/index.ts';
import { isReadyPod } from '../../../kube/live/ready-pod.ts';
import { compileEqualitySelector, compileSelector, formatSelector } from '../../../kube/selectors.ts';
import { asArray, asNumber, asObject, asString, type JsonObject } from '../../../model/index.ts';
import type { PodPlace } from './parse-probes.ts';

const apps = { group: 'apps', version: 'v1' } as const;
const resources = {
  Service: { group: '', version: 'v1', resource: 'services' },
  Deployment: { ...apps, resource: 'deployments' },
  StatefulSet: { ...apps, resource: 'statefulsets' },
  DaemonSet: { ...apps, resource: 'daemonsets' },
  Pod: { group: '', version: 'v1', resource: 'pods' },
} as const;

const pods = {
  ...resources.Pod,
  kind: 'Pod',
  singular: 'pod',
  namespaced: true,
  verbs: ['get', 'list'],
  shortNames: ['po'],
  categories: [],
  subresources: [],
};

export interface FoundPod {
  readonly name: string;
  readonly pod: JsonObject;
  /** The Service that leads to it. */
  readonly service: JsonObject | undefined;
}

function nameOf(pod: JsonObject): string {
  return asString(asObject(pod['metadata'])['name']) ?? '';
}

function selectorOf({ kind }: PodPlace, object: JsonObject): string | undefined {
  const { selector } = asObject(object['spec']);
  const labels = kind === 'Service' ? selector : asObject(selector)['matchLabels'];
  if (Object.keys(asObject(labels)).length === 0 && kind === 'Service') return undefined;
  return formatSelector(kind === 'Service' ? compileEqualitySelector(selector) : compileSelector(selector));
}

/** A sentence where there is none. Throws `ApiError` where the cluster does not answer. */
export async function findPod(client: ApiClient, namespace: string, place: PodPlace): Promise<FoundPod | string> {
  const { kind, name } = place;
  const object = await getObject(client, resources[kind], { namespace, name }).catch((error: unknown) => {
    if (isApiError(error, 404)) return undefined;
    throw error;
  });
  if (object === undefined) return `there is no ${kind} ${name}`;
  if (kind === 'Pod')
    return isReadyPod(object) ? { name, pod: object, service: undefined } : `Pod ${name} is not ready`;
  const labelSelector = selectorOf(place, object);
  if (labelSelector === undefined) return `Service ${name} selects no pods`;
  const { items } = await listAll(client, pods, { namespace, labelSelector });
  const pod = items.filter(isReadyPod).toSorted((a, b) => (nameOf(a) < nameOf(b) ? -1 : 1))[0];
  if (pod === undefined) return `no pod of ${kind} ${name} is ready`;
  return { name: nameOf(pod), pod, service: kind === 'Service' ? object : undefined };
}

/** A port of the pod by its number or name, through the Service where there is one; `undefined` where there is none. */
export function findPort({ pod, service }: FoundPod, wanted: number | string): number | undefined {
  if (service === undefined) return typeof wanted === 'number' ? wanted : namedPort(pod, wanted);
  const port = asArray(asObject(service['spec'])['ports'])
    .map(asObject)
    .find((each) => each['port'] === wanted || each['name'] === wanted);
  if (port === undefined) return undefined;
  const target = port['targetPort'] ?? port['port'];
  return asNumber(target) ?? namedPort(pod, asString(target) ?? '');
}

function namedPort(pod: JsonObject, name: string): number | undefined {
  const ports = asArray(asObject(pod['spec'])['containers']).flatMap((each) => asArray(asObject(each)['ports']));
  return asNumber(ports.map(asObject).find((each) => each['name'] === name)?.['containerPort']);
}
