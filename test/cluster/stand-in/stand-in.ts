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

/** Volumes that programs keep something in; those of the node are left alone. */
const keeping = ['emptyDir', 'persistentVolumeClaim', 'ephemeral'];

/** Folders that the container may write to, by what its manifest says. */
function foldersOf(container: JsonObject, { volumes, claims }: Kept): string[] {
  const kept = asArray(volumes)
    .map(asObject)
    .filter((volume) => keeping.some((kind) => volume[kind] !== undefined));
  const names = new Set([...kept.map(({ name }) => name), ...claims]);
  return asArray(container['volumeMounts'])
    .map(asObject)
    .filter(({ name, readOnly }) => names.has(name) && readOnly !== true)
    .flatMap(({ mountPath }) => asString(mountPath) ?? []);
}

interface Kept {
  readonly volumes: Json | undefined;
  /** Names of the templates of claims. */
  readonly claims: readonly Json[];
}

interface Standing {
  readonly image: string;
  /** It ends by itself: it runs before the others, or once. */
  readonly ends: boolean;
  readonly kept: Kept;
}

function standInContainer(container: JsonObject, { image, ends, kept }: Standing): JsonObject {
  const { startupProbe: _s, readinessProbe: _r, livenessProbe: _l, lifecycle: _h, workingDir: _w, ...rest } = container;
  const ports = ends ? [] : portsOf(container).map(String);
  return {
    ...rest,
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', ends ? callOnce : serve, 'stand-in'],
    args: ports,
    env: [
      ...asArray(container['env']),
      { name: 'ANSWER', value: answerScript },
      { name: 'FOLDERS', value: foldersOf(container, kept).join(' ') },
    ],
    ...(ends ? {} : standInProbes(container)),
  };
}

function standInPodSpec(spec: JsonObject, { image, ends, kept }: Standing): JsonObject {
  const inits = asArray(spec['initContainers']).map(asObject);
  return {
    ...spec,
    containers: asArray(spec['containers']).map((each) => standInContainer(asObject(each), { image, ends, kept })),
    ...(inits.length === 0
      ? {}
      : {
          initContainers: inits.map((each) =>
            standInContainer(each, { image, ends: each['restartPolicy'] !== 'Always', kept }),
          ),
        }),
  };
}

function change(object: JsonObject, [key, ...rest]: Path, edit: (part: JsonObject) => JsonObject): JsonObject {
  if (key === undefined) return edit(object);
  return { ...object, [key]: change(asObject(object[key]), rest, edit) };
}

function claimsOf(object: JsonObject): Json[] {
  const templates = asArray(asObject(object['spec'])['volumeClaimTemplates']).map(asObject);
  return templates.flatMap(({ metadata }) => asObject(metadata)['name'] ?? []);
}

/** Jobs end: their stand-ins call once. */
const ending: ReadonlySet<string> = new Set(['Job', 'CronJob']);

/** The objects with `image` in place of every image; what has no pod template is left as it is. */
export function standIn(objects: readonly JsonObject[], image: string): JsonObject[] {
  return objects.map((object) => {
    const kind = asString(object['kind']) ?? '';
    const path = podTemplatePath(parseApiVersion(asString(object['apiVersion']) ?? '').group, kind);
    if (path === undefined) return object;
    const claims = claimsOf(object);
    return change(object, [...path, 'spec'], (spec) =>
      standInPodSpec(spec, { image, ends: ending.has(kind), kept: { volumes: spec['volumes'], claims } }),
    );
  });
}
