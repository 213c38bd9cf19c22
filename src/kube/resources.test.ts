import { describe, expect, it } from 'vitest';
import { parseResource, resourceNames } from './resources.ts';

describe('a resource on the command line', () => {
  it.each([
    ['pods', { group: '', resource: 'pods' }],
    ['po', { group: '', resource: 'pods' }],
    ['Pod', { group: '', resource: 'pods' }],
    ['pods/exec', { group: '', resource: 'pods', subresource: 'exec' }],
    ['deploy', { group: 'apps', resource: 'deployments' }],
    ['deployments.apps/scale', { group: 'apps', resource: 'deployments', subresource: 'scale' }],
    ['deploy.apps', { group: 'apps', resource: 'deployments' }],
    ['networkpolicy', { group: 'networking.k8s.io', resource: 'networkpolicies' }],
    ['ingress', { group: 'networking.k8s.io', resource: 'ingresses' }],
    ['storageclass', { group: 'storage.k8s.io', resource: 'storageclasses' }],
    ['certificates.cert-manager.io', { group: 'cert-manager.io', resource: 'certificates' }],
    // Another group's resource of the same name is not Kubernetes' own.
    ['services.serving.knative.dev', { group: 'serving.knative.dev', resource: 'services' }],
    ['*', { group: '*', resource: '*' }],
    ['*.apps', { group: 'apps', resource: '*' }],
  ])('%s is read', (text, expected) => {
    expect(parseResource(text)).toEqual(expected);
  });

  it('is not guessed', () => {
    expect(parseResource('certificates')).toBeUndefined();
    expect(parseResource('')).toBeUndefined();
  });

  it('has each name once', () => {
    const names = resourceNames();
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(parseResource(name)).toBeDefined();
  });
});
