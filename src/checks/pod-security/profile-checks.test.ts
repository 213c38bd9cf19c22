// Profiles as checks: which there are, that they judge every pod template, and that they say what the standards say.

import { describe, expect, it } from 'vitest';
import { createInventory } from '../../inventory/index.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { controls } from '../../kube/pod-security/controls.ts';
import { judgePodSecurity, newestPodSecurityMinor } from '../../kube/pod-security/index.ts';
import { asObject, UserError } from '../../model/index.ts';
import { builtInChecks } from '../index.ts';
import { runChecks } from '../run-checks.ts';
import { checksOfProfile, podSecurityChecks } from './index.ts';
import { remediations } from './remediations.ts';

const options = { minor: 34, today: '2026-01-15', allowedRegistries: [] };

function run(text: string, profile: string) {
  return runChecks(checksOfProfile(profile), createInventory(snapshotOf(text)), options);
}

const privilegedSpec = 'containers: [{name: web, image: "web:1", securityContext: {privileged: true}}]';
const template = `template: {metadata: {labels: {a: b}}, spec: {${privilegedSpec}}}`;

describe('checksOfProfile', () => {
  it('gives one check for each control in force', () => {
    const baseline = checksOfProfile('pod-security/baseline').map(({ meta }) => meta.id);
    expect(baseline).toContain('pod-security-host-namespaces');
    expect(baseline).toContain('pod-security-capabilities-baseline');
    expect(baseline).toHaveLength(controls.filter(({ level }) => level === 'baseline').length);
    const restricted = checksOfProfile('pod-security/restricted').map(({ meta }) => meta.id);
    expect(restricted).toContain('pod-security-capabilities-restricted');
    expect(restricted).not.toContain('pod-security-capabilities-baseline');
  });

  it('knows the rules of a version', () => {
    const idsAt = (version: string) => checksOfProfile(`pod-security/baseline@${version}`).map(({ meta }) => meta.id);
    expect(idsAt('v1.33')).not.toContain('pod-security-host-probes-and-host-lifecycle');
    expect(idsAt('v1.34')).toContain('pod-security-host-probes-and-host-lifecycle');
    expect(idsAt('latest')).toEqual(idsAt(`v1.${newestPodSecurityMinor}`));
  });

  it.each(['', 'baseline', 'pod-security/privileged', 'pod-security/baseline@1.30', 'pod-security/restricted@v2.0'])(
    'refuses %j and says what there is',
    (text) => {
      let error: unknown;
      try {
        checksOfProfile(text);
      } catch (thrown) {
        error = thrown;
      }
      expect(error).toBeInstanceOf(UserError);
      const { code, message, advice } = error as UserError;
      expect(code).toBe('unknown-profile');
      expect(message).toContain(JSON.stringify(text));
      expect(advice).toMatch(/pod-security\/baseline.*pod-security\/restricted.*@v1\.37/);
    },
  );

  it('has words of its own for every control and no name of a built-in check', () => {
    expect(Object.keys(remediations).sort()).toEqual(controls.map(({ id }) => id).sort());
    const names = new Set(builtInChecks.map(({ meta }) => meta.id));
    for (const { meta } of [
      ...checksOfProfile('pod-security/baseline'),
      ...checksOfProfile('pod-security/restricted'),
    ]) {
      expect(names.has(meta.id), meta.id).toBe(false);
      expect(meta.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
      expect(meta.remediation).toMatch(/^[A-Z].*\.$/);
    }
  });

  it('tells baseline controls from restricted ones by severity', () => {
    const severities = new Map(checksOfProfile('pod-security/restricted').map(({ meta }) => [meta.id, meta.severity]));
    expect(severities.get('pod-security-host-namespaces')).toBe('high');
    expect(severities.get('pod-security-run-as-non-root')).toBe('medium');
  });
});

describe('a profile run', () => {
  it.each([
    ['v1', 'Pod', privilegedSpec],
    ['v1', 'ReplicationController', template],
    ['apps/v1', 'Deployment', template],
    ['apps/v1', 'ReplicaSet', template],
    ['apps/v1', 'StatefulSet', template],
    ['apps/v1', 'DaemonSet', template],
    ['batch/v1', 'Job', template],
    ['batch/v1', 'CronJob', `jobTemplate: {spec: {${template}}}`],
  ])('judges the pods of %s %s', (apiVersion, kind, spec) => {
    const text = `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: web}\nspec: {${spec}}\n`;
    const { findings } = run(text, 'pod-security/baseline@v1.34');
    expect(findings.map(({ check }) => check)).toEqual(['pod-security-privileged']);
    expect(findings[0]).toMatchObject({ subject: { kind, container: 'web' }, verdict: 'fail' });
    expect(findings[0]?.path).toMatch(/\/spec\/containers\/0\/securityContext\/privileged$/);
    expect(findings[0]?.evidence).toBe('spec.containers.0.securityContext.privileged is true');
  });

  it('judges a pod template object, and a pod whose owner is in the input too', () => {
    const owner = '{apiVersion: apps/v1, kind: ReplicaSet, name: web, controller: true, uid: u}';
    const text = `apiVersion: v1
kind: PodTemplate
metadata: {name: template}
${template}
---
apiVersion: apps/v1
kind: ReplicaSet
metadata: {name: web}
spec: {${template}}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, ownerReferences: [${owner}]}
spec: {${privilegedSpec}}
`;
    const { findings } = run(text, 'pod-security/baseline');
    expect(findings.map(({ subject }) => subject.kind)).toEqual(['PodTemplate', 'ReplicaSet', 'Pod']);
  });

  it('passes over objects that make no pod, and templates that are not there', () => {
    const text =
      'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n---\napiVersion: argoproj.io/v1alpha1\nkind: Rollout\nmetadata: {name: b}\nspec: {workloadRef: {name: c}}\n';
    const { findings, outcomes } = run(text, 'pod-security/restricted');
    expect(findings).toEqual([]);
    expect(new Set(outcomes.map(({ verdict }) => verdict))).toEqual(new Set(['not-applicable']));
  });

  it.each([['baseline' as const], ['restricted' as const]])('says what the standards say at %s', (level) => {
    const spec = `{hostPID: true, volumes: [{name: a, hostPath: {path: /a}}], securityContext: {sysctls: [{name: kernel.msgmax, value: "1"}]}, ${privilegedSpec}}`;
    const text = `apiVersion: v1\nkind: Pod\nmetadata: {name: web, annotations: {container.apparmor.security.beta.kubernetes.io/web: unconfined}}\nspec: ${spec}\n`;
    for (const minor of [18, 24, 34]) {
      const { raw } = snapshotOf(text).objects[0]!;
      const expected = judgePodSecurity(
        { metadata: asObject(raw['metadata']), spec: asObject(raw['spec']) },
        level,
        minor,
      );
      const inventory = createInventory(snapshotOf(text));
      const { findings } = runChecks(podSecurityChecks({ level, minor }), inventory, options);
      expect(findings.map(({ message }) => message)).toEqual(expected.map(({ message }) => message));
      expect(findings.length).toBeGreaterThan(4);
    }
  });
});
