import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInventory, type Inventory } from '../inventory.ts';
import { snapshotOf } from '../snapshot-builder.ts';
import { type Asked, whatCan, whoCan } from './effective-rights.ts';

const group = 'rbac.authorization.k8s.io';
const role = (kind: string, name: string, rules: string): string =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: ${name}}\nrules: ${rules}\n`;
const binding = (kind: string, roleKind: string, roleName: string, subjects: string): string =>
  `apiVersion: ${group}/v1\nkind: ${kind}\nmetadata: {name: ${roleName}-${kind.toLowerCase()}}\nroleRef: {apiGroup: ${group}, kind: ${roleKind}, name: ${roleName}}\nsubjects: [${subjects}]\n`;

const web = '{kind: ServiceAccount, name: web, namespace: default}';
const ops = '{kind: Group, name: ops}';

function inventoryOf(...documents: readonly string[]): Inventory {
  return createInventory(snapshotOf(documents.join('---\n')));
}

const getSecrets: Asked = { kind: 'resource', request: { verb: 'get', group: '', resource: 'secrets' } };

function namesOf(inventory: Inventory, asked: Asked, namespace?: string): string[] {
  return whoCan(inventory, asked, namespace).holders.map(({ identity }) => identity.name);
}

describe('who can', () => {
  const inventory = inventoryOf(
    role('Role', 'reader', '[{verbs: [get], apiGroups: [""], resources: [secrets], resourceNames: [api-key]}]'),
    role('ClusterRole', 'all', '[{verbs: ["*"], apiGroups: ["*"], resources: ["*"]}]'),
    role('ClusterRole', 'metrics', '[{verbs: [get], nonResourceURLs: ["/metrics"]}]'),
    binding('RoleBinding', 'Role', 'reader', web),
    binding('ClusterRoleBinding', 'ClusterRole', 'all', ops),
    binding('ClusterRoleBinding', 'ClusterRole', 'metrics', web),
    binding('RoleBinding', 'ClusterRole', 'unseen', web),
  );

  it('names holders with the binding and the rule, also those of some names', () => {
    const { holders, open } = whoCan(inventory, getSecrets);
    expect(
      holders.map(({ identity, grants }) => [identity.name, grants.map(({ scope, index }) => [scope, index])]),
    ).toEqual([
      ['ops', [['', 0]]],
      ['web', [['default', 0]]],
    ]);
    expect(open.map(({ role: { name } }) => name)).toEqual(['unseen']);
  });

  it('keeps to the namespace and to the name that are asked for', () => {
    expect(namesOf(inventory, getSecrets, 'other')).toEqual(['ops']);
    const named = (name: string): Asked => ({
      kind: 'resource',
      request: { verb: 'get', group: '', resource: 'secrets', name },
    });
    expect(namesOf(inventory, named('api-key'))).toEqual(['ops', 'web']);
    expect(namesOf(inventory, named('other'))).toEqual(['ops']);
  });

  it('answers for paths that are no resources', () => {
    expect(namesOf(inventory, { kind: 'url', verb: 'get', url: '/metrics' })).toEqual(['web']);
    expect(namesOf(inventory, { kind: 'url', verb: 'get', url: '/logs' })).toEqual([]);
  });
});

describe('what can', () => {
  it('gathers what the account holds by itself and by its groups', () => {
    const inventory = inventoryOf(
      role('Role', 'own', '[{verbs: [get], apiGroups: [""], resources: [pods]}]'),
      binding('RoleBinding', 'Role', 'own', web),
      binding('ClusterRoleBinding', 'ClusterRole', 'view', '{kind: Group, name: "system:serviceaccounts:default"}'),
      binding('ClusterRoleBinding', 'ClusterRole', 'cluster-admin', ops),
    );
    const { grants } = whatCan(inventory, { kind: 'ServiceAccount', namespace: 'default', name: 'web' });
    expect([...new Set(grants.map(({ role: { name } }) => name))].sort()).toEqual(['own', 'view']);
    expect(
      whatCan(inventory, { kind: 'User', namespace: '', name: 'system:serviceaccount:default:web' }).grants,
    ).toEqual(grants);
  });
});

it('both answers agree: who holds a right has it among what they can do', () => {
  const verbs = fc.constantFrom('get', 'list', 'create', '*');
  const resources = fc.constantFrom('pods', 'secrets', 'pods/exec', '*');
  const scopes = fc.constantFrom('RoleBinding', 'ClusterRoleBinding');
  fc.assert(
    fc.property(fc.array(fc.tuple(verbs, resources, scopes, fc.constantFrom(web, ops)), { maxLength: 5 }), (rows) => {
      const documents = rows.flatMap(([verb, resource, kind, subject], index) => [
        role('ClusterRole', `r${index}`, `[{verbs: ["${verb}"], apiGroups: [""], resources: ["${resource}"]}]`),
        binding(kind, 'ClusterRole', `r${index}`, subject),
      ]);
      const inventory = inventoryOf('apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n', ...documents);
      for (const { identity, grants } of whoCan(inventory, getSecrets).holders) {
        const held = whatCan(inventory, identity).grants.map(
          ({ binding: { object }, index }) => `${object.name} ${index}`,
        );
        for (const grant of grants) expect(held).toContain(`${grant.binding.object.name} ${grant.index}`);
      }
    }),
    { numRuns: 50 },
  );
});

describe('a role that is put together from others', () => {
  it('has each rule once, though a cluster holds the copies too', () => {
    const part = '[{verbs: [get], apiGroups: [""], resources: [pods]}]';
    const labelled = role('ClusterRole', 'part', part).replace('{name: part}', '{name: part, labels: {a: b}}');
    const whole = `${role('ClusterRole', 'whole', part)}aggregationRule: {clusterRoleSelectors: [{matchLabels: {a: b}}]}\n`;
    const inventory = inventoryOf(labelled, whole, binding('ClusterRoleBinding', 'ClusterRole', 'whole', ops));
    expect(whatCan(inventory, { kind: 'Group', namespace: '', name: 'ops' }).grants).toHaveLength(1);
  });
});
