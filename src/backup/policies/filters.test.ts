import { describe, expect, it } from 'vitest';
import { compileSelection, noteOfFilters, type Selection, selectionOfBackup } from '../collect/selection.ts';
import { filterRestore, filterSelection } from './combine-selection.ts';
import { parsePolicies } from './parse-policies.ts';
import type { FindResource } from './resolve-filters.ts';

const served = [
  ['configmap', 'configmaps', true],
  ['secret', 'secrets', true],
  ['deployment', 'deployments.apps', true],
  ['pod', 'pods', true],
  ['clusterrole', 'clusterroles.rbac.authorization.k8s.io', false],
] as const;

const find: FindResource = (name) => {
  const found = served.find(([kind, full]) => [kind, full, full.split('.')[0]].includes(name.toLowerCase()));
  return found && { fullName: found[1], namespaced: found[2] };
};

function parse(sections: string) {
  return parsePolicies(`version: v1\n${sections}`, 'p.yaml');
}

function select(sections: string, selection: Selection = {}): Selection {
  const { filters } = parse(sections);
  return filters === undefined ? selection : filterSelection(selection, filters, find);
}

interface Item {
  readonly resource: string;
  readonly namespace?: string;
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

function takes(selection: Selection, { resource, namespace = '', name = 'x', labels = {} }: Item): boolean {
  const rule = compileSelection(selection).rulesOf(resource)(namespace);
  if (rule === undefined || !rule.takesName(name)) return false;
  return rule.selectors.length === 0 || rule.selectors.some((each) => each.matches(labels));
}

const byLabel = { labelSelector: { matchLabels: { global: 'yes' } } };

describe('filters of namespaces', () => {
  const perKind = `namespacedFilterPolicies:
- namespaces: [shop]
  resourceFilters:
  - kinds: [ConfigMap, secrets]
    labelSelector: {matchLabels: {app: web}}
  - kinds: [Deployment]
    names: ["web-*", api]
    excludedNames: ["*-tmp"]
`;
  const cases: readonly (readonly [item: Item, taken: boolean])[] = [
    [{ resource: 'configmaps', namespace: 'shop', labels: { app: 'web' } }, true],
    [{ resource: 'configmaps', namespace: 'shop', labels: { app: 'db' } }, false],
    [{ resource: 'secrets', namespace: 'shop', labels: { app: 'web' } }, true],
    [{ resource: 'secrets', namespace: 'shop' }, false],
    [{ resource: 'deployments.apps', namespace: 'shop', name: 'web-1' }, true],
    [{ resource: 'deployments.apps', namespace: 'shop', name: 'api' }, true],
    [{ resource: 'deployments.apps', namespace: 'shop', name: 'web-1-tmp' }, false],
    [{ resource: 'deployments.apps', namespace: 'shop', name: 'other' }, false],
    [{ resource: 'pods', namespace: 'shop', labels: { app: 'web' } }, false],
    [{ resource: 'pods', namespace: 'other' }, true],
    [{ resource: 'clusterroles.rbac.authorization.k8s.io' }, true],
  ];
  it.each(cases)('%j: %s', (item, taken) => {
    expect(takes(select(perKind), item)).toBe(taken);
  });

  it('stand in place of the selector of the backup, which holds for all others', () => {
    const selection = select(perKind, byLabel);
    expect(takes(selection, { resource: 'configmaps', namespace: 'shop', labels: { app: 'web' } })).toBe(true);
    expect(takes(selection, { resource: 'deployments.apps', namespace: 'shop', name: 'api' })).toBe(true);
    expect(takes(selection, { resource: 'pods', namespace: 'other' })).toBe(false);
    expect(takes(selection, { resource: 'pods', namespace: 'other', labels: { global: 'yes' } })).toBe(true);
  });

  it.each(['kinds: ["*"]', 'kinds: []', 'names: []'])('take all other kinds where one has %s', (kinds) => {
    const all = `namespacedFilterPolicies:
- namespaces: [shop]
  resourceFilters:
  - {${kinds}, labelSelector: {matchLabels: {keep: "true"}}}
  - {kinds: [Secret], names: [db]}
`;
    const selection = select(all, byLabel);
    expect(takes(selection, { resource: 'pods', namespace: 'shop', labels: { keep: 'true' } })).toBe(true);
    expect(takes(selection, { resource: 'pods', namespace: 'shop', labels: { global: 'yes' } })).toBe(false);
    expect(takes(selection, { resource: 'secrets', namespace: 'shop', name: 'db' })).toBe(true);
    expect(takes(selection, { resource: 'secrets', namespace: 'shop', labels: { keep: 'true' } })).toBe(false);
  });

  it('are those of a name before those of a pattern, and of the first pattern', () => {
    const ordered = `namespacedFilterPolicies:
- {namespaces: ["team-web-*"], resourceFilters: [{kinds: [ConfigMap]}]}
- {namespaces: ["team-*", "x?"], resourceFilters: [{kinds: [Pod]}]}
- {namespaces: [team-web-prod], resourceFilters: [{kinds: [Secret]}]}
`;
    const kindsIn = (namespace: string): string[] =>
      ['configmaps', 'pods', 'secrets'].filter((resource) => takes(select(ordered), { resource, namespace }));
    expect(kindsIn('team-web-prod')).toEqual(['secrets']);
    expect(kindsIn('team-web-dev')).toEqual(['configmaps']);
    expect(kindsIn('team-db')).toEqual(['pods']);
    expect(kindsIn('x1')).toEqual(['pods']);
    expect(kindsIn('x12')).toEqual(['configmaps', 'pods', 'secrets']);
  });

  it('know sets of labels, and alternatives of which one is enough', () => {
    const sets = `namespacedFilterPolicies:
- namespaces: [shop]
  resourceFilters:
  - kinds: [Pod]
    labelSelector:
      matchLabels: {app: web}
      matchExpressions: [{key: env, operator: In, values: [prod, test]}, {key: skip, operator: DoesNotExist}]
  - kinds: [Secret]
    orLabelSelectors: [{matchLabels: {a: "1", b: "2"}}, {matchExpressions: [{key: c, operator: Exists}]}, {}]
  - {kinds: [ConfigMap], labelSelector: {}}
`;
    const pod = (labels: Readonly<Record<string, string>>): boolean =>
      takes(select(sets), { resource: 'pods', namespace: 'shop', labels });
    expect([pod({ app: 'web', env: 'prod' }), pod({ app: 'web', env: 'test', skip: '' })]).toEqual([true, false]);
    expect([pod({ app: 'web', env: 'dev' }), pod({ app: 'web' }), pod({ env: 'prod' })]).toEqual([false, false, false]);
    const secret = (labels: Readonly<Record<string, string>>): boolean =>
      takes(select(sets), { resource: 'secrets', namespace: 'shop', labels });
    expect([secret({ a: '1', b: '2' }), secret({ c: 'x' }), secret({ a: '1' }), secret({})]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(takes(select(sets), { resource: 'configmaps', namespace: 'shop' })).toBe(true);
  });
});

describe('filters of the cluster', () => {
  const roles = `clusterScopedFilterPolicy:
  resourceFilters:
  - {kinds: [ClusterRole], names: ["shop-*"], labelSelector: {matchLabels: {app: web}}}
`;

  it('narrow the kinds that they name and leave all others', () => {
    const role = { resource: 'clusterroles.rbac.authorization.k8s.io', labels: { app: 'web' } };
    expect(takes(select(roles, byLabel), { ...role, name: 'shop-a' })).toBe(true);
    expect(takes(select(roles), { ...role, name: 'other' })).toBe(false);
    expect(takes(select(roles), { ...role, name: 'shop-a', labels: {} })).toBe(false);
    expect(takes(select(roles), { resource: 'storageclasses.storage.k8s.io' })).toBe(true);
    expect(takes(select(roles), { resource: 'configmaps', namespace: 'shop' })).toBe(true);
  });
});

describe('filters', () => {
  it.each([
    ['{namespaces: [a], resourceFilters: [{kinds: [Gadget]}]}', 'filters Gadget, which the cluster does not serve'],
    ['{namespaces: [a], resourceFilters: [{kinds: [ClusterRole]}]}', 'which is in no namespace'],
    ['{namespaces: [a], resourceFilters: [{kinds: [Secret]}]}', 'filters Secret, which is excluded'],
  ])('that can have no effect are told: %s', (policy, remark) => {
    const selection = select(`namespacedFilterPolicies: [${policy}]`, {
      excludedNamespaceScopedResources: ['secrets'],
    });
    expect(selection.filters?.remarks).toEqual([expect.stringContaining(`namespacedFilterPolicies[0] `)]);
    expect(selection.filters?.remarks[0]).toContain(remark);
    expect(compileSelection(selection).remarks).toHaveLength(1);
  });

  it('are not both of one resource, by whatever names', () => {
    const twice = 'namespacedFilterPolicies: [{namespaces: [a], resourceFilters: [{kinds: [Pod]}, {kinds: [pods]}]}]';
    expect(() => select(twice)).toThrow('namespacedFilterPolicies[0] has two filters for pods');
  });

  it.each([{ includedResources: ['pods'] }, { excludedResources: ['pods'] }, { includeClusterResources: true }])(
    'are refused beside %j',
    (selection) => {
      const policy = 'clusterScopedFilterPolicy: {resourceFilters: [{kinds: [ClusterRole]}]}';
      expect(() => select(policy, selection)).toThrow('a filter policy does not go together');
    },
  );

  it('stay with the backup, whose spec has no room for them', () => {
    const selection = select('namespacedFilterPolicies: [{namespaces: ["a*"], resourceFilters: [{kinds: [Pod]}]}]');
    const saved = selectionOfBackup({ metadata: { annotations: noteOfFilters(selection) }, spec: {} });
    for (const item of [
      { resource: 'pods', namespace: 'a1' },
      { resource: 'secrets', namespace: 'a1' },
    ])
      expect(takes(saved, item)).toBe(takes(selection, item));
    expect(noteOfFilters({})).toEqual({});
    const broken = { metadata: { annotations: { 'nowwhat.dev/object-filters': '{}' } }, spec: {} };
    expect(() => selectionOfBackup(broken)).toThrow('does not say by which filters');
  });
});

describe('filters of a restore', () => {
  const policy = 'namespacedFilterPolicies: [{namespaces: [a], resourceFilters: [{kinds: [Gadget]}]}]';

  it('find kinds that only the backup knows', () => {
    const selection = filterRestore({}, parse(policy), find);
    const ruleOf = compileSelection(selection).rulesOf;
    expect(ruleOf('gadgets.example.com', 'Gadget')('a')).toBeDefined();
    expect(ruleOf('widgets.example.com', 'Widget')('a')).toBeUndefined();
    expect(selection.filters?.remarks).toEqual([expect.stringContaining('the backup is searched for this kind')]);
  });

  it('go together with resources that it names, and tell which have no effect', () => {
    const secrets = 'namespacedFilterPolicies: [{namespaces: [a], resourceFilters: [{kinds: [Secret]}]}]';
    const { filters } = filterRestore({ excludedResources: ['secret'] }, parse(secrets), find);
    expect(filters?.remarks).toEqual([expect.stringContaining('which is excluded')]);
  });

  it.each([
    ['volumePolicies: [{conditions: {}, action: {type: skip}}]', 'volumePolicies of resource policies are for backups'],
    ['includeExcludePolicy: {}', 'includeExcludePolicy of resource policies are for backups'],
  ])('are all that it takes: not %s', (section, message) => {
    expect(() => filterRestore({}, parse(section), find)).toThrow(message);
  });
});

describe('filters that are not valid', () => {
  const inPolicy = (filters: string): string =>
    `namespacedFilterPolicies:\n- namespaces: [a]\n  resourceFilters:\n  - ${filters}`;
  it.each([
    [
      'namespacedFilterPolicies: [{namespaces: [], resourceFilters: [{}]}]',
      'p.yaml:2 namespacedFilterPolicies.0.namespaces must name one namespace at least',
    ],
    [
      'namespacedFilterPolicies: [{namespaces: [a], resourceFilters: []}]',
      'resourceFilters must have one filter at least',
    ],
    [
      'clusterScopedFilterPolicy: {resourceFilters: []}',
      'clusterScopedFilterPolicy.resourceFilters must have one filter',
    ],
    [
      'clusterScopedFilterPolicy: {resourceFilters: [{kinds: ["*"]}]}',
      'must name kinds: all kinds are filtered in namespaces only',
    ],
    ['clusterScopedFilterPolicy: {}', 'clusterScopedFilterPolicy.resourceFilters is missing'],
    ['namespacedFilterPolicies: [{namespaces: [a, a], resourceFilters: [{}]}]', 'namespaces.1 is named once more'],
    ['namespacedFilterPolicies: [{namespaces: ["a**"], resourceFilters: [{}]}]', 'has two stars in a row'],
    [
      'namespacedFilterPolicies: [{namespaces: ["{a,b}"], resourceFilters: [{}]}]',
      'has a character that patterns of namespaces do not take',
    ],
    ['namespacedFilterPolicies: [{namespaces: ["a["], resourceFilters: [{}]}]', 'has a "[" or "]" without the other'],
    [
      inPolicy('{kinds: [Pod], names: ["a["]}'),
      'p.yaml:5 namespacedFilterPolicies.0.resourceFilters.0.names.0 is no pattern',
    ],
    [inPolicy('{names: [a]}'), 'does not go together with a filter for all kinds'],
    [inPolicy('{kinds: ["*"], excludedNames: [a]}'), 'does not go together with a filter for all kinds'],
    [
      inPolicy('{kinds: ["*"]}\n  - {kinds: []}'),
      'p.yaml:6 namespacedFilterPolicies.0.resourceFilters.1.kinds has all kinds once more',
    ],
    [inPolicy('{kinds: ["*", Pod]}'), 'must be either * or names'],
    [inPolicy('{kinds: [Pod]}\n  - {kinds: [Secret, Pod]}'), 'has Pod once more'],
    [
      inPolicy('{kinds: [Pod], labelSelector: {matchLabels: {a: b}}, orLabelSelectors: [{}]}'),
      'does not go together with labelSelector',
    ],
    [
      inPolicy('{kinds: [Pod], labelSelector: {matchExpressions: [{key: a, operator: Like}]}}'),
      'labelSelector matchExpressions:',
    ],
    [
      inPolicy('{kinds: [Pod], orLabelSelectors: [{}, {matchExpressions: [{key: a, operator: In}]}]}'),
      'orLabelSelectors.1 key "a": operator In needs',
    ],
    [inPolicy('{kinds: [Pod], labelSelector: {app: web}}'), 'labelSelector.app is no key of resource policies'],
    [inPolicy('{kind: [Pod]}'), 'is no key of resource policies'],
  ])('%s', (sections, message) => {
    expect(() => parse(sections)).toThrow(message);
  });

  it('do not come with a backup that has none', () => {
    expect(parse('namespacedFilterPolicies: []').filters).toBeUndefined();
    expect(parse('').filters).toBeUndefined();
  });
});
