import { describe, expect, it } from 'vitest';
import { namePatch } from './patch-names.ts';

const patch = (path: string, name: string, kind = 'Deployment') => ({
  path,
  text: `apiVersion: apps/v1\nkind: ${kind}\nmetadata: {name: ${name}}\n`,
});
const free = () => true;

describe('the name of a new patch', () => {
  it.each([
    ['patch-web.yaml', []],
    ['web-patch.yaml', [patch('api-patch.yaml', 'api')]],
    ['web.yml', [patch('api.yml', 'api')]],
    ['patches/web.yaml', [patch('patches/api.yaml', 'api')]],
    ['deployment-web.yaml', [patch('service-api.yaml', 'api', 'Service')]],
    ['web_deployment.patch.yaml', [patch('api_service.patch.yaml', 'api', 'Service')]],
    ['prod-web-patch.yaml', [patch('prod-api-patch.yaml', 'api')]],
    // Most of the patches decide, and the first of as many.
    ['web-patch.yaml', [patch('x-api.yaml', 'api'), patch('db-patch.yaml', 'db'), patch('job-patch.yaml', 'job')]],
    // What names nothing tells only where the word stands.
    ['web-patch.yaml', [patch('replicas-patch.yaml', 'api')]],
    ['patch-web.yaml', [patch('replicas.yaml', 'api')]],
    ['patch-web.yaml', [{ path: 'unread.yaml' }]],
    ['patch-web.yaml', [patch('../shared/api-patch.yaml', 'api')]],
  ])('is %s beside those that are there', (expected, patches) => {
    expect(namePatch({ kind: 'Deployment', name: 'web' }, patches, free)).toBe(expected);
  });

  it('leaves out of the name of an object what the others leave out', () => {
    const known = [patch('frontend-patch.yaml', 'prod-frontend')];
    expect(namePatch({ kind: 'Deployment', name: 'prod-backend' }, known, free)).toBe('backend-patch.yaml');
    expect(namePatch({ kind: 'Deployment', name: 'backend' }, known, free)).toBe('backend-patch.yaml');
  });

  it('has the kind, then a number, where it is taken', () => {
    const taken = new Set(['web-patch.yaml']);
    const name = () =>
      namePatch({ kind: 'Service', name: 'web' }, [patch('api-patch.yaml', 'api')], (path) => !taken.has(path));
    expect(name()).toBe('service-web-patch.yaml');
    taken.add(name());
    expect(name()).toBe('service-web-2-patch.yaml');
  });
});
