// Turns the objects of any app into ones that run on a cluster with no registry: one small image stands for all, listens on the declared ports and
// calls the addresses in its environment. What the app is to Kubernetes (names, labels, ports, environment, rights, resources) stays as it is.

import { parseApiVersion } from '../../../src/kube/api-version.ts';
import { podTemplatePath } from '../../../src/kube/pod-template.ts';
import {
  asArray,
  asNumber,
  asObject,
  asString,
  type Json,
  type JsonObject,
  type Path,
} from '../../../src/model/index.ts';
import { answerScript, callOnce, serve } from './scripts.ts';

/** Ports of TCP: busybox cannot listen on others. */
function portsOf(container: JsonObject): number[] {
  return asArray(container['ports'])
    .map(asObject)
    .filter(({ protocol = 'TCP' }) => protocol === 'TCP')
    .flatMap(({ containerPort }) => asNumber(containerPort) ?? []);
}

function isHttp(probe: JsonObject): boolean {
  const { scheme = 'HTTP' } = asObject(probe['httpGet']);
  return probe['httpGet'] !== undefined && scheme === 'HTTP';
}

/** The stand-in speaks HTTP and no TLS, gRPC or command of the app: those probes ask whether the port is open. */
function standInProbe(value: Json | undefined, container: JsonObject): JsonObject | undefined {
  if (value === undefined) return undefined;
  const probe = asObject(value);
  if (isHttp(probe) || probe['tcpSocket'] !== undefined) return probe;
  const { httpGet, grpc, exec: _exec, ...timing } = probe;
  const port = asObject(httpGet)['port'] ?? asObject(grpc)['port'] ?? portsOf(container)[0];
  return port === undefined ? undefined : { ...timing, tcpSocket: { port } };
}

const probeFields = ['startupProbe', 'readinessProbe', 'livenessProbe'] as const;

function standInProbes(container: JsonObject): JsonObject {
  const probes = probeFields.map((field) => [field, standInProbe(container[field], container)] as const);
  return Object.fromEntries(probes.flatMap(([field, probe]) => (probe === undefined ? [] : [[field, probe]])));
}

function standInContainer(container: JsonObject, image: string, ends: boolean): JsonObject {
  const { startupProbe: _s, readinessProbe: _r, livenessProbe: _l, lifecycle: _h, workingDir: _w, ...rest } = container;
  const ports = ends ? [] : portsOf(container).map(String);
  return {
    ...rest,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', ends ? callOnce : serve, 'stand-in'],
    args: ports,
    env: [...asArray(container['env']), { name: 'ANSWER', value: answerScript }],
    ...(ends ? {} : standInProbes(container)),
  };
}

function standInPodSpec(spec: JsonObject, image: string, ends: boolean): JsonObject {
  const inits = asArray(spec['initContainers']).map(asObject);
  return {
    ...spec,
    containers: asArray(spec['containers']).map((each) => standInContainer(asObject(each), image, ends)),
    ...(inits.length === 0
      ? {}
      : { initContainers: inits.map((each) => standInContainer(each, image, each['restartPolicy'] !== 'Always')) }),
  };
}

function change(object: JsonObject, [key, ...rest]: Path, edit: (part: JsonObject) => JsonObject): JsonObject {
  if (key === undefined) return edit(object);
  return { ...object, [key]: change(asObject(object[key]), rest, edit) };
}

/** Jobs end: their stand-ins call once. */
const ending: ReadonlySet<string> = new Set(['Job', 'CronJob']);

/** The objects with `image` in place of every image; what has no pod template is left as it is. */
export function standIn(objects: readonly JsonObject[], image: string): JsonObject[] {
  return objects.map((object) => {
    const kind = asString(object['kind']) ?? '';
    const path = podTemplatePath(parseApiVersion(asString(object['apiVersion']) ?? '').group, kind);
    if (path === undefined) return object;
    return change(object, [...path, 'spec'], (spec) => standInPodSpec(spec, image, ending.has(kind)));
  });
}
