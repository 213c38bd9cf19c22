import { describe, expect, it } from 'vitest';
import type { Check } from '../check.ts';
import { runOnText } from '../run-on-text.ts';
import { capabilitiesDangerous } from './capabilities-dangerous.ts';
import { capabilitiesNetRaw } from './capabilities-net-raw.ts';
import { capabilitiesNotDropped } from './capabilities-not-dropped.ts';
import { hostPath } from './host-path.ts';
import { hostPathWritable } from './host-path-writable.ts';
import { hostPort } from './host-port.ts';
import { nakedPod } from './naked-pod.ts';
import { podSecurityRejected } from './pod-security-rejected.ts';
import { privilegeEscalation } from './privilege-escalation.ts';
import { privilegedPort } from './privileged-port.ts';
import { rootfsWritable } from './rootfs-writable.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { securityContextContradiction } from './security-context-contradiction.ts';
import { uidZero } from './uid-zero.ts';
import { userNamespace } from './user-namespace.ts';

interface Parts {
  /** `securityContext` of the container. */
  readonly own?: string;
  /** `securityContext` of the pod. */
  readonly shared?: string;
  readonly spec?: string;
  readonly container?: string;
  readonly metadata?: string;
}

const pod = ({ own = '', shared = '', spec = '', container = '', metadata = 'name: web' }: Parts = {}) => `---
apiVersion: v1
kind: Pod
metadata: {${metadata}}
spec: {${spec}securityContext: {${shared}}, containers: [{name: web, image: web, ${container}securityContext: {${own}}}]}
`;
const findings = (check: Check, parts: Parts) => runOnText(check, pod(parts)).findings;
const outcome = (check: Check, parts: Parts) => runOnText(check, pod(parts)).outcome;
const windows = 'os: {name: windows}, ';

describe('capabilities', () => {
  it.each([
    ['ALL', 'critical'],
    ['SYS_ADMIN', 'critical'],
    ['SYS_MODULE', 'critical'],
    ['SYS_PTRACE', 'high'],
  ])('%s is %s', (name, severity) => {
    expect(findings(capabilitiesDangerous, { own: `capabilities: {add: [${name}]}` })).toEqual([
      expect.objectContaining({ severity }),
    ]);
  });

  it.each([
    ['add: [CHOWN, NET_RAW]', '/add/1', 'capabilities.add has NET_RAW'],
    ['add: [CHOWN]', '/drop', 'NET_RAW is a default capability and is not dropped'],
    ['drop: [CHOWN]', '/drop', 'NET_RAW is a default capability and is not dropped'],
    ['drop: [ALL], add: [NET_RAW]', '/add/0', 'capabilities.add has NET_RAW'],
  ])('%s leave raw packets', (capabilities, place, evidence) => {
    expect(findings(capabilitiesNetRaw, { own: `capabilities: {${capabilities}}` })).toEqual([
      expect.objectContaining({ path: `/spec/containers/0/securityContext/capabilities${place}`, evidence }),
    ]);
  });

  it.each([
    ['drop: [NET_RAW, CHOWN]'],
    ['drop: [CHOWN, ALL]'],
    ['add: [NET_RAW], drop: [CHOWN, NET_RAW]'],
    ['drop: [ALL], add: [CHOWN]'],
  ])('%s leave none', (capabilities) => {
    expect(outcome(capabilitiesNetRaw, { own: `capabilities: {${capabilities}}` })).toBe('pass');
  });

  const some = 'capabilities: {add: [CHOWN]}, ';

  it.each([
    ['it cannot use any', { own: `${some}runAsNonRoot: true, allowPrivilegeEscalation: false` }, 'not-applicable'],
    ['its user cannot use any', { own: `${some}runAsUser: 7, allowPrivilegeEscalation: false` }, 'not-applicable'],
    ['it could gain some', { own: `${some}runAsNonRoot: true` }, 'fail'],
    ['it is root', { own: `${some}runAsUser: 0, allowPrivilegeEscalation: false` }, 'fail'],
    ['it has all', { own: `${some}privileged: true` }, 'not-applicable'],
    ['it is on Windows', { own: some, spec: windows }, 'not-applicable'],
    ['it says nothing, which another check tells', {}, 'not-applicable'],
    ['it says nothing inside', { own: 'capabilities: {add: [], drop: []}' }, 'not-applicable'],
  ])('are asked for raw packets or not where %s', (_, parts, verdict) => {
    expect(outcome(capabilitiesNetRaw, parts)).toBe(verdict);
  });

  it('that are dropped in part are told', () => {
    const evidence = (own: string) => findings(capabilitiesNotDropped, { own }).map((finding) => finding.evidence);
    expect(evidence('')).toEqual(['capabilities.drop is not set']);
    expect(evidence('capabilities: {drop: [CHOWN, KILL]}')).toEqual(['capabilities.drop is CHOWN, KILL']);
    expect(outcome(capabilitiesNotDropped, { own: 'privileged: true' })).toBe('not-applicable');
    expect(outcome(capabilitiesNotDropped, { spec: windows })).toBe('not-applicable');
  });

  it.each([
    ['allowPrivilegeEscalation: false, capabilities: {add: [CHOWN, CAP_SYS_ADMIN]}', 'CAP_SYS_ADMIN is added'],
    ['allowPrivilegeEscalation: false, privileged: true', 'privileged is true'],
  ])('%s exclude each other', (own, words) => {
    expect(findings(securityContextContradiction, { own })).toEqual([
      expect.objectContaining({ evidence: expect.stringContaining(words) }),
    ]);
  });

  it.each([
    ['allowPrivilegeEscalation: false, capabilities: {add: [SYS_ADMIN]}'],
    ['allowPrivilegeEscalation: true, privileged: true'],
    ['runAsUser: 0'],
    ['runAsUser: 5, runAsNonRoot: true'],
  ])('%s do not', (own) => {
    expect(outcome(securityContextContradiction, { own })).toBe('pass');
  });
});

describe('users', () => {
  it('are told where the value stands: container before pod', () => {
    const paths = (parts: Parts) => findings(uidZero, parts).map(({ path }) => path);
    expect(paths({ own: 'runAsUser: 0' })).toEqual(['/spec/containers/0/securityContext/runAsUser']);
    expect(paths({ shared: 'runAsUser: 0' })).toEqual(['/spec/securityContext/runAsUser']);
    expect(paths({ own: 'runAsUser: 0', shared: 'runAsUser: 0' })).toEqual([
      '/spec/containers/0/securityContext/runAsUser',
    ]);
    expect(paths({ own: 'runAsUser: 5', shared: 'runAsUser: 0' })).toEqual([]);
    expect(paths({ own: 'runAsUser: 0, runAsNonRoot: true' })).toEqual([]);
  });

  it('that nobody names are told where one would be named', () => {
    expect(findings(runAsNonRoot, {})).toEqual([
      expect.objectContaining({
        path: '/spec/containers/0/securityContext/runAsNonRoot',
        evidence: expect.stringContaining('runAsNonRoot is not set'),
      }),
    ]);
    expect(findings(runAsNonRoot, { shared: 'runAsNonRoot: false' })[0]?.evidence).toContain('runAsNonRoot is false');
    expect(findings(runAsNonRoot, { own: 'runAsUser: 0' })).toEqual([]);
    expect(findings(runAsNonRoot, { own: 'runAsUser: 9' })).toEqual([]);
  });

  it.each([
    ['', 'allowPrivilegeEscalation is not set: true'],
    ['allowPrivilegeEscalation: null', 'allowPrivilegeEscalation is not set: true'],
    ['allowPrivilegeEscalation: true', 'allowPrivilegeEscalation is true'],
    ['allowPrivilegeEscalation: true, capabilities: {add: [CHOWN]}', 'allowPrivilegeEscalation is true'],
  ])('may gain rights with %s', (own, evidence) => {
    expect(findings(privilegeEscalation, { own }).map((finding) => finding.evidence)).toEqual([evidence]);
  });

  it('who have all rights gain none', () => {
    expect(outcome(privilegeEscalation, { own: 'capabilities: {add: [SYS_ADMIN]}' })).toBe('not-applicable');
    expect(outcome(privilegeEscalation, { own: 'privileged: true' })).toBe('not-applicable');
    expect(outcome(privilegeEscalation, { own: 'allowPrivilegeEscalation: false' })).toBe('pass');
  });

  it.each([
    ['root', { own: 'runAsUser: 0' }, 'fail'],
    ['a capability', { own: 'capabilities: {add: [NET_BIND_SERVICE, CHOWN]}' }, 'fail'],
    ['a port only', { own: 'capabilities: {add: [NET_BIND_SERVICE]}' }, 'not-applicable'],
    ['nothing', { own: 'runAsUser: 9' }, 'not-applicable'],
    ['all rights', { own: 'privileged: true, runAsUser: 0' }, 'not-applicable'],
    ['the network of the node', { own: 'runAsUser: 0', spec: 'hostNetwork: true, ' }, 'not-applicable'],
    ['root in a namespace', { own: 'runAsUser: 0', spec: 'hostUsers: false, ' }, 'pass'],
  ])('who need %s', (_, parts, verdict) => {
    expect(outcome(userNamespace, parts)).toBe(verdict);
  });

  it('are one of several containers', () => {
    const text = (own: string) => pod({ own }).replace('containers: [', 'containers: [{name: a, image: a}, ');
    expect(runOnText(userNamespace, text('runAsUser: 0')).outcome).toBe('fail');
    expect(
      runOnText(
        userNamespace,
        text('runAsUser: 0').replace('{name: a, image: a}', '{name: a, image: a, securityContext: {privileged: true}}'),
      ).outcome,
    ).toBe('not-applicable');
  });
});

describe('the file system', () => {
  it('is told with what was said of it', () => {
    expect(findings(rootfsWritable, {})[0]?.evidence).toBe('readOnlyRootFilesystem is not set');
    expect(findings(rootfsWritable, { own: 'readOnlyRootFilesystem: false' })[0]?.evidence).toBe(
      'readOnlyRootFilesystem is false',
    );
    expect(outcome(rootfsWritable, { spec: windows })).toBe('not-applicable');
  });

  const volume = (path: string, more = '') =>
    `volumes: [{name: a, emptyDir: {}}, {name: v, hostPath: {path: ${path}${more}}}], `;
  const mount = (more = '') => `volumeMounts: [{name: v, mountPath: /v${more}}], `;

  it('of the node is told once: sensitive paths and sockets have checks of their own', () => {
    expect(findings(hostPath, { spec: volume('/srv/data') })).toEqual([
      expect.objectContaining({ path: expect.stringMatching(/^\/spec\/volumes\/1/) }),
    ]);
    expect(findings(hostPath, { spec: volume('/etc/kubernetes') })).toEqual([]);
    expect(findings(hostPath, { spec: volume('/var/run/docker.sock') })).toEqual([]);
  });

  it('of the node is worse where it is sensitive', () => {
    const severities = (path: string, more = '', mounted = mount()) =>
      findings(hostPathWritable, { spec: volume(path, more), container: mounted }).map(({ severity }) => severity);
    expect(severities('/etc/kubernetes')).not.toEqual(severities('/srv/data'));
    expect(severities('/srv/data')).toHaveLength(1);
    expect(severities('/srv/data', '', mount(', readOnly: true'))).toEqual([]);
    expect(severities('/srv/app.sock', ', type: Socket')).toEqual([]);
    expect(severities('/var/run/docker.sock')).toEqual([]);
  });
});

describe('ports of the node', () => {
  const port = (number: number) => `ports: [{containerPort: ${number}, hostPort: ${number}}], `;

  it('are asked for where the pod has a network of its own', () => {
    expect(outcome(hostPort, { container: port(8080) })).toBe('fail');
    expect(outcome(hostPort, { container: port(8080), spec: 'hostNetwork: true, ' })).toBe('not-applicable');
  });

  it.each([
    ['runAsUser: 9, capabilities: {drop: [ALL]}', 'starts only where the runtime frees low ports'],
    ['runAsUser: 9', 'it needs root or a capability'],
    ['capabilities: {drop: [ALL]}', 'it needs root or a capability'],
    ['capabilities: {add: [CHOWN]}', 'it needs root or a capability'],
  ])('below 1024 with %s', (own, words) => {
    expect(findings(privilegedPort, { own, container: port(80) })).toEqual([
      expect.objectContaining({ message: expect.stringContaining(words) }),
    ]);
  });

  it('below 1024 are allowed by a capability or a setting', () => {
    expect(
      findings(privilegedPort, { own: 'capabilities: {add: [CHOWN, NET_BIND_SERVICE]}', container: port(80) }),
    ).toEqual([]);
    const sysctls = 'sysctls: [{name: a, value: "5000"}, {name: net.ipv4.ip_unprivileged_port_start, value: "80"}]';
    expect(findings(privilegedPort, { shared: sysctls, container: port(80) })).toEqual([]);
    expect(findings(privilegedPort, { shared: sysctls, container: port(79) })).toHaveLength(1);
  });
});

describe('a naked pod', () => {
  it.each([
    ['', 'fail'],
    [', namespace: kube-system', 'fail'],
    [', labels: {tier: control-plane}', 'fail'],
    [', namespace: kube-system, labels: {tier: control-plane}', 'not-applicable'],
    [', annotations: {helm.sh/hook: test}', 'not-applicable'],
    [', ownerReferences: [{apiVersion: example.com/v1, kind: Shop, name: a, uid: b}]', 'not-applicable'],
  ])('with metadata "%s": %s', (more, verdict) => {
    expect(outcome(nakedPod, { metadata: `name: web${more}` })).toBe(verdict);
  });
});

describe('a namespace that enforces a profile', () => {
  const namespace = (level: string, version = 'latest') => `---
apiVersion: v1
kind: Namespace
metadata:
  name: default
  labels: {pod-security.kubernetes.io/enforce: ${level}, pod-security.kubernetes.io/enforce-version: ${version}}
`;
  const told = (level: string, parts: Parts, version?: string) =>
    runOnText(podSecurityRejected, pod(parts) + namespace(level, version)).findings;

  it('refuses what breaks it', () => {
    const [finding, ...rest] = told('baseline', {
      spec: 'hostNetwork: true, hostPID: true, ',
      own: 'privileged: true',
    });
    expect(rest).toEqual([]);
    expect(finding?.message).toMatch(/, and [12] more/);
    expect(finding?.evidence).toMatch(/^pod-security\.kubernetes\.io\/enforce is baseline; broken: [^;,]+, \S/);
    expect(told('baseline', { own: 'privileged: true' })[0]?.message).not.toContain('more');
    expect(told('restricted', {})).toHaveLength(1);
  });

  it('takes the rest', () => {
    expect(told('baseline', {})).toEqual([]);
    expect(told('privileged', { own: 'privileged: true' })).toEqual([]);
    expect(told('unknown', { own: 'privileged: true' })).toEqual([]);
    expect(told('baseline', { own: 'privileged: true' }, 'v1')).toEqual([]);
  });

  it('is asked from 1.23 on, where the label stands', () => {
    const asked = (minor: number, text: string) => runOnText(podSecurityRejected, text, { minor }).outcome;
    const broken = pod({ own: 'privileged: true' });
    expect(asked(23, broken + namespace('baseline'))).toBe('fail');
    expect(asked(22, broken + namespace('baseline'))).toBe('not-applicable');
    expect(asked(34, broken)).toBe('not-applicable');
    expect(asked(34, `${broken}---\napiVersion: v1\nkind: Namespace\nmetadata: {name: default}\n`)).toBe(
      'not-applicable',
    );
  });
});
