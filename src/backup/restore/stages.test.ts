import { describe, expect, it } from 'vitest';
import { needsOf, type StageName, stageNames, stageOfResource } from './stages.ts';

const none = (): boolean => false;

function isBefore(first: string, second: string): boolean {
  const isDefined = (resource: string): boolean => resource === 'widgets.example.com';
  return needsOf(stageOfResource(second, isDefined)).includes(stageOfResource(first, isDefined));
}

describe('the stages', () => {
  it('need only what comes earlier in their order: they can be run', () => {
    for (const [at, name] of stageNames.entries())
      for (const need of needsOf(name)) expect(stageNames.indexOf(need), `${name} needs ${need}`).toBeLessThan(at);
  });

  it.each([
    ['customresourcedefinitions.apiextensions.k8s.io', 'widgets.example.com'],
    ['namespaces', 'configmaps'],
    ['namespaces', 'ingresses.networking.k8s.io'],
    ['storageclasses.storage.k8s.io', 'persistentvolumeclaims'],
    ['priorityclasses.scheduling.k8s.io', 'pods'],
    ['persistentvolumes', 'persistentvolumeclaims'],
    ['persistentvolumeclaims', 'pods'],
    ['volumesnapshots.snapshot.storage.k8s.io', 'persistentvolumeclaims'],
    ['serviceaccounts', 'pods'],
    ['rolebindings.rbac.authorization.k8s.io', 'pods'],
    ['clusterroles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
    ['roles.rbac.authorization.k8s.io', 'rolebindings.rbac.authorization.k8s.io'],
    ['serviceaccounts', 'rolebindings.rbac.authorization.k8s.io'],
    ['serviceaccounts', 'deployments.apps'],
    ['serviceaccounts', 'widgets.example.com'],
    ['secrets', 'pods'],
    ['configmaps', 'pods'],
    ['services', 'pods'],
    ['services', 'endpointslices.discovery.k8s.io'],
    ['runtimeclasses.node.k8s.io', 'pods'],
    ['ingressclasses.networking.k8s.io', 'ingresses.networking.k8s.io'],
    ['storageclasses.storage.k8s.io', 'persistentvolumes'],
    ['persistentvolumeclaims', 'statefulsets.apps'],
    ['volumesnapshotclasses.snapshot.storage.k8s.io', 'volumesnapshotcontents.snapshot.storage.k8s.io'],
    ['volumesnapshotcontents.snapshot.storage.k8s.io', 'volumesnapshots.snapshot.storage.k8s.io'],
    ['pods', 'validatingadmissionpolicies.admissionregistration.k8s.io'],
    ['limitranges', 'pods'],
    ['pods', 'replicasets.apps'],
    ['pods', 'jobs.batch'],
    ['replicasets.apps', 'deployments.apps'],
    ['deployments.apps', 'resourcequotas'],
    ['deployments.apps', 'mutatingwebhookconfigurations.admissionregistration.k8s.io'],
    ['widgets.example.com', 'validatingwebhookconfigurations.admissionregistration.k8s.io'],
    ['resourcequotas', 'apiservices.apiregistration.k8s.io'],
  ])('%s before %s', (first, second) => {
    expect(isBefore(first, second)).toBe(true);
    expect(isBefore(second, first)).toBe(false);
  });

  it.each([
    ['customresourcedefinitions.apiextensions.k8s.io', 'configmaps'],
    ['configmaps', 'services'],
    ['persistentvolumeclaims', 'rolebindings.rbac.authorization.k8s.io'],
    ['pods', 'ingresses.networking.k8s.io'],
    ['pods', 'widgets.example.com'],
  ])('%s beside %s', (one, other) => {
    expect(isBefore(one, other) || isBefore(other, one)).toBe(false);
  });

  it('let data of volumes in after claims, before anything runs', () => {
    const running: StageName[] = ['pods', 'adopters', 'deployments', 'custom', 'rest'];
    expect(needsOf('data')).toContain('claims');
    for (const name of running) expect(needsOf(name)).toContain('data');
  });

  it('take a resource for a custom one only where the backup defines it', () => {
    expect(stageOfResource('widgets.example.com', none)).toBe('rest');
    expect(stageOfResource('pods', () => true)).toBe('pods');
  });
});
