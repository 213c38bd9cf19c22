import { describe, expect, it } from 'vitest';
import { createInventory, type Inventory } from '../../inventory/index.ts';
import { bindingObjects } from '../../inventory/rights/binding-objects.ts';
import { allBindings, bindingsNaming, identityOf } from '../../inventory/rights/bindings.ts';
import { type Grant, whatCan } from '../../inventory/rights/effective-rights.ts';
import { snapshotOf } from '../../inventory/snapshot-builder.ts';
import { accountGroups } from '../../kube/rbac-authorizer.ts';
import {
  type GrantUse,
  type Need,
  needText,
  type NeedUse,
  planRemoval,
  type RemovalPlan,
  useOfGrant,
} from './index.ts';

const web = { kind: 'ServiceAccount', namespace: 'default', name: 'web' } as const;
const group = 'rbac.authorization.k8s.io';
const pods = { group: '', resource: 'pods', namespace: 'default' };
const subject = '{kind: ServiceAccount, name: web, namespace: default}';

function role(name: string, rules: string): string {
  return `---\napiVersion: ${group}/v1\nkind: Role\nmetadata: {name: ${name}}\nrules: [${rules}]\n`;
}

function binding(name: string, kind = 'Role', subjects = subject): string {
  return `---\napiVersion: ${group}/v1\nkind: RoleBinding\nmetadata: {name: ${name}}\nroleRef: {apiGroup: ${group}, kind: ${kind}, name: ${name}}\nsubjects: [${subjects}]\n`;
}

function uses(...needs: readonly Need[]): NeedUse[] {
  return needs.map((need, index) => ({ need, events: 2, first: index, last: index, declared: [] }));
}

/** By bindings that name the account itself. */
function ownGrants(inventory: Inventory): Grant[] {
  const own = bindingsNaming(inventory, web);
  return whatCan(inventory, web).grants.filter(({ binding: each }) => own.includes(each));
}

function grantsIn(text: string, needs: readonly NeedUse[]): { inventory: Inventory; found: GrantUse[] } {
  const inventory = createInventory(snapshotOf(text));
  return { inventory, found: ownGrants(inventory).map((grant) => useOfGrant(grant, needs)) };
}

describe('the use of a grant', () => {
  it.each<[string, readonly Need[], Partial<GrantUse>]>([
    [
      'verbs: [get, list], apiGroups: [""], resources: [pods]',
      [{ ...pods, verb: 'list' }],
      { state: 'partly', unused: ['get pods'], requests: 2, last: 0 },
    ],
    ['verbs: [list], apiGroups: [""], resources: [pods]', [{ ...pods, verb: 'list' }], { state: 'used', unused: [] }],
    [
      'verbs: [list], apiGroups: [""], resources: [pods]',
      [{ ...pods, verb: 'list', namespace: 'other' }],
      { state: 'never', unused: ['list pods'] },
    ],
    ['verbs: [list], apiGroups: [""], resources: [pods]', [], { state: 'never', requests: 0 }],
    // Paths are granted for the whole cluster only.
    ['verbs: [get], nonResourceURLs: [/metrics]', [{ verb: 'get', url: '/metrics' }], { state: 'never', requests: 0 }],
    [
      'verbs: ["*"], apiGroups: [""], resources: [pods]',
      [{ ...pods, verb: 'list' }],
      { state: 'partly', hasWildcard: true, unused: [] },
    ],
    [
      'verbs: [get], apiGroups: [""], resources: [pods], resourceNames: [a]',
      [{ ...pods, verb: 'get', name: 'b' }],
      { state: 'never' },
    ],
    ['verbs: [get], apiGroups: [""], resources: [pods]', [{ ...pods, verb: 'get', name: 'b' }], { state: 'used' }],
    [
      'verbs: [get], apiGroups: ["", apps], resources: [pods]',
      [{ ...pods, verb: 'get', name: 'b' }],
      { state: 'partly', unused: ['get pods.apps'] },
    ],
  ])('{%s} with %j', (rule, needs, expected) => {
    const { found } = grantsIn(role('a', `{${rule}}`) + binding('a'), uses(...needs));
    expect(found).toMatchObject([expected]);
  });
});

function plan(text: string, ...needs: readonly Need[]): RemovalPlan | undefined {
  const { inventory, found } = grantsIn(text, uses(...needs));
  return planRemoval({
    identity: identityOf(web),
    user: { name: 'system:serviceaccount:default:web', groups: accountGroups('default') },
    needs: uses(...needs),
    uses: found,
    given: [],
    objectsOf: (each) => bindingObjects(inventory, each),
    taken: new Set(['default/web-api-access']),
    bindings: allBindings(inventory),
  });
}

const reader = role('reader', '{verbs: [list], apiGroups: [""], resources: [pods]}') + binding('reader');

describe('a removal', () => {
  it('is none where everything was used', () => {
    expect(plan(reader, { ...pods, verb: 'list' })).toBeUndefined();
  });

  it('keeps what was used, and replaces the rest by roles that overwrite nobody', () => {
    const get = { ...pods, verb: 'get', name: 'a' };
    const removal = plan(reader + binding('edit', 'ClusterRole'), { ...pods, verb: 'list' }, get);
    expect(removal?.keep.map(({ object }) => object.name)).toEqual(['reader']);
    expect(removal?.remove.map(({ binding: { object }, how }) => [object.name, how])).toEqual([['edit', 'binding']]);
    expect(removal?.replacement.roles.map(({ role: { metadata, rules } }) => ({ metadata, rules }))).toEqual([
      {
        metadata: { name: 'web-api-access-2', namespace: 'default' },
        rules: [{ apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] }],
      },
    ]);
    expect(removal?.replacement.proof.missing).toEqual([]);
  });

  it('makes no role where nothing that goes was used', () => {
    const removal = plan(binding('edit', 'ClusterRole'));
    expect(removal?.replacement.roles).toEqual([]);
    expect(removal?.remove).toHaveLength(1);
  });

  it('takes only the subject out of a binding that others live by', () => {
    const shared = binding('view', 'ClusterRole', `${subject}, {kind: User, name: jana, apiGroup: ${group}}`);
    expect(plan(shared)?.remove).toMatchObject([{ how: 'subject' }]);
  });

  it('knows what is refused afterwards, the worst of a wildcard first, and nothing that others still allow', () => {
    const forbidden = plan(binding('cluster-admin', 'ClusterRole'), { ...pods, verb: 'create' })?.forbidden.map(
      needText,
    );
    expect(forbidden).toEqual([
      'get secrets "nowwhat-rehearsal" in default',
      'delete deployments.apps "nowwhat-rehearsal" in default',
      `create clusterrolebindings.${group} in default`,
      'impersonate users in default',
    ]);
    const everybody =
      binding('cluster-admin', 'ClusterRole') +
      binding('admin', 'ClusterRole', `{kind: Group, name: "system:serviceaccounts", apiGroup: ${group}}`);
    expect(plan(everybody)?.forbidden.map(needText)).toEqual([
      `create clusterrolebindings.${group} in default`,
      'impersonate users in default',
    ]);
  });
});
