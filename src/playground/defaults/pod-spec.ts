// Defaults of pod specs. Source: pkg/apis/core/v1/defaults.go of Kubernetes, tried on 1.34.

import { asObject, asString, isJsonObject, type JsonObject } from '../../model/index.ts';
import { changeField, changeItems, fill } from './fill.ts';

function probe(raw: JsonObject): JsonObject {
  const times = { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 };
  const filled = fill(raw, times);
  return changeField(changeField(filled, 'httpGet', httpGet), 'grpc', (grpc) => fill(grpc, { service: '' }));
}

function httpGet(raw: JsonObject): JsonObject {
  return fill(raw, { path: '/', scheme: 'HTTP' });
}

function lifecycle(raw: JsonObject): JsonObject {
  const handler = (each: JsonObject): JsonObject => changeField(each, 'httpGet', httpGet);
  return changeField(changeField(raw, 'postStart', handler), 'preStop', handler);
}

/** A tag of `latest`, or none, is pulled each time. */
function pullPolicy(image: string | undefined): string {
  if (image === undefined || image.includes('@')) return 'IfNotPresent';
  const name = image.slice(image.lastIndexOf('/') + 1);
  return !name.includes(':') || name.endsWith(':latest') ? 'Always' : 'IfNotPresent';
}

/** What has a limit and no request gets the limit as its request. */
function resources(raw: JsonObject): JsonObject {
  if (!isJsonObject(raw['limits'])) return raw;
  return { ...raw, requests: { ...raw['limits'], ...asObject(raw['requests']) } };
}

function fieldSource(raw: JsonObject): JsonObject {
  return changeField(raw, 'fieldRef', (field) => fill(field, { apiVersion: 'v1' }));
}

function container(raw: JsonObject): JsonObject {
  let filled = fill(raw, {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(asString(raw['image'])),
  });
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) filled = changeField(filled, name, probe);
  filled = changeField(filled, 'lifecycle', lifecycle);
  filled = changeField(filled, 'resources', resources);
  filled = changeItems(filled, 'ports', (port) => fill(port, { protocol: 'TCP' }));
  return changeItems(filled, 'env', (each) => changeField(each, 'valueFrom', fieldSource));
}

const fileMode = (raw: JsonObject): JsonObject => fill(raw, { defaultMode: 420 });

function projectedSource(raw: JsonObject): JsonObject {
  const token = changeField(raw, 'serviceAccountToken', (each) => fill(each, { expirationSeconds: 3600 }));
  return changeField(token, 'downwardAPI', (each) => changeItems(each, 'items', fieldSource));
}

const volumeDefaults: Readonly<Record<string, (source: JsonObject) => JsonObject>> = {
  configMap: fileMode,
  secret: fileMode,
  downwardAPI: (raw) => changeItems(fileMode(raw), 'items', fieldSource),
  projected: (raw) => changeItems(fileMode(raw), 'sources', projectedSource),
  hostPath: (raw) => fill(raw, { type: '' }),
  ephemeral: (raw) =>
    changeField(raw, 'volumeClaimTemplate', (template) =>
      changeField(template, 'spec', (spec) => fill(spec, { volumeMode: 'Filesystem' })),
    ),
};

/** A volume without any source is an empty folder. */
function volume(raw: JsonObject): JsonObject {
  if (Object.keys(raw).every((key) => key === 'name')) return { ...raw, emptyDir: {} };
  return Object.entries(volumeDefaults).reduce((each, [key, change]) => changeField(each, key, change), raw);
}

export function podSpecDefaults(raw: JsonObject): JsonObject {
  let spec = fill(raw, {
    restartPolicy: 'Always',
    terminationGracePeriodSeconds: 30,
    dnsPolicy: 'ClusterFirst',
    securityContext: {},
    schedulerName: 'default-scheduler',
  });
  for (const list of ['initContainers', 'containers', 'ephemeralContainers']) spec = changeItems(spec, list, container);
  const account = asString(spec['serviceAccountName']) ?? asString(spec['serviceAccount']);
  if (account !== undefined && account !== '') spec = { ...spec, serviceAccountName: account, serviceAccount: account };
  spec = changeItems(spec, 'topologySpreadConstraints', (each) => each);
  return changeItems(spec, 'volumes', volume);
}

/** Defaults of what has a pod template. */
export function templateDefaults(template: JsonObject): JsonObject {
  return changeField(template, 'spec', podSpecDefaults);
}
