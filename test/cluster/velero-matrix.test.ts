// The cross matrix: what nowwhat and Velero save, nowwhat and Velero restore, and the objects are the same each way.

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asArray, asObject, asString, type JsonObject } from '../../src/model/index.ts';
import { discover } from '../../src/api/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { applyAll } from './stand-in/deploy.ts';
import { longestTurn } from './take-turn.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { hasVelero, startVelero, type Velero } from './velero.ts';
import { until } from './until.ts';

const image = process.env['NOWWHAT_TEST_IMAGE'] ?? 'nowwhat.test/busybox:1';
const pod = { containers: [{ name: 'c', image, command: ['sleep', '3600'], imagePullPolicy: 'IfNotPresent' }] };
const template = (app: string): JsonObject => ({
  metadata: { labels: { app } },
  spec: { ...pod, terminationGracePeriodSeconds: 0 },
});

function make(type: string, name: string, rest: JsonObject): JsonObject {
  const at = type.lastIndexOf('/');
  return { apiVersion: type.slice(0, at), kind: type.slice(at + 1), metadata: { name }, ...rest };
}

const selector = (app: string): JsonObject => ({ matchLabels: { app } });

/** Every kind that a restore treats in a way of its own, and some plain ones. */
const app: readonly JsonObject[] = [
  make('v1/ServiceAccount', 'web', {}),
  make('v1/ConfigMap', 'settings', {
    data: { text: '<a> & "b" \u2028', url: 'http://web:80' },
    binaryData: { b: 'AAEC' },
  }),
  // Together they take several members of the compressed archive.
  ...['one', 'two', 'three', 'four'].map((name) =>
    make('v1/ConfigMap', `large-${name}`, { data: { text: `${name} `.repeat(60_000) } }),
  ),
  make('v1/Secret', 'password', { data: { value: 'Z2VoZWlt' } }),
  make('v1/Service', 'web', {
    spec: { type: 'NodePort', selector: { app: 'web' }, ports: [{ name: 'http', port: 80 }] },
  }),
  make('v1/Service', 'db', { spec: { clusterIP: 'None', selector: { app: 'db' }, ports: [{ port: 5432 }] } }),
  make('v1/Service', 'elsewhere', { spec: { type: 'ExternalName', externalName: 'example.com' } }),
  make('apps/v1/Deployment', 'web', { spec: { replicas: 2, selector: selector('web'), template: template('web') } }),
  make('apps/v1/StatefulSet', 'db', {
    spec: { serviceName: 'db', selector: selector('db'), template: template('db') },
  }),
  make('apps/v1/DaemonSet', 'agent', { spec: { selector: selector('agent'), template: template('agent') } }),
  make('batch/v1/CronJob', 'nightly', {
    spec: { schedule: '0 3 * * *', jobTemplate: { spec: { template: { spec: { ...pod, restartPolicy: 'Never' } } } } },
  }),
  make('networking.k8s.io/v1/NetworkPolicy', 'closed', { spec: { podSelector: {}, policyTypes: ['Ingress'] } }),
  make('networking.k8s.io/v1/Ingress', 'shop', {
    spec: {
      rules: [
        {
          host: 'shop.example.com',
          http: {
            paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'web', port: { number: 80 } } } }],
          },
        },
      ],
    },
  }),
  make('policy/v1/PodDisruptionBudget', 'web', { spec: { maxUnavailable: 1, selector: selector('web') } }),
  make('rbac.authorization.k8s.io/v1/Role', 'reader', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }],
  }),
  make('rbac.authorization.k8s.io/v1/RoleBinding', 'web-reads', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [{ kind: 'ServiceAccount', name: 'web' }],
  }),
  make('v1/LimitRange', 'limits', { spec: { limits: [{ type: 'Container', defaultRequest: { cpu: '10m' } }] } }),
  make('v1/ResourceQuota', 'quota', { spec: { hard: { pods: '50' } } }),
];

const looked: readonly [prefix: string, resources: readonly string[]][] = [
  ['api/v1', ['serviceaccounts', 'configmaps', 'secrets', 'services', 'limitranges', 'resourcequotas']],
  ['apis/apps/v1', ['deployments', 'statefulsets', 'daemonsets']],
  ['apis/batch/v1', ['cronjobs']],
  ['apis/networking.k8s.io/v1', ['networkpolicies', 'ingresses']],
  ['apis/policy/v1', ['poddisruptionbudgets']],
  ['apis/rbac.authorization.k8s.io/v1', ['roles', 'rolebindings']],
];

/** What two clusters may have otherwise: identities, times, addresses that were given, and who restored it. */
function normalize(object: JsonObject, namespace: string): JsonObject {
  const { name, labels, annotations } = asObject(object['metadata']);
  const own = Object.fromEntries(Object.entries(asObject(labels)).filter(([key]) => !key.startsWith('velero.io/')));
  const { status: _status, metadata: _metadata, ...rest } = object;
  const said = Object.fromEntries(
    Object.entries(asObject(annotations)).filter(([key]) => !key.startsWith('deployment.kubernetes.io/')),
  );
  const text = JSON.stringify({ ...rest, name, labels: own, annotations: said })
    .replaceAll(`"${namespace}"`, '"NAMESPACE"')
    .replaceAll(/"(?:clusterIP|nodePort)":(?:"\d[^"]*"|\d+),?/g, '')
    .replaceAll(/"clusterIPs":\["\d[^\]]*\],?/g, '');
  return JSON.parse(text.replaceAll(',}', '}')) as JsonObject;
}

async function objectsOf({ client }: Velero, namespace: string): Promise<Record<string, JsonObject>> {
  const found: Record<string, JsonObject> = {};
  for (const [prefix, resources] of looked)
    for (const resource of resources) {
      const { items } = await client.request({ path: `/${prefix}/namespaces/${namespace}/${resource}` });
      for (const item of asArray(items).map(asObject)) {
        const name = asString(asObject(item['metadata'])['name']) ?? '';
        found[`${resource}/${name}`] = normalize(item, namespace);
      }
    }
  return found;
}

describe.runIf(hasVelero)('backups and restores, ours and Velero’s', () => {
  let velero: Velero;
  let space: TestNamespace;
  const made: string[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-matrix-'));

  beforeAll(async () => {
    velero = await startVelero();
    space = await openNamespace();
    await applyAll(space, await discover(space.client), app);
  }, longestTurn + 400_000);

  afterAll(async () => {
    for (const name of made)
      await velero.client.request({ method: 'DELETE', path: `/api/v1/namespaces/${name}` }).catch(() => undefined);
    await space?.close();
    await velero?.close();
    rmSync(folder, { recursive: true });
  });

  function ours(...args: string[]): string {
    const { status, out, err } = nowwhat([...args, '--store', velero.store], {
      env: { ...velero.environment, KUBECONFIG: kubeconfig ?? '' },
    });
    expect(status, out + err).toBe(0);
    return out;
  }

  const saving = {
    nowwhat: (name: string) => {
      ours('backup', 'create', name, '--context', '.', '-n', space.name);
    },
    velero: async (name: string) => {
      const status = await velero.run('Backup', name, { includedNamespaces: [space.name], snapshotVolumes: false });
      expect(status).toMatchObject({ phase: 'Completed' });
    },
  };

  const restoring = {
    nowwhat: (backup: string, target: string) => {
      ours(
        'restore',
        'create',
        '--from-backup',
        backup,
        '--context',
        '.',
        '--namespace-mappings',
        `${space.name}:${target}`,
        '--yes',
      );
    },
    velero: async (backup: string, target: string) => {
      await velero.waitFound(backup);
      const status = await velero.run('Restore', `${backup}-by-velero`, {
        backupName: backup,
        namespaceMapping: { [space.name]: target },
      });
      expect(status).toMatchObject({ phase: 'Completed' });
    },
  };

  it.each([
    ['nowwhat', 'nowwhat'],
    ['nowwhat', 'velero'],
    ['velero', 'nowwhat'],
    ['velero', 'velero'],
  ] as const)(
    '%s saves and %s restores: the same objects',
    async (by, back) => {
      const backup = `${space.name}-${by}-${back}`;
      const target = `${space.name}-${by.charAt(0)}${back.charAt(0)}`;
      await saving[by](backup);
      made.push(target);
      await restoring[back](backup, target);
      const before = await objectsOf(velero, space.name);
      const after = await objectsOf(velero, target);
      expect(Object.keys(before).length).toBeGreaterThan(app.length);
      expect(after).toEqual(before);
    },
    600_000,
  );

  const mounted = make('v1/Pod', 'mounted', {
    metadata: { name: 'mounted', labels: { app: 'web' } },
    spec: {
      terminationGracePeriodSeconds: 0,
      containers: [{ ...pod.containers[0], volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }],
    },
  });
  const claimed = [
    make('v1/PersistentVolumeClaim', 'data', {
      spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Mi' } } },
    }),
    mounted,
  ];

  /** What a backup holds, but for what comes and goes by itself. */
  function heldIn(backup: string): string[] {
    const { objects } = JSON.parse(ours('backup', 'browse', backup, '-o', 'json'));
    return asArray(objects)
      .map(asObject)
      .map((each) => ['groupResource', 'namespace', 'name'].map((key) => asString(each[key]) ?? ''))
      .map(([groupResource, namespace, name]) => `${groupResource} ${namespace}/${name}`)
      .filter((title) => !/^(?:events|leases|endpoints)/.test(title))
      .toSorted();
  }

  const web = 'labelSelector: {matchLabels: {app: web}}';
  const namespaced = (filters: string): string =>
    `namespacedFilterPolicies: [{namespaces: [NAMESPACE], resourceFilters: [${filters}]}]`;
  const selections: readonly (readonly [
    what: string,
    policies: string,
    spec: JsonObject,
    atLeast: readonly string[],
  ])[] = [
    [
      'labels alone, with the claims of pods',
      '',
      { labelSelector: selector('web') },
      ['persistentvolumeclaims', 'persistentvolumes'],
    ],
    [
      'filters of labels and names by kind',
      namespaced(
        `{kinds: [Pod, deployments], ${web}}, {kinds: [ConfigMap], names: ["large-*", settings], excludedNames: ["*-four"]}`,
      ),
      { labelSelector: selector('none') },
      ['configmaps', 'pods', 'persistentvolumeclaims'],
    ],
    [
      'a filter of all other kinds, and excluded resources',
      `${namespaced(`{kinds: ["*"], ${web}}, {kinds: [Secret, svc], names: ["*"]}, {kinds: [ConfigMap]}`)}
includeExcludePolicy: {excludedNamespaceScopedResources: [secrets, pods]}`,
      {},
      ['services', 'configmaps', 'replicasets.apps'],
    ],
    [
      'alternatives of labels behind a pattern, and filters of the cluster',
      `namespacedFilterPolicies:
- {namespaces: ["nowwhat-test-*"], resourceFilters: [{kinds: [Pod], orLabelSelectors: [{matchLabels: {app: db}}, {matchExpressions: [{key: app, operator: In, values: [agent]}]}]}]}
clusterScopedFilterPolicy:
  resourceFilters:
  - {kinds: [ClusterRole], names: ["system:*"], excludedNames: ["system:controller:*"]}
  - {kinds: [PriorityClass], labelSelector: {matchLabels: {no: such}}}`,
      { includedClusterScopedResources: ['clusterroles', 'priorityclasses'] },
      ['pods', 'clusterroles.rbac.authorization.k8s.io'],
    ],
  ];
  it('both save the same objects by the same labels and policies', async () => {
    await applyAll(space, await discover(space.client), claimed);
    await until('the pod with a claim', async () => {
      const { status } = await space.client.request({ path: `/api/v1/namespaces/${space.name}/pods/mounted` });
      return asObject(status)['phase'] === 'Running' ? true : undefined;
    });
    for (const [index, [what, policies, rest, atLeast]] of selections.entries()) {
      const spec = { includedNamespaces: [space.name], snapshotVolumes: false, ...rest };
      const map = `policies-${index}`;
      const text = `version: v1\n${policies.replaceAll('NAMESPACE', space.name)}\n`;
      await velero.keep(map, { 'policies.yaml': text });
      const resourcePolicy = policies === '' ? {} : { resourcePolicy: { kind: 'configmap', name: map } };
      const [theirs, own] = [`${space.name}-their-${index}`, `${space.name}-own-${index}`];
      expect(await velero.run('Backup', theirs, { ...spec, ...resourcePolicy }), what).toMatchObject({
        phase: 'Completed',
      });
      await velero.waitFound(theirs);
      const file = join(folder, 'backup.json');
      writeFileSync(
        file,
        JSON.stringify({ apiVersion: 'velero.io/v1', kind: 'Backup', metadata: { name: own }, spec }),
      );
      writeFileSync(join(folder, 'policies.yaml'), text);
      const option = policies === '' ? [] : ['--resource-policies', join(folder, 'policies.yaml')];
      ours('backup', 'create', '-f', file, '--context', '.', '--no-volumes', ...option);
      const held = heldIn(own);
      for (const resource of atLeast) expect(held.join('\n'), what).toContain(`${resource} `);
      expect(held, what).toEqual(heldIn(theirs));
    }
  }, 900_000);

  it('our backups are whole, and Velero’s can be read whole', () => {
    const whole = JSON.parse(ours('backup', 'verify', `${space.name}-nowwhat-nowwhat`, '-o', 'json'));
    expect(whole).toMatchObject({ compared: 'hashes', flaws: [] });
    const read = JSON.parse(ours('backup', 'verify', `${space.name}-velero-velero`, '-o', 'json'));
    expect(read).toMatchObject({ compared: 'structure', flaws: [] });
  });
});
