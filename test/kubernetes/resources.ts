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

/** Where an object of a test stands, for tests that ask for no place. */
export const anywhere = {
  file: 'app.yaml',
  text: 0,
  start: 0,
  end: 0,
  document: 0,
  line: 1,
  within: [],
  origin: { kind: 'manifest', unit: '' },
} as const;
