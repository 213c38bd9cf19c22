// Resources as discovery gives them, for tests that do not discover.

import type { ApiResource } from '../../src/api/discovery/api-resource.ts';

export const pods: ApiResource = {
  group: '',
  version: 'v1',
  resource: 'pods',
  singular: 'pod',
  kind: 'Pod',
  namespaced: true,
  verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'],
  shortNames: ['po'],
  categories: ['all'],
  subresources: [],
};
