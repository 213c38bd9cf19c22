import { expect, it } from 'vitest';
import { parseYaml } from '../kube/yaml/index.ts';
import type { NotListed } from '../model/index.ts';
import { rightsToRead } from './rights-to-read.ts';

const list = (group: string, resource: string, namespace = ''): NotListed => ({
  group,
  kind: 'X',
  resource,
  namespace,
});

it('is one rule a group, cluster-wide and for each namespace', () => {
  const text = rightsToRead([
    list('', 'nodes'),
    list('rbac.authorization.k8s.io', 'clusterroles'),
    list('', 'secrets', 'shop'),
    list('', 'configmaps', 'shop'),
  ]);
  const values = text.split('---\n').map((each) => {
    const outcome = parseYaml(each);
    return outcome.ok ? outcome.parsed.values[0] : undefined;
  });
  expect(values).toEqual([
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: 'nowwhat-read' },
      rules: [
        { apiGroups: [''], resources: ['nodes'], verbs: ['list'] },
        { apiGroups: ['rbac.authorization.k8s.io'], resources: ['clusterroles'], verbs: ['list'] },
      ],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'nowwhat-read', namespace: 'shop' },
      rules: [{ apiGroups: [''], resources: ['configmaps', 'secrets'], verbs: ['list'] }],
    },
  ]);
});

it('is nothing where nothing is missing', () => {
  expect(rightsToRead([])).toBe('');
});

it('asks for no right to a list that broke', () => {
  expect(rightsToRead([{ ...list('', 'nodes'), failed: true }])).toBe('');
});
