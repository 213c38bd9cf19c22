// An export held against a real API server: applied again it changes nothing, and no field in it is one that the server would fill in by itself.

import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import {
  applyObject,
  createObject,
  discover,
  type Discovery,
  getObject,
  objectNameOf,
  resourceOfKind,
} from '../../src/api/index.ts';
import {
  asArray,
  asObject,
  asString,
  isJsonObject,
  isSameJson,
  type Json,
  type JsonObject,
  type Path,
  toJsonPointer,
  valueAt,
} from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { keepsDigits } from '../kubernetes/keeps-digits.ts';
import { applyAll, readObjects } from './stand-in/deploy.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'nowwhat.test/busybox:1';
const container: JsonObject = {
  name: 'c',
  image,
  imagePullPolicy: 'Never',
  command: ['sleep', '3600'],
  ports: [{ containerPort: 8080 }, { containerPort: 53, protocol: 'UDP' }],
  livenessProbe: { httpGet: { port: 8080, path: '/healthy' }, periodSeconds: 300, failureThreshold: 100 },
  readinessProbe: { exec: { command: ['true'] }, timeoutSeconds: 2 },
  startupProbe: { tcpSocket: { port: 8080 } },
  env: [
    { name: 'POD', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu' } } },
    { name: 'EMPTY' },
  ],
  lifecycle: { preStop: { httpGet: { port: 8080, path: '/' } } },
  volumeMounts: [{ name: 'settings', mountPath: '/settings' }],
};
const podSpec: JsonObject = {
  terminationGracePeriodSeconds: 0,
  containers: [container],
  initContainers: [{ name: 'i', image, command: ['true'] }],
  securityContext: { runAsUser: 1000 },
  volumes: [
    { name: 'settings', configMap: { name: 'settings', optional: true } },
    { name: 'secret', secret: { secretName: 's', optional: true, defaultMode: 256 } },
    {
      name: 'both',
      projected: {
        sources: [
          { serviceAccountToken: { path: 't' } },
          { downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.name' } }] } },
        ],
      },
    },
    { name: 'scratch', emptyDir: {} },
    { name: 'info', downwardAPI: { items: [{ path: 'n', fieldRef: { fieldPath: 'metadata.labels' } }] } },
  ],
};
const template = (app: string, spec: JsonObject = podSpec): JsonObject => ({ metadata: { labels: { app } }, spec });
const selector = (app: string): JsonObject => ({ matchLabels: { app } });

function make(type: string, name: string, rest: JsonObject): JsonObject {
  const at = type.lastIndexOf('/');
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), metadata: { name }, ...rest };
}

const run: JsonObject = {
  ...podSpec,
  restartPolicy: 'Never',
  initContainers: [],
  containers: [{ name: 'c', image, command: ['true'] }],
};
const app: readonly JsonObject[] = [
  make('v1/ServiceAccount', 'web', {}),
  make('v1/ConfigMap', 'settings', { data: { a: 'b' } }),
  make('v1/Secret', 'password', { stringData: { value: 'geheim' } }),
  make('v1/Service', 'web', {
    spec: {
      selector: { app: 'web' },
      ports: [
        { port: 80, name: 'http' },
        { port: 81, name: 'b', targetPort: 8080 },
      ],
    },
  }),
  make('v1/Service', 'open', {
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ port: 80 }], sessionAffinity: 'ClientIP' },
  }),
  make('v1/Service', 'db', { spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] } }),
  make('v1/Service', 'elsewhere', { spec: { type: 'ExternalName', externalName: 'example.com' } }),
  make('apps/v1/Deployment', 'web', { spec: { replicas: 0, selector: selector('web'), template: template('web') } }),
  make('apps/v1/Deployment', 'one', {
    spec: { selector: selector('one'), template: template('one'), strategy: { type: 'Recreate' } },
  }),
  make('apps/v1/Deployment', 'wide', {
    spec: {
      replicas: 0,
      selector: selector('wide'),
      template: template('wide', {
        ...podSpec,
        hostNetwork: true,
        dnsPolicy: 'Default',
        containers: [{ ...container, image: `${image.split(':')[0] ?? ''}:latest` }],
      }),
      strategy: { rollingUpdate: { maxSurge: 1 } },
    },
  }),
  make('apps/v1/StatefulSet', 'db', {
    spec: {
      replicas: 0,
      serviceName: 'db',
      selector: selector('db'),
      template: template('db'),
      volumeClaimTemplates: [
        {
          metadata: { name: 'data' },
          spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
        },
      ],
    },
  }),
  make('apps/v1/DaemonSet', 'agent', {
    spec: {
      selector: selector('agent'),
      template: template('agent', { ...podSpec, nodeSelector: { nowhere: 'true' } }),
      updateStrategy: { rollingUpdate: { maxUnavailable: 2 } },
    },
  }),
  make('batch/v1/CronJob', 'nightly', {
    spec: { schedule: '0 3 * * *', suspend: true, jobTemplate: { spec: { template: { spec: run } } } },
  }),
  make('batch/v1/Job', 'once', { spec: { suspend: true, template: { spec: run } } }),
  make('batch/v1/Job', 'many', { spec: { suspend: true, completions: 3, template: { spec: run } } }),
  make('v1/Pod', 'alone', { spec: { ...podSpec, nodeSelector: { nowhere: 'true' } } }),
  make('networking.k8s.io/v1/NetworkPolicy', 'closed', {
    spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] },
  }),
  make('networking.k8s.io/v1/NetworkPolicy', 'out', { spec: { podSelector: {}, egress: [{}] } }),
  make('networking.k8s.io/v1/Ingress', 'shop', {
    spec: {
      rules: [
        {
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  make('autoscaling/v2/HorizontalPodAutoscaler', 'web', {
    spec: {
      maxReplicas: 3,
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
      metrics: [
        { type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } },
      ],
    },
  }),
  make('policy/v1/PodDisruptionBudget', 'web', { spec: { maxUnavailable: 1, selector: selector('web') } }),
  make('rbac.authorization.k8s.io/v1/Role', 'reader', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  make('rbac.authorization.k8s.io/v1/RoleBinding', 'web-reads', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [
      { kind: 'ServiceAccount', name: 'web', namespace: 'x' },
      { kind: 'User', name: 'jana' },
    ],
  }),
  make('v1/PersistentVolumeClaim', 'files', {
    spec: { storageClassName: 'nothing', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
  }),
  make('v1/LimitRange', 'limits', { spec: { limits: [{ type: 'PersistentVolumeClaim', max: { storage: '1Gi' } }] } }),
  make('v1/ResourceQuota', 'quota', { spec: { hard: { pods: '50' } } }),
];

/** What says nothing of content. */
function bare(object: JsonObject): JsonObject {
  const { status: _status, metadata, ...rest } = object;
  const {
    managedFields: _m,
    resourceVersion: _r,
    generation: _g,
    uid: _u,
    creationTimestamp: _c,
    ...kept
  } = asObject(metadata);
  return { ...rest, metadata: kept };
}

function* leaves(value: Json | undefined, path: Path): Generator<Path> {
  if (Array.isArray(value)) for (const [index, each] of value.entries()) yield* leaves(each as Json, [...path, index]);
  else if (isJsonObject(value) && Object.keys(value).length > 0)
    for (const [key, each] of Object.entries(value)) yield* leaves(each, [...path, key]);
  else yield path;
}

function without(value: Json | undefined, [step, ...rest]: Path): Json {
  if (Array.isArray(value))
    return rest.length === 0
      ? (value as readonly Json[]).filter((_, index) => index !== step)
      : (value as readonly Json[]).map((each, index) => (index === step ? without(each, rest) : each));
  const { [String(step)]: inner, ...others } = asObject(value);
  return rest.length === 0 ? others : { ...asObject(value), [String(step)]: without(inner, rest) };
}

/** Filled in where they are left out, and rightly there: an object is named by them, its schema demands them, or nobody would know what is meant. */
const demanded = /^\/(?:apiVersion$|kind$|metadata\/|roleRef\/apiGroup$|spec\/podSelector$)|\/emptyDir$/;

describe.runIf(kubeconfig !== undefined)('an export of a cluster', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-export-'));
  let space: TestNamespace;
  let discovery: Discovery;
  let exported: readonly JsonObject[] = [];

  beforeAll(async () => {
    space = await openNamespace();
    discovery = await discover(space.client);
    await applyAll(space, discovery, app);
    const env = { KUBECONFIG: kubeconfig ?? '' };
    for (const layout of ['yaml', 'kustomize']) {
      const where = ['--folder', join(folder, layout), '--layout', layout];
      const { status, out, err } = nowwhat(['backup', 'export', '--context', '.', '-n', space.name, ...where], { env });
      expect(status, out + err).toBe(0);
    }
    exported = await readObjects(join(folder, 'yaml'));
  });

  afterAll(async () => {
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  it('has all that somebody wrote, but Secrets', () => {
    const names = exported.map(({ kind, metadata }) => `${asString(kind)} ${asString(asObject(metadata)['name'])}`);
    const wanted = app.map(({ kind, metadata }) => `${asString(kind)} ${asString(asObject(metadata)['name'])}`);
    for (const each of wanted.filter((name) => !name.startsWith('Secret'))) expect(names).toContain(each);
    expect(names).not.toContain('ConfigMap kube-root-ca.crt');
    expect(names.filter((name) => /^(?:Secret|ReplicaSet|Endpoint|Event)/.test(name))).toEqual([]);
    for (const name of readdirSync(join(folder, 'yaml')))
      expect(readFileSync(join(folder, 'yaml', name), 'utf8')).not.toMatch(/Z2VoZWlt|geheim/);
  });

  it('changes nothing where it is applied again', async () => {
    for (const object of exported) {
      const resource = resourceOfKind(discovery, asString(object['apiVersion']) ?? '', asString(object['kind']) ?? '');
      const options = { dryRun: true, fieldManager: 'nowwhat-export', force: true };
      // A controller may write between the two.
      await vi.waitFor(async () => {
        const live = await getObject(space.client, resource, objectNameOf(object));
        const applied = await applyObject(space.client, resource, object, options);
        expect(bare(applied)).toEqual(bare(live));
      });
    }
  });

  it('holds no field that the server fills in by itself', async () => {
    const filled: string[] = [];
    let asked = 0;
    for (const object of exported) {
      const { kind, apiVersion } = object;
      if (kind === 'Namespace') continue;
      const resource = resourceOfKind(discovery, asString(apiVersion) ?? '', asString(kind) ?? '');
      const renamed = { ...object, metadata: { ...asObject(object['metadata']), name: 'another' } };
      for (const path of leaves(object, [])) {
        const pointer = toJsonPointer(path);
        if (demanded.test(pointer)) continue;
        asked += 1;
        const shorter = asObject(without(renamed, path));
        const made = await createObject(space.client, resource, shorter, { dryRun: true }).catch(() => undefined);
        if (made !== undefined && isSameJson(valueAt(made, path), valueAt(object, path)))
          filled.push(`${asString(kind) ?? ''} ${pointer} ${JSON.stringify(valueAt(object, path))}`);
      }
    }
    expect(asked).toBeGreaterThan(300);
    expect(filled).toEqual([]);
    expect(asArray(exported).length).toBeGreaterThan(20);
  }, 300_000);

  it('is read by a check', () => {
    const { status, out, err } = nowwhat(['check', join(folder, 'kustomize'), '-o', 'json'], {});
    expect([0, 1], err).toContain(status);
    expect(JSON.parse(out).source.objects).toBe(exported.length);
  });
});

describe.runIf(kubeconfig !== undefined)('large numbers, on a cluster', () => {
  keepsDigits(async () => {
    const space = await openNamespace();
    const folder = mkdtempSync(join(tmpdir(), 'nowwhat-digits-'));
    const env = { KUBECONFIG: kubeconfig ?? '', NOWWHAT_STORE: join(folder, 'kept') };
    const close = async (): Promise<void> => {
      await space.close();
      rmSync(folder, { recursive: true });
    };
    return {
      client: space.client,
      namespace: space.name,
      folder,
      run: (...args) => nowwhat(args, { env, cwd: folder }),
      close,
    };
  });
});
