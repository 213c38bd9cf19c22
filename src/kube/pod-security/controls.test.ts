import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../model/index.ts';
import { controls } from './controls.ts';
import { judgePodSecurity, newestPodSecurityMinor, type PodSecurityViolation } from './index.ts';

interface Given {
  readonly spec: JsonObject;
  readonly annotations?: JsonObject | null;
  readonly minor?: number;
}

/** What one control says of a pod, judged at the control's own level. */
function violationsOf(id: string, { spec, annotations = {}, minor = newestPodSecurityMinor }: Given) {
  const level = controls.find((control) => control.id === id)?.level ?? 'baseline';
  const found = judgePodSecurity({ metadata: { annotations }, spec }, level, minor);
  return found.filter(({ control }) => control === id);
}

const places = (violations: readonly PodSecurityViolation[]): string[] => violations.map(({ path }) => path.join('.'));
const pathsOf = (id: string, given: Given): string[] => places(violationsOf(id, given));
const withContext = (securityContext: JsonObject | null, more: JsonObject = {}): JsonObject => ({
  ...more,
  containers: [{ name: 'web', securityContext }],
});

/** The same container in each of the three lists, and as a sidecar. */
const everyKind = (container: JsonObject): JsonObject => ({
  containers: [{ name: 'web', ...container }],
  initContainers: [
    { name: 'migrate', ...container },
    { name: 'proxy', restartPolicy: 'Always', ...container },
  ],
  ephemeralContainers: [{ name: 'debug', ...container }],
});
const everyKindAt = (field: string): string[] =>
  ['containers.0', 'initContainers.0', 'initContainers.1', 'ephemeralContainers.0'].map((at) => `spec.${at}${field}`);

describe('the list of controls', () => {
  test('holds exactly what the folder holds', () => {
    const files = readdirSync(join(import.meta.dirname, 'controls')).filter((file) => file.endsWith('.ts'));
    const kebab = (id: string) => id.replaceAll('_', '-').replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    expect(controls.map(({ id }) => `${kebab(id)}.ts`).toSorted()).toEqual(files.toSorted());
  });

  test('names each control once, with revisions from old to new', () => {
    expect(new Set(controls.map(({ id }) => id)).size).toBe(controls.length);
    for (const { revisions } of controls) {
      const since = revisions.map((revision) => revision.since);
      expect(since).toEqual([...new Set(since)].toSorted((a, b) => a - b));
      expect(since.at(-1)).toBeLessThanOrEqual(newestPodSecurityMinor);
    }
  });

  test('knows which controls only the restricted level has', () => {
    const restricted = controls.filter(({ level }) => level === 'restricted').map(({ id }) => id);
    expect(restricted).toEqual([
      'restrictedVolumes',
      'allowPrivilegeEscalation',
      'runAsNonRoot',
      'runAsUser',
      'seccompProfile_restricted',
      'capabilities_restricted',
      'procMount_restricted',
    ]);
  });

  test('lets only restricted controls stand in, and only for baseline ones', () => {
    const standIns = controls.filter(({ replaces }) => replaces !== undefined);
    expect(standIns.map(({ level }) => level)).toEqual(standIns.map(() => 'restricted'));
    const replaced = standIns.map(({ replaces }) => controls.find(({ id }) => id === replaces)?.level);
    expect(replaced).toEqual(standIns.map(() => 'baseline'));
  });
});

describe('what a message says', () => {
  test('names the container by its kind and name', () => {
    const messages = violationsOf('privileged', { spec: everyKind({ securityContext: { privileged: true } }) });
    expect(messages.map(({ message, container }) => [container, message])).toEqual([
      ['web', 'container "web" runs privileged'],
      ['migrate', 'init container "migrate" runs privileged'],
      ['proxy', 'sidecar container "proxy" runs privileged'],
      ['debug', 'ephemeral container "debug" runs privileged'],
    ]);
  });

  test('names a container without a name by its number', () => {
    const spec = { containers: [{ name: 'a' }, { securityContext: { privileged: true } }] };
    expect(violationsOf('privileged', { spec })[0]?.message).toBe('container "#2" runs privileged');
  });

  test('shows no control characters of a name', () => {
    const spec = { containers: [{ name: 'a\u001b[31m', securityContext: { privileged: true } }] };
    expect(violationsOf('privileged', { spec })[0]?.message).toBe('container "a\\u001b[31m" runs privileged');
  });

  test('leaves the container out where the pod itself is meant', () => {
    const [violation] = violationsOf('hostNamespaces', { spec: { hostPID: true } });
    expect(violation).toStrictEqual({
      control: 'hostNamespaces',
      title: 'Pods do not share the namespaces of the node',
      message: "the pod shares the node's process namespace (hostPID: true)",
      path: ['spec', 'hostPID'],
    });
  });
});

describe('every control', () => {
  const context: JsonObject = {
    privileged: true,
    allowPrivilegeEscalation: true,
    runAsNonRoot: false,
    runAsUser: 0,
    procMount: 'Unmasked',
    capabilities: { add: ['NET_RAW'], drop: [] },
    seccompProfile: { type: 'Unconfined' },
    appArmorProfile: { type: 'Unconfined' },
    seLinuxOptions: { type: 'spc_t', user: 'u', role: 'r' },
    windowsOptions: { hostProcess: true },
  };
  const spec: JsonObject = {
    hostNetwork: true,
    hostPID: true,
    hostIPC: true,
    volumes: [{ name: 'data', hostPath: { path: '/' } }],
    securityContext: { sysctls: [{ name: 'kernel.msgmax', value: '1' }] },
    containers: [
      {
        name: 'web',
        securityContext: context,
        ports: [{ containerPort: 80, hostPort: 8080 }],
        livenessProbe: { httpGet: { host: '10.0.0.1', port: 80 } },
      },
      { name: 'side', securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } } },
    ],
  };
  const annotations = { 'container.apparmor.security.beta.kubernetes.io/web': 'unconfined' };
  const judged = (level: 'baseline' | 'restricted') => {
    const found = judgePodSecurity({ metadata: { annotations }, spec }, level, 37);
    return found.map(({ control, message }) => `${control}: ${message}`);
  };
  const baseline = [
    "hostNamespaces: the pod shares the node's network namespace (hostNetwork: true)",
    "hostNamespaces: the pod shares the node's process namespace (hostPID: true)",
    "hostNamespaces: the pod shares the node's IPC namespace (hostIPC: true)",
    'privileged: container "web" runs privileged',
    'capabilities_baseline: container "web" adds the capability "NET_RAW"',
    'hostPathVolumes: the pod mounts a path of the node as volume "data"',
    'hostPorts: container "web" opens port 8080 on the node',
    'hostProbesAndHostLifecycle: container "web" makes the kubelet call "10.0.0.1" (livenessProbe.httpGet.host)',
    'appArmorProfile: container "web" sets the AppArmor profile type "Unconfined"',
    'appArmorProfile: the pod\'s annotation "container.apparmor.security.beta.kubernetes.io/web" asks for the profile "unconfined"',
    'seLinuxOptions: container "web" sets the SELinux type "spc_t"',
    'seLinuxOptions: container "web" sets the SELinux user "u"',
    'seLinuxOptions: container "web" sets the SELinux role "r"',
    'procMount: container "web" mounts /proc as "Unmasked"',
    'seccompProfile_baseline: container "web" sets the seccomp profile type "Unconfined"',
    'sysctls: the pod sets the kernel parameter "kernel.msgmax"',
    'windowsHostProcess: container "web" runs as a process of the Windows node',
  ];
  const restrictedOnly = [
    'restrictedVolumes: the pod has the volume "data" of type "hostPath"',
    'allowPrivilegeEscalation: container "web" does not set allowPrivilegeEscalation to false',
    'runAsNonRoot: container "web" sets runAsNonRoot to false',
    'runAsNonRoot: container "side" does not set runAsNonRoot to true, nor does the pod',
    'runAsUser: container "web" sets runAsUser to 0, which is root',
    'seccompProfile_restricted: container "web" sets the seccomp profile type "Unconfined"',
    'seccompProfile_restricted: container "side" has no seccomp profile, of its own or from the pod',
    'capabilities_restricted: container "web" does not drop all capabilities (drop: ["ALL"])',
    'capabilities_restricted: container "web" adds the capability "NET_RAW"',
    'procMount_restricted: container "web" mounts /proc as "Unmasked"',
  ];

  test('says in words what is wrong, at its own level', () => {
    const replaced = /^(capabilities_baseline|hostPathVolumes|procMount|seccompProfile_baseline):/;
    expect(judged('baseline')).toEqual(baseline);
    expect(judged('restricted')).toEqual([...baseline.filter((line) => !replaced.test(line)), ...restrictedOnly]);
    const speaking = new Set([...baseline, ...restrictedOnly].map((line) => line.split(':')[0]));
    expect(speaking).toEqual(new Set(controls.map(({ id }) => id)));
  });

  test('has a title that is a sentence of its own without a full stop', () => {
    for (const { title } of controls) expect(title).toMatch(/^[A-Z].{15,80}[^.]$/);
  });
});

describe('hostNamespaces', () => {
  test.each(['hostNetwork', 'hostPID', 'hostIPC'])('forbids %s', (field) => {
    expect(pathsOf('hostNamespaces', { spec: { [field]: true }, minor: 0 })).toEqual([`spec.${field}`]);
    expect(pathsOf('hostNamespaces', { spec: { [field]: false } })).toEqual([]);
    expect(pathsOf('hostNamespaces', { spec: { [field]: null } })).toEqual([]);
  });
});

describe('privileged', () => {
  test('looks at containers of every kind', () => {
    const spec = everyKind({ securityContext: { privileged: true } });
    expect(pathsOf('privileged', { spec, minor: 0 })).toEqual(everyKindAt('.securityContext.privileged'));
  });

  test.each([null, {}, { privileged: null }, { privileged: false }])('accepts the security context %j', (context) => {
    expect(pathsOf('privileged', { spec: withContext(context) })).toEqual([]);
  });
});

describe('capabilities_baseline', () => {
  const add = (list: readonly (string | null)[] | null) => withContext({ capabilities: { add: list } });

  test.each(['NET_RAW', 'SYS_ADMIN', 'ALL', 'chown', 'CAP_CHOWN', ''])('does not accept %j', (capability) => {
    expect(pathsOf('capabilities_baseline', { spec: add(['CHOWN', capability]), minor: 0 })).toEqual([
      'spec.containers.0.securityContext.capabilities.add.1',
    ]);
  });

  test('accepts the default set', () => {
    const list =
      'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT';
    expect(pathsOf('capabilities_baseline', { spec: add(list.split(' ')) })).toEqual([]);
  });

  test('accepts no list, an empty one and a null', () => {
    for (const list of [[], null]) expect(pathsOf('capabilities_baseline', { spec: add(list) })).toEqual([]);
    expect(pathsOf('capabilities_baseline', { spec: withContext({ capabilities: null }) })).toEqual([]);
  });

  test('counts a null in the list as an empty name', () => {
    expect(violationsOf('capabilities_baseline', { spec: add([null]) })[0]?.message).toBe(
      'container "web" adds the capability ""',
    );
  });
});

describe('hostPathVolumes', () => {
  test('points to the source of each such volume', () => {
    const volumes = [
      { name: 'a', emptyDir: {} },
      { name: 'b', hostPath: { path: '/' } },
      { name: 'c', hostPath: {} },
    ];
    const found = violationsOf('hostPathVolumes', { spec: { volumes }, minor: 0 });
    expect(places(found)).toEqual(['spec.volumes.1.hostPath', 'spec.volumes.2.hostPath']);
    expect(found[0]?.message).toBe('the pod mounts a path of the node as volume "b"');
  });

  test.each([null, [], [null], [{ name: 'a', hostPath: null }]])('accepts the volumes %j', (volumes) => {
    expect(pathsOf('hostPathVolumes', { spec: { volumes } })).toEqual([]);
  });
});

describe('hostPorts', () => {
  test('looks at every port of containers of every kind', () => {
    const ports = [{ containerPort: 80 }, { containerPort: 81, hostPort: 81 }];
    expect(pathsOf('hostPorts', { spec: everyKind({ ports }), minor: 0 })).toEqual(everyKindAt('.ports.1.hostPort'));
  });

  test.each([null, [], [null], [{ hostPort: 0 }], [{ hostPort: null }]])('accepts the ports %j', (ports) => {
    expect(pathsOf('hostPorts', { spec: { containers: [{ name: 'web', ports }] } })).toEqual([]);
  });
});

describe('hostProbesAndHostLifecycle', () => {
  const callers = ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'];
  const calling = (caller: string, handler: JsonObject): JsonObject => {
    const [outer = '', inner] = caller.split('.');
    return { [outer]: inner === undefined ? handler : { [inner]: handler } };
  };

  test.each(callers)('forbids a host in %s, on containers of every kind', (caller) => {
    for (const action of ['httpGet', 'tcpSocket']) {
      const spec = everyKind(calling(caller, { [action]: { host: '127.0.0.1', port: 1 } }));
      const expected = everyKindAt(`.${caller}.${action}.host`);
      expect(pathsOf('hostProbesAndHostLifecycle', { spec, minor: 34 })).toEqual(expected);
      expect(pathsOf('hostProbesAndHostLifecycle', { spec, minor: 33 })).toEqual([]);
    }
  });

  test.each([null, {}, { httpGet: null }, { httpGet: { host: '' } }, { tcpSocket: { host: null } }])(
    'accepts the handler %j',
    (handler) => {
      const containers = [{ name: 'web', livenessProbe: handler, lifecycle: null }];
      expect(pathsOf('hostProbesAndHostLifecycle', { spec: { containers } })).toEqual([]);
    },
  );
});

describe('appArmorProfile', () => {
  const annotation = 'container.apparmor.security.beta.kubernetes.io/';

  test.each([0, 29, 37])('looks at the fields of the pod and of its containers under v1.%i', (minor) => {
    const securityContext = { appArmorProfile: { type: 'Unconfined' } };
    const spec = { securityContext, ...everyKind({ securityContext }) };
    const field = '.securityContext.appArmorProfile.type';
    expect(pathsOf('appArmorProfile', { spec, minor })).toEqual([`spec${field}`, ...everyKindAt(field)]);
  });

  test.each(['RuntimeDefault', 'Localhost'])('accepts the type %s', (type) => {
    expect(pathsOf('appArmorProfile', { spec: withContext({ appArmorProfile: { type } }) })).toEqual([]);
  });

  test('does not accept a profile without a type', () => {
    const at = 'spec.containers.0.securityContext.appArmorProfile';
    expect(pathsOf('appArmorProfile', { spec: withContext({ appArmorProfile: {} }) })).toEqual([at]);
    expect(pathsOf('appArmorProfile', { spec: withContext({ appArmorProfile: { type: null } }) })).toEqual([
      `${at}.type`,
    ]);
    expect(pathsOf('appArmorProfile', { spec: withContext({ appArmorProfile: null }) })).toEqual([]);
  });

  test('looks at annotations, also for containers that do not exist', () => {
    const annotations = {
      [`${annotation}nobody`]: 'unconfined',
      [`${annotation}web`]: 'localhost/x',
      other: 'unconfined',
    };
    const found = violationsOf('appArmorProfile', { spec: withContext({}), annotations });
    expect(found.map(({ path }) => path)).toEqual([['metadata', 'annotations', `${annotation}nobody`]]);
    expect(found[0]?.message).toContain('"unconfined"');
  });

  test.each(['', null, 'runtime/default', 'localhost/'])('accepts the annotation %j', (value) => {
    expect(pathsOf('appArmorProfile', { spec: {}, annotations: { [`${annotation}web`]: value } })).toEqual([]);
  });

  test('reads an annotation that YAML made a boolean as its text', () => {
    const [violation] = violationsOf('appArmorProfile', { spec: {}, annotations: { [`${annotation}web`]: false } });
    expect(violation?.message).toContain('"false"');
  });

  test('bears annotations that are null', () => {
    expect(pathsOf('appArmorProfile', { spec: {}, annotations: null })).toEqual([]);
  });
});

describe('seLinuxOptions', () => {
  test('forbids other types, and any user or role, on the pod and on containers', () => {
    const seLinuxOptions = { type: 'spc_t', user: 'u', role: 'r', level: 's0' };
    const spec = withContext({ seLinuxOptions }, { securityContext: { seLinuxOptions } });
    const fields = ['type', 'user', 'role'].map((key) => `securityContext.seLinuxOptions.${key}`);
    expect(pathsOf('seLinuxOptions', { spec, minor: 0 })).toEqual([
      ...fields.map((field) => `spec.${field}`),
      ...fields.map((field) => `spec.containers.0.${field}`),
    ]);
  });

  test.each(['', null, 'container_t', 'container_init_t', 'container_kvm_t'])('accepts the type %j', (type) => {
    const spec = withContext({ seLinuxOptions: { type, user: '', role: null } });
    expect(pathsOf('seLinuxOptions', { spec, minor: 0 })).toEqual([]);
  });

  test.each(['user', 'role'])('does not take a container type for a %s', (key) => {
    expect(pathsOf('seLinuxOptions', { spec: withContext({ seLinuxOptions: { [key]: 'container_t' } }) })).toHaveLength(
      1,
    );
  });

  test('accepts container_engine_t from 1.31', () => {
    const spec = withContext({ seLinuxOptions: { type: 'container_engine_t' } });
    expect(pathsOf('seLinuxOptions', { spec, minor: 30 })).toHaveLength(1);
    expect(pathsOf('seLinuxOptions', { spec, minor: 31 })).toEqual([]);
  });
});

describe('procMount and procMount_restricted', () => {
  const unmasked = (hostUsers: boolean | null): JsonObject => ({
    hostUsers,
    ...everyKind({ securityContext: { procMount: 'Unmasked' } }),
  });
  const expected = everyKindAt('.securityContext.procMount');

  test('baseline forbids other mounts, but for user namespaces from 1.35', () => {
    expect(pathsOf('procMount', { spec: unmasked(false), minor: 34 })).toEqual(expected);
    expect(pathsOf('procMount', { spec: unmasked(false), minor: 35 })).toEqual([]);
    for (const hostUsers of [true, null]) expect(pathsOf('procMount', { spec: unmasked(hostUsers) })).toEqual(expected);
  });

  test('restricted makes no exception', () => {
    expect(pathsOf('procMount_restricted', { spec: unmasked(false), minor: 35 })).toEqual(expected);
    expect(pathsOf('procMount_restricted', { spec: unmasked(false), minor: 34 })).toEqual([]);
  });

  test.each(['Default', null])('accept %j', (procMount) => {
    expect(pathsOf('procMount', { spec: withContext({ procMount }) })).toEqual([]);
    expect(pathsOf('procMount_restricted', { spec: withContext({ procMount }) })).toEqual([]);
  });
});

describe('seccompProfile_baseline', () => {
  const podKey = 'seccomp.security.alpha.kubernetes.io/pod';
  const containerKey = 'container.seccomp.security.alpha.kubernetes.io/';
  const unconfined = { seccompProfile: { type: 'Unconfined' } };

  test('looks at annotations until 1.18 and at fields from 1.19', () => {
    const given = {
      spec: withContext(unconfined, { securityContext: unconfined }),
      annotations: { [podKey]: 'unconfined', [`${containerKey}web`]: 'unconfined' },
    };
    expect(pathsOf('seccompProfile_baseline', { ...given, minor: 18 })).toEqual([
      `metadata.annotations.${podKey}`,
      `metadata.annotations.${containerKey}web`,
    ]);
    expect(pathsOf('seccompProfile_baseline', { ...given, minor: 19 })).toEqual([
      'spec.securityContext.seccompProfile.type',
      'spec.containers.0.securityContext.seccompProfile.type',
    ]);
  });

  test('looks at the annotations of init and ephemeral containers', () => {
    const keys = ['web', 'migrate', 'proxy', 'debug'].map((name) => containerKey + name);
    const annotations = Object.fromEntries(keys.map((key) => [key, 'unconfined']));
    const found = pathsOf('seccompProfile_baseline', { spec: everyKind({}), annotations, minor: 0 });
    expect(found).toEqual(keys.map((key) => `metadata.annotations.${key}`));
  });

  test('does not look at annotations for containers that do not exist', () => {
    const annotations = { [`${containerKey}nobody`]: 'unconfined', [`${containerKey}#1`]: 'unconfined' };
    expect(pathsOf('seccompProfile_baseline', { spec: { containers: [{}] }, annotations, minor: 0 })).toEqual([]);
  });

  test.each(['runtime/default', 'docker/default', 'localhost/x.json'])('accepts the annotation %s', (value) => {
    expect(pathsOf('seccompProfile_baseline', { spec: {}, annotations: { [podKey]: value }, minor: 0 })).toEqual([]);
  });

  test.each(['', null])('does not accept the annotation %j', (value) => {
    const given = { spec: {}, annotations: { [podKey]: value }, minor: 0 };
    expect(pathsOf('seccompProfile_baseline', given)).toHaveLength(1);
  });

  test('accepts a pod that says nothing', () => {
    expect(pathsOf('seccompProfile_baseline', { spec: withContext(null, { securityContext: null }) })).toEqual([]);
  });

  test('makes no exception for Windows', () => {
    const spec = withContext(unconfined, { os: { name: 'windows' } });
    expect(pathsOf('seccompProfile_baseline', { spec })).toHaveLength(1);
  });
});

describe('seccompProfile_restricted', () => {
  const context = (type: string): JsonObject => ({ seccompProfile: { type } });
  const withPod = (type: string, own: JsonObject | null): JsonObject =>
    withContext(own, { securityContext: context(type) });

  test('asks each container for a profile where the pod has none', () => {
    const spec = everyKind({});
    expect(pathsOf('seccompProfile_restricted', { spec, minor: 19 })).toEqual(everyKindAt(''));
    expect(pathsOf('seccompProfile_restricted', { spec, minor: 18 })).toEqual([]);
  });

  test.each(['RuntimeDefault', 'Localhost'])('lets containers inherit %s', (type) => {
    for (const own of [null, {}, { seccompProfile: null }])
      expect(pathsOf('seccompProfile_restricted', { spec: withPod(type, own) })).toEqual([]);
  });

  test('sees a container that overrides a good profile with a bad one', () => {
    expect(pathsOf('seccompProfile_restricted', { spec: withPod('RuntimeDefault', context('Unconfined')) })).toEqual([
      'spec.containers.0.securityContext.seccompProfile.type',
    ]);
  });

  test('sees a bad profile of the pod even where all containers override it', () => {
    const expected = ['spec.securityContext.seccompProfile.type'];
    expect(pathsOf('seccompProfile_restricted', { spec: withPod('Unconfined', context('Localhost')) })).toEqual(
      expected,
    );
    expect(pathsOf('seccompProfile_restricted', { spec: withPod('Unconfined', null) })).toEqual(expected);
  });

  test('points to what exists where the profile is missing', () => {
    const paths = [undefined, null, {}].map((securityContext) =>
      pathsOf('seccompProfile_restricted', { spec: { containers: [{ name: 'web', securityContext }] } }).join(),
    );
    const container = 'spec.containers.0';
    expect(paths).toEqual([container, `${container}.securityContext`, `${container}.securityContext`]);
  });

  test('does not accept a profile without a type', () => {
    expect(pathsOf('seccompProfile_restricted', { spec: withContext({ seccompProfile: {} }) })).toEqual([
      'spec.containers.0.securityContext.seccompProfile',
    ]);
  });

  test('leaves Windows pods alone from 1.25', () => {
    const spec = { os: { name: 'windows' }, ...everyKind({}) };
    expect(pathsOf('seccompProfile_restricted', { spec, minor: 24 })).toHaveLength(4);
    expect(pathsOf('seccompProfile_restricted', { spec, minor: 25 })).toEqual([]);
  });
});

describe('sysctls', () => {
  const setting = (...names: readonly string[]): JsonObject => ({
    securityContext: { sysctls: names.map((name) => ({ name, value: '1' })) },
  });

  test.each([
    ['kernel.shm_rmid_forced', 0],
    ['net.ipv4.ip_local_port_range', 0],
    ['net.ipv4.ip_unprivileged_port_start', 0],
    ['net.ipv4.ping_group_range', 0],
    ['net.ipv4.tcp_syncookies', 0],
    ['net.ipv4.ip_local_reserved_ports', 27],
    ['net.ipv4.tcp_fin_timeout', 29],
    ['net.ipv4.tcp_keepalive_intvl', 29],
    ['net.ipv4.tcp_keepalive_probes', 29],
    ['net.ipv4.tcp_keepalive_time', 29],
    ['net.ipv4.tcp_rmem', 32],
    ['net.ipv4.tcp_wmem', 32],
    ['net.ipv4.tcp_notsent_lowat', 37],
    ['net.ipv4.tcp_slow_start_after_idle', 37],
  ])('accepts %s from 1.%i', (name, since) => {
    for (let minor = 0; minor <= newestPodSecurityMinor; minor += 1)
      expect(pathsOf('sysctls', { spec: setting(name), minor })).toHaveLength(minor < since ? 1 : 0);
  });

  test('points to each name that is not safe', () => {
    const spec = setting('kernel.msgmax', 'net.ipv4.tcp_syncookies', 'net.core.somaxconn');
    const at = (index: number) => `spec.securityContext.sysctls.${index}.name`;
    expect(pathsOf('sysctls', { spec })).toEqual([at(0), at(2)]);
  });

  test.each([null, {}, { sysctls: null }, { sysctls: [] }])('accepts the security context %j', (securityContext) => {
    expect(pathsOf('sysctls', { spec: { securityContext } })).toEqual([]);
  });
});

describe('windowsHostProcess', () => {
  test('looks at the pod and at containers of every kind', () => {
    const securityContext = { windowsOptions: { hostProcess: true } };
    const field = '.securityContext.windowsOptions.hostProcess';
    const spec = { securityContext, ...everyKind({ securityContext }) };
    expect(pathsOf('windowsHostProcess', { spec, minor: 0 })).toEqual([`spec${field}`, ...everyKindAt(field)]);
  });

  test.each([null, {}, { hostProcess: false }, { hostProcess: null }])('accepts the options %j', (windowsOptions) => {
    expect(pathsOf('windowsHostProcess', { spec: withContext({ windowsOptions }) })).toEqual([]);
  });
});

describe('restrictedVolumes', () => {
  const volume = (source: JsonObject): JsonObject => ({ volumes: [{ name: 'data', ...source }] });

  test.each([
    'configMap',
    'csi',
    'downwardAPI',
    'emptyDir',
    'ephemeral',
    'image',
    'persistentVolumeClaim',
    'projected',
    'secret',
  ])('accepts %s', (type) => {
    expect(pathsOf('restrictedVolumes', { spec: volume({ [type]: {} }), minor: 0 })).toEqual([]);
  });

  test.each(['hostPath', 'nfs', 'gitRepo', 'iscsi', 'cephfs', 'flexVolume', 'somethingNew'])('forbids %s', (type) => {
    const [violation] = violationsOf('restrictedVolumes', { spec: volume({ [type]: {} }), minor: 0 });
    expect(violation?.path).toEqual(['spec', 'volumes', 0, type]);
    expect(violation?.message).toBe(`the pod has the volume "data" of type "${type}"`);
  });

  // The API server refuses such a volume; pod-security-admission, which does not validate, lets it through.
  test('accepts a second source beside one that is accepted', () => {
    expect(pathsOf('restrictedVolumes', { spec: volume({ nfs: {}, emptyDir: {} }) })).toEqual([]);
  });

  test.each([{}, { emptyDir: null }, { hostPath: null }])('takes the volume %j for an emptyDir', (source) => {
    expect(pathsOf('restrictedVolumes', { spec: volume(source) })).toEqual([]);
  });

  test.each([null, [], [null]])('accepts the volumes %j', (volumes) => {
    expect(pathsOf('restrictedVolumes', { spec: { volumes } })).toEqual([]);
  });
});

describe('allowPrivilegeEscalation', () => {
  test('asks every container for false, from 1.8', () => {
    for (const value of [undefined, null, true]) {
      const spec = everyKind({ securityContext: { allowPrivilegeEscalation: value } });
      expect(pathsOf('allowPrivilegeEscalation', { spec, minor: 8 })).toHaveLength(4);
      expect(pathsOf('allowPrivilegeEscalation', { spec, minor: 7 })).toEqual([]);
    }
    const spec = everyKind({ securityContext: { allowPrivilegeEscalation: false } });
    expect(pathsOf('allowPrivilegeEscalation', { spec })).toEqual([]);
  });

  test('points to the field, or to the nearest parent that exists', () => {
    const context = 'spec.containers.0.securityContext';
    const at = (securityContext: JsonObject | null) =>
      pathsOf('allowPrivilegeEscalation', { spec: withContext(securityContext) });
    expect(at({ allowPrivilegeEscalation: true })).toEqual([`${context}.allowPrivilegeEscalation`]);
    expect(at({ allowPrivilegeEscalation: null })).toEqual([`${context}.allowPrivilegeEscalation`]);
    expect(at({})).toEqual([context]);
    expect(at(null)).toEqual([context]);
    expect(pathsOf('allowPrivilegeEscalation', { spec: { containers: [null] } })).toEqual(['spec.containers.0']);
  });

  test('leaves Windows pods alone from 1.25', () => {
    const spec = withContext({}, { os: { name: 'windows' } });
    expect(pathsOf('allowPrivilegeEscalation', { spec, minor: 24 })).toHaveLength(1);
    expect(pathsOf('allowPrivilegeEscalation', { spec, minor: 25 })).toEqual([]);
    for (const os of [null, {}, { name: 'linux' }, { name: 'Windows' }])
      expect(pathsOf('allowPrivilegeEscalation', { spec: withContext({}, { os }) })).toHaveLength(1);
  });
});

describe('runAsNonRoot', () => {
  const pod = (own: boolean | null, container: boolean | null, hostUsers: boolean | null = null): JsonObject =>
    withContext({ runAsNonRoot: container }, { securityContext: { runAsNonRoot: own }, hostUsers });
  const podField = 'spec.securityContext.runAsNonRoot';
  const containerField = 'spec.containers.0.securityContext.runAsNonRoot';

  test.each([
    [true, null, []],
    [true, true, []],
    [null, true, []],
    [null, null, [containerField]],
    [null, false, [containerField]],
    [true, false, [containerField]],
    [false, true, [podField]],
    [false, null, [podField]],
    [false, false, [podField, containerField]],
  ])('the pod says %s and the container %s', (own, container, expected) => {
    expect(pathsOf('runAsNonRoot', { spec: pod(own, container), minor: 0 })).toEqual(expected);
  });

  test('asks containers of every kind', () => {
    expect(pathsOf('runAsNonRoot', { spec: { securityContext: null, ...everyKind({}) } })).toEqual(everyKindAt(''));
  });

  test('does not matter in a user namespace from 1.35', () => {
    expect(pathsOf('runAsNonRoot', { spec: pod(false, false, false), minor: 34 })).toHaveLength(2);
    expect(pathsOf('runAsNonRoot', { spec: pod(false, false, false), minor: 35 })).toEqual([]);
    expect(pathsOf('runAsNonRoot', { spec: pod(false, false, true), minor: 35 })).toHaveLength(2);
  });

  test('is still asked of Windows pods', () => {
    expect(pathsOf('runAsNonRoot', { spec: withContext({}, { os: { name: 'windows' } }) })).toHaveLength(1);
  });
});

describe('runAsUser', () => {
  const securityContext = { runAsUser: 0 };
  const field = '.securityContext.runAsUser';

  test('forbids root on the pod and on containers of every kind, from 1.23', () => {
    const spec = { securityContext, ...everyKind({ securityContext }) };
    expect(pathsOf('runAsUser', { spec, minor: 23 })).toEqual([`spec${field}`, ...everyKindAt(field)]);
    expect(pathsOf('runAsUser', { spec, minor: 22 })).toEqual([]);
  });

  test.each([null, 1, 65534])('accepts %j', (runAsUser) => {
    expect(pathsOf('runAsUser', { spec: withContext({ runAsUser }) })).toEqual([]);
  });

  test('does not matter in a user namespace from 1.35', () => {
    const spec = withContext(securityContext, { hostUsers: false });
    expect(pathsOf('runAsUser', { spec, minor: 34 })).toHaveLength(1);
    expect(pathsOf('runAsUser', { spec, minor: 35 })).toEqual([]);
  });
});

describe('capabilities_restricted', () => {
  const capabilities = (drop: readonly string[] | null, add: readonly string[] | null): JsonObject =>
    withContext({ capabilities: { drop, add } });
  const at = 'spec.containers.0.securityContext.capabilities';

  test('asks every container to drop all, from 1.22', () => {
    const spec = everyKind({ securityContext: { capabilities: {} } });
    const expected = everyKindAt('.securityContext.capabilities');
    expect(pathsOf('capabilities_restricted', { spec, minor: 22 })).toEqual(expected);
    expect(pathsOf('capabilities_restricted', { spec, minor: 21 })).toEqual([]);
  });

  test.each([[null], [[]], [['all']], [['NET_RAW', 'CAP_ALL']]])('does not take %j for all', (drop) => {
    expect(pathsOf('capabilities_restricted', { spec: capabilities(drop, null) })).toEqual([`${at}.drop`]);
  });

  test('accepts NET_BIND_SERVICE back, and nothing else', () => {
    expect(
      pathsOf('capabilities_restricted', { spec: capabilities(['NET_RAW', 'ALL'], ['NET_BIND_SERVICE']) }),
    ).toEqual([]);
    const spec = capabilities(['ALL'], ['NET_BIND_SERVICE', 'CHOWN']);
    expect(pathsOf('capabilities_restricted', { spec })).toEqual([`${at}.add.1`]);
  });

  test.each([null, {}, { capabilities: null }])('asks for more than the security context %j', (context) => {
    expect(pathsOf('capabilities_restricted', { spec: withContext(context) })).toHaveLength(1);
  });

  test('leaves Windows pods alone from 1.25', () => {
    const spec = { os: { name: 'windows' }, ...everyKind({}) };
    expect(pathsOf('capabilities_restricted', { spec, minor: 24 })).toHaveLength(4);
    expect(pathsOf('capabilities_restricted', { spec, minor: 25 })).toEqual([]);
  });
});
