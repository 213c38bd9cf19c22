import { expect, test } from 'vitest';
import { isClusterScoped } from './scope.ts';

test.each([
  ['', 'Namespace'],
  ['', 'PersistentVolume'],
  ['rbac.authorization.k8s.io', 'ClusterRole'],
  ['storage.k8s.io', 'StorageClass'],
  ['gateway.networking.k8s.io', 'GatewayClass'],
])('%s/%s lives outside namespaces', (group, kind) => {
  expect(isClusterScoped(group, kind)).toBe(true);
});

test.each([
  ['', 'Pod'],
  ['', 'PersistentVolumeClaim'],
  ['apps', 'Deployment'],
  ['rbac.authorization.k8s.io', 'Role'],
  // A custom kind with the name of a built-in one is its own kind.
  ['example.com', 'Namespace'],
])('%s/%s lives in a namespace', (group, kind) => {
  expect(isClusterScoped(group, kind)).toBe(false);
});
