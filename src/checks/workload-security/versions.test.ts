// What the target version of Kubernetes changes: pages are judged at one version only.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import type { Check } from '../check.ts';
import { runChecks } from '../run-checks.ts';
import { apparmorUnconfined } from './apparmor-unconfined.ts';
import { gitRepoVolume } from './git-repo-volume.ts';
import { hostProbeTarget } from './host-probe-target.ts';
import { namespacePolicyMissing } from './namespace-policy-missing.ts';
import { podSecurityRejected } from './pod-security-rejected.ts';
import { procMount } from './proc-mount.ts';
import { runAsNonRoot } from './run-as-non-root.ts';
import { seccompUnconfined } from './seccomp-unconfined.ts';
import { seccompUnset } from './seccomp-unset.ts';
import { uidZero } from './uid-zero.ts';
import { unsafeSysctls } from './unsafe-sysctls.ts';
import { userNamespace } from './user-namespace.ts';

function judge(check: Check, text: string, minor: number) {
  const options = { minor, today: '2026-01-15', allowedRegistries: [] };
  return runChecks([check], createInventory(snapshotOf(text)), options);
}

function verdict(check: Check, text: string, minor: number) {
  return judge(check, text, minor).outcomes[0]?.verdict;
}

function pod(spec: string, annotations = '{}', container = ''): string {
  return `apiVersion: v1
kind: Pod
metadata: {name: web, annotations: ${annotations}}
spec: {${spec}containers: [{name: web, image: "web:1"${container}}]}
`;
}

describe('seccomp', () => {
  const field = pod('securityContext: {seccompProfile: {type: RuntimeDefault}}, ');
  const annotation = pod('', '{seccomp.security.alpha.kubernetes.io/pod: runtime/default}');

  it.each([
    [18, 'fail', 'pass'],
    [19, 'pass', 'pass'],
    [26, 'pass', 'pass'],
    [27, 'pass', 'fail'],
  ])('at 1.%i the field is %s and the annotation is %s', (minor, byField, byAnnotation) => {
    expect(verdict(seccompUnset, field, minor)).toBe(byField);
    expect(verdict(seccompUnset, annotation, minor)).toBe(byAnnotation);
  });

  it('says that an annotation no longer counts', () => {
    expect(judge(seccompUnset, annotation, 27).findings[0]?.evidence).toContain('no effect since Kubernetes 1.27');
    expect(judge(seccompUnset, pod(''), 27).findings[0]?.evidence).not.toContain('annotation');
  });

  it("takes a container's annotation before the pod's, and its place as the finding's", () => {
    const own = 'container.seccomp.security.alpha.kubernetes.io/web: unconfined';
    const text = pod('', `{seccomp.security.alpha.kubernetes.io/pod: runtime/default, ${own}}`);
    const [finding] = judge(seccompUnconfined, text, 26).findings;
    expect(finding?.path).toBe('/metadata/annotations/container.seccomp.security.alpha.kubernetes.io~1web');
    expect(verdict(seccompUnconfined, text, 27)).toBe('pass');
  });

  it('asks nothing of a privileged container', () => {
    expect(verdict(seccompUnset, pod('', '{}', ', securityContext: {privileged: true}'), 34)).toBe('not-applicable');
  });
});

describe('AppArmor', () => {
  const key = 'container.apparmor.security.beta.kubernetes.io/web';
  const off = pod('', '{}', ', securityContext: {appArmorProfile: {type: Unconfined}}');
  const both = pod('securityContext: {appArmorProfile: {type: RuntimeDefault}}, ', `{${key}: unconfined}`);

  it('reads the field from 1.30 on, and lets it win over the annotation', () => {
    expect([29, 30].map((minor) => verdict(apparmorUnconfined, off, minor))).toEqual(['pass', 'fail']);
    expect([29, 30].map((minor) => verdict(apparmorUnconfined, both, minor))).toEqual(['fail', 'pass']);
  });

  it('reads only the annotation of a container that is there', () => {
    const other = pod('', '{container.apparmor.security.beta.kubernetes.io/other: unconfined}');
    expect(verdict(apparmorUnconfined, other, 34)).toBe('pass');
  });
});

describe('user namespaces', () => {
  const own = pod('hostUsers: false, ', '{}', ', securityContext: {runAsUser: 0}');

  it('make root harmless from 1.33 on', () => {
    expect([32, 33].map((minor) => verdict(uidZero, own, minor))).toEqual(['fail', 'not-applicable']);
    const silent = pod('hostUsers: false, ');
    expect([32, 33].map((minor) => verdict(runAsNonRoot, silent, minor))).toEqual(['fail', 'not-applicable']);
  });

  it('are asked for from 1.33 on', () => {
    const root = pod('', '{}', ', securityContext: {runAsUser: 0}');
    expect([32, 33].map((minor) => verdict(userNamespace, root, minor))).toEqual(['not-applicable', 'fail']);
    expect(verdict(userNamespace, own, 33)).toBe('pass');
  });

  it('allow an unmasked /proc from 1.35 on', () => {
    const text = pod('hostUsers: false, ', '{}', ', securityContext: {procMount: Unmasked}');
    expect([34, 35].map((minor) => verdict(procMount, text, minor))).toEqual(['fail', 'pass']);
  });
});

describe('other fields', () => {
  it('are judged by the list of safe kernel parameters of the version', () => {
    const text = pod('securityContext: {sysctls: [{name: net.ipv4.tcp_rmem, value: "4096"}]}, ');
    expect([31, 32].map((minor) => verdict(unsafeSysctls, text, minor))).toEqual(['fail', 'pass']);
  });

  it('probes with a host are wrong in every version', () => {
    const text = pod('', '{}', ', livenessProbe: {tcpSocket: {host: 10.0.0.1, port: 80}}');
    expect([20, 36].map((minor) => verdict(hostProbeTarget, text, minor))).toEqual(['fail', 'fail']);
  });

  it('gitRepo volumes are a danger before 1.33 and do not start afterwards', () => {
    const text = pod('volumes: [{name: a, gitRepo: {repository: "https://git.example.com/a.git"}}], ');
    expect(judge(gitRepoVolume, text, 32).findings[0]?.message).toContain('runs git as root');
    expect(judge(gitRepoVolume, text, 33).findings[0]?.message).toContain('does not start');
  });
});

describe('Pod Security labels', () => {
  const namespace = (labels: string): string =>
    `apiVersion: v1\nkind: Namespace\nmetadata: {name: shop, labels: {${labels}}}\n`;
  const enforce = 'pod-security.kubernetes.io/enforce';
  const probing = `---\n${pod('', '{}', ', livenessProbe: {tcpSocket: {host: 10.0.0.1, port: 80}}').replace('name: web,', 'name: web, namespace: shop,')}`;

  it('are asked for from 1.23 on', () => {
    expect([22, 23].map((minor) => verdict(namespacePolicyMissing, namespace(''), minor))).toEqual([
      'not-applicable',
      'fail',
    ]);
  });

  it("refuse by the pinned version's rules, else by those of the cluster", () => {
    const latest = namespace(`${enforce}: baseline`) + probing;
    expect([33, 34].map((minor) => verdict(podSecurityRejected, latest, minor))).toEqual(['pass', 'fail']);
    const pinned = namespace(`${enforce}: baseline, ${enforce}-version: v1.33`) + probing;
    expect(verdict(podSecurityRejected, pinned, 36)).toBe('pass');
    const ahead = namespace(`${enforce}: baseline, ${enforce}-version: v1.34`) + probing;
    expect(verdict(podSecurityRejected, ahead, 33)).toBe('fail');
  });

  it('are no question where a Kyverno policy of the input applies the standards', () => {
    const policy =
      '---\napiVersion: kyverno.io/v1\nkind: ClusterPolicy\nmetadata: {name: pss}\nspec: {rules: [{name: a, validate: {podSecurity: {level: baseline}}}]}\n';
    expect(verdict(namespacePolicyMissing, namespace('') + policy, 34)).toBe('not-applicable');
    expect(verdict(namespacePolicyMissing, namespace('') + policy.replace('podSecurity', 'pattern'), 34)).toBe('fail');
  });
});
