// Guard rails and checks are two texts of one rule: over pods at random they must agree, field by field.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { compileAdmissionPolicy } from '../../kube/admission/admission-policy.ts';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { JsonObject } from '../../model/index.ts';
import { builtInChecks } from '../index.ts';
import { runChecks } from '../run-checks.ts';
import { podKinds } from './guard-rail.ts';
import { assemblePolicies, builtInRails } from './index.ts';
import { requestFor } from './rail-request.ts';

/** Leaves fields out as often as not. */
function some(fields: Record<string, fc.Arbitrary<unknown>>): fc.Arbitrary<JsonObject> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<JsonObject>;
}

const id = fc.constantFrom(0, 1, 999, 10_000);
const flag = fc.boolean();
const capability = fc.constantFrom(
  'ALL',
  'all',
  'NET_RAW',
  'CAP_NET_RAW',
  'SYS_ADMIN',
  'CAP_SYS_ADMIN',
  'net_admin',
  'NET_BIND_SERVICE',
  'IPC_LOCK',
  'CHOWN',
  'NONSENSE',
);
const profile = some({ type: fc.constantFrom('RuntimeDefault', 'Unconfined', 'Localhost') });
const seLinuxOptions = some({
  type: fc.constantFrom('', 'container_t', 'container_engine_t', 'spc_t'),
  user: fc.constantFrom('', 'u'),
  role: fc.constantFrom('', 'r'),
  level: fc.constant('s0'),
});
const windowsOptions = some({ hostProcess: flag });
const shared = {
  runAsUser: id,
  runAsGroup: id,
  runAsNonRoot: flag,
  seccompProfile: profile,
  appArmorProfile: profile,
  seLinuxOptions,
  windowsOptions,
};

const sysctl = fc.record({
  name: fc.constantFrom(
    'net.ipv4.ip_unprivileged_port_start',
    'net.ipv4.tcp_syncookies',
    'kernel.msgmax',
    'net.ipv4.tcp_fin_timeout',
  ),
  value: fc.constantFrom('0', '80', '2000'),
});
const podContext = some({
  ...shared,
  fsGroup: id,
  supplementalGroups: fc.array(id, { maxLength: 2 }),
  sysctls: fc.uniqueArray(sysctl, { maxLength: 2, selector: ({ name }) => name }),
});
const containerContext = some({
  ...shared,
  privileged: flag,
  allowPrivilegeEscalation: flag,
  readOnlyRootFilesystem: flag,
  procMount: fc.constantFrom('Default', 'Unmasked'),
  capabilities: some({ add: fc.array(capability, { maxLength: 2 }), drop: fc.array(capability, { maxLength: 2 }) }),
});

const port = fc.record(
  {
    containerPort: fc.constantFrom(22, 80, 1024, 8080),
    hostPort: fc.constantFrom(0, 80),
    protocol: fc.constantFrom('TCP', 'UDP'),
  },
  { requiredKeys: ['containerPort'] },
);
const handler = some({
  httpGet: some({ host: fc.constantFrom('', '10.0.0.1'), port: fc.constant(80) }),
  tcpSocket: some({ host: fc.constant('h') }),
});
const image = fc.constantFrom(
  'nginx',
  'nginx:latest',
  'nginx:1.27',
  'library/nginx:stable',
  'bitnami/redis:7',
  'docker.io/bitnami/redis:7',
  'index.docker.io/library/nginx:1',
  'k8s.gcr.io/pause:3.9',
  'gcr.io/google_containers/pause:3',
  'gcr.io/google_containers_other/pause:3',
  'registry.example.com/web:v1',
  'registry.example.com:5000/web',
  'registry:5000/web:1',
  'localhost/web:1',
  'localhost:5000/web',
  '127.0.0.1:5000/web:1',
  '192.168.49.2:5000/web:1',
  'me.local/web:1',
  'a.localhost/web:1',
  'Uppercase/web:1',
  'team/web:1.2',
  'team/deep/web',
  `registry.example.com/web:1@sha256:${'a'.repeat(64)}`,
  `nginx@sha256:${'b'.repeat(64)}`,
  'quay.io/kubernetes-ingress-controller/nginx:0.1',
);
const mount = fc.record(
  { name: fc.constantFrom('a', 'b', 'c'), mountPath: fc.constant('/x'), readOnly: flag },
  { requiredKeys: ['name', 'mountPath'] },
);
const env = fc.record(
  {
    name: fc.constantFrom('A', 'B', 'AWS_ACCESS_KEY_ID', 'S3_ENDPOINT'),
    value: fc.constant('x'),
    valueFrom: fc.constantFrom({ secretKeyRef: { name: 's', key: 'k' } }, { fieldRef: { fieldPath: 'metadata.name' } }),
  },
  { requiredKeys: ['name'] },
);
const containerFields = {
  image,
  imagePullPolicy: fc.constantFrom('Never', 'Always', 'IfNotPresent'),
  command: fc.array(fc.constantFrom('sudo', 'sh', '-c', 'x && sudo y', '/usr/bin/sudo', 'pseudo', 'sudoku'), {
    maxLength: 2,
  }),
  args: fc.array(fc.constantFrom('(sudo x)', 'run'), { maxLength: 1 }),
  securityContext: containerContext,
  ports: fc.array(port, { maxLength: 2 }),
  livenessProbe: handler,
  readinessProbe: handler,
  lifecycle: some({ preStop: handler, postStart: handler }),
  volumeMounts: fc.array(mount, { maxLength: 2 }),
  env: fc.array(env, { maxLength: 2 }),
  envFrom: fc.array(fc.constantFrom({ secretRef: { name: 's' } }, { configMapRef: { name: 'c' } }), { maxLength: 1 }),
};

function containers(names: readonly string[], fields = {}): fc.Arbitrary<JsonObject[]> {
  return fc.tuple(...names.map((name) => some({ ...containerFields, ...fields }).map((rest) => ({ name, ...rest }))));
}

const hostPath = fc.constantFrom(
  '/',
  '//',
  '/etc',
  '/etc/',
  '/etc/ssl',
  '/etc/kubernetes/pki',
  '/var/run/docker.sock',
  '/run//containerd',
  '/var/run',
  '/run',
  '/var',
  '/var/lib',
  '/var/lib/kubelet/pods',
  '/data',
  '/home/me/src',
  '/Users/me',
  '/mnt/c/src',
  'C:\\Users\\me',
  'c:\\',
  'C:/Windows/',
  '/proc/1',
  '/dev',
  '/dev/shm',
  '\\\\.\\pipe\\docker_engine',
  '//./pipe/containerd-containerd',
  '/minikube-host',
  '/root/x',
  '/opt/cni/bin',
  '/var/log/pods',
);
const source = fc.oneof(
  fc.record({
    hostPath: fc.record(
      { path: hostPath, type: fc.constantFrom('', 'Directory', 'DirectoryOrCreate', 'File', 'Socket') },
      { requiredKeys: ['path'] },
    ),
  }),
  fc.constantFrom(
    { emptyDir: {} },
    { nfs: { server: 's', path: '/p' } },
    { gitRepo: { repository: 'r' } },
    { persistentVolumeClaim: { claimName: 'c' } },
    { image: { reference: 'i' } },
  ),
);
const volumes = fc.tuple(source, source).map(([a, b]) => [
  { name: 'a', ...a },
  { name: 'b', ...b },
]);

const expression = fc.record({
  key: fc.constantFrom('minikube.k8s.io/name', 'kubernetes.io/hostname', 'zone'),
  operator: fc.constantFrom('In', 'NotIn'),
  values: fc.array(fc.constantFrom('minikube', 'minikube-m02', 'node-1'), { minLength: 1, maxLength: 2 }),
});
const affinity = fc.array(expression, { minLength: 1, maxLength: 2 }).map((matchExpressions) => ({
  nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions }] } },
}));

const sidecar = { restartPolicy: fc.constant('Always') };
const podSpec = fc
  .tuple(
    containers(['web', 'side']),
    containers(['init'], sidecar),
    containers(['debug']),
    fc.record(
      {
        hostPID: flag,
        hostIPC: flag,
        hostNetwork: flag,
        hostUsers: flag,
        shareProcessNamespace: flag,
        securityContext: podContext,
        volumes,
        affinity,
        os: fc.constantFrom({ name: 'linux' }, { name: 'windows' }),
        nodeSelector: fc.constantFrom(
          { 'kubernetes.io/os': 'windows' },
          { 'kubernetes.io/hostname': 'a' },
          { 'minikube.k8s.io/name': 'a' },
        ),
        nodeName: fc.constant('n'),
        restartPolicy: fc.constantFrom('Always', 'Never', 'OnFailure'),
        terminationGracePeriodSeconds: fc.constantFrom(0, 30),
        activeDeadlineSeconds: fc.constant(10),
        hostAliases: fc.array(fc.constantFrom({ ip: '127.0.0.1' }, { ip: '10.0.0.1' }, { ip: '::1' }), {
          maxLength: 2,
        }),
      },
      { requiredKeys: [] },
    ),
    flag,
  )
  .map(([main, initContainers, ephemeralContainers, rest, more]) => ({
    ...rest,
    containers: main,
    ...(more ? { initContainers, ephemeralContainers } : {}),
  }));

const podAnnotations = fc.constantFrom(
  {},
  { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' },
  { 'seccomp.security.alpha.kubernetes.io/pod': 'unconfined' },
);

function objectOf(
  kind: string,
  apiVersion: string,
  [spec, annotations, extra]: readonly [JsonObject, JsonObject, JsonObject],
): JsonObject {
  const metadata = { name: 'web', namespace: 'shop' };
  const template = { metadata: { annotations }, spec };
  if (kind === 'Pod') return { apiVersion, kind, metadata: { ...metadata, annotations }, spec };
  if (kind === 'PodTemplate') return { apiVersion, kind, metadata, template };
  if (kind === 'CronJob')
    return { apiVersion, kind, metadata, spec: { ...extra, jobTemplate: { spec: { template } } } };
  return { apiVersion, kind, metadata, spec: { ...extra, template } };
}

const workload = fc
  .tuple(
    fc.constantFrom(...podKinds),
    podSpec,
    podAnnotations,
    some({ ttlSecondsAfterFinished: id, activeDeadlineSeconds: id, startingDeadlineSeconds: id }),
  )
  .map(([{ group, kind }, spec, annotations, extra]) =>
    objectOf(kind, group === '' ? 'v1' : `${group}/v1`, [spec as JsonObject, annotations, extra]),
  );

const allowedRegistries = ['registry.example.com', 'docker.io/library', '*.gcr.io', 'docker.io/team/deep'];
const rails = builtInRails.filter(({ kinds }) => kinds.some(({ kind }) => podKinds.some((each) => each.kind === kind)));

const refusedBy = new Set<string>();

describe.each([30, 33, 34, 35, 37])('for Kubernetes 1.%i', (minor) => {
  const options = { minor, today: '2026-01-15', allowedRegistries };
  const compiled = rails.flatMap((rail) => {
    const check = builtInChecks.find(({ meta }) => meta.id === rail.check);
    const wish = check && {
      rail,
      meta: check.meta,
      options,
      exceptions: [],
      namespaces: [],
      action: 'refuse' as const,
    };
    const assembled = wish && assemblePolicies(wish);
    return check === undefined || assembled === undefined
      ? []
      : [{ rail, check, policy: compileAdmissionPolicy(assembled.policy) }];
  });

  it('a policy refuses a workload exactly where its check finds something', () => {
    fc.assert(
      fc.property(workload, (raw) => {
        const inventory = createInventory(snapshotOf(JSON.stringify(raw)));
        const [object] = inventory.objects;
        if (object === undefined) throw new Error('no object');
        const { findings } = runChecks(
          compiled.map(({ check }) => check),
          inventory,
          options,
        );
        const found = new Set(findings.filter(({ verdict }) => verdict === 'fail').map(({ check }) => check));
        const refused = compiled.flatMap(({ rail, policy }) => {
          const request = requestFor(rail, object);
          const answer = request === undefined ? undefined : policy.judge(request);
          expect(answer?.verdict, `${rail.check}: ${JSON.stringify(answer)}`).not.toBe('broken');
          return answer?.verdict === 'refused' ? [rail.check] : [];
        });
        for (const check of refused) refusedBy.add(check);
        expect(refused.sort()).toEqual([...found].sort());
      }),
      { numRuns: 200 },
    );
  });
});

describe('agreement', () => {
  it('is not for lack of anything to refuse', () => {
    const silent = rails.map(({ check }) => check).filter((check) => !refusedBy.has(check));
    // These need a namespace or fields that the pods above never have; their pages have them.
    expect(silent).toEqual(['minikube-provisioner', 'default-namespace', 'statefulset-deletes-claims']);
  });
});
