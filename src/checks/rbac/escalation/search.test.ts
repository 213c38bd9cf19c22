import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createInventory } from '../../../inventory/index.ts';
import { snapshotOf } from '../../../inventory/snapshot-builder.ts';
import { isUnlimited, ruleAllows } from '../../../kube/rbac.ts';
import { groupsOf, type Identity, identityKey, identityOf, rulesOf } from '../../../inventory/rights/bindings.ts';
import { wayEvidence, wayText } from './describe-way.ts';
import { type Actor, actorKey, clusterAdmin, ownerOf } from './move.ts';
import type { Proof } from './rights.ts';
import { type Escalations, findEscalations, makeGraph, type Way } from './search.ts';
import { readSurroundings, type Surroundings } from './surroundings.ts';

type Json = Record<string, unknown>;
type Rule = Record<string, readonly string[]>;

const rbac = 'rbac.authorization.k8s.io';
const roleApi = `${rbac}/v1`;

function rule(verbs: string, resources: string, group = '', names: readonly string[] = []): Rule {
  const limit = names.length === 0 ? {} : { resourceNames: names };
  return { apiGroups: [group], resources: resources.split(' '), verbs: verbs.split(' '), ...limit };
}

function subject(text: string): Json {
  const [kind = '', name = '', account] = text.split('/');
  if (account !== undefined) return { kind, namespace: name, name: account };
  return { kind, apiGroup: rbac, name };
}

/** Gives rules to somebody: in a namespace, or with '' in the whole cluster. */
function grant(who: string, namespace: string, ...rules: Rule[]): Json[] {
  const name = `${who}-${namespace}-${JSON.stringify(rules).length}`.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
  const metadata = namespace === '' ? { name } : { name, namespace };
  const kind = namespace === '' ? 'ClusterRole' : 'Role';
  return [
    { apiVersion: roleApi, kind, metadata, rules },
    {
      apiVersion: roleApi,
      kind: namespace === '' ? 'ClusterRoleBinding' : 'RoleBinding',
      metadata,
      roleRef: { apiGroup: rbac, kind, name },
      subjects: [subject(who)],
    },
  ];
}

const everything: Rule = { apiGroups: ['*'], resources: ['*'], verbs: ['*'] };
const admin = (who: string): Json[] => grant(who, '', everything);

function read(objects: readonly Json[], minor = 34): Surroundings {
  const text = objects.map((object) => JSON.stringify(object)).join('\n---\n');
  return readSurroundings(createInventory(snapshotOf(text)), minor);
}

function search(objects: readonly Json[], goal?: Actor, minor?: number): Escalations {
  return findEscalations(makeGraph(read(objects, minor)), goal === undefined ? {} : { goal });
}

function who(text: string): Identity {
  const [kind = '', name = '', account] = text.split('/');
  if (account !== undefined) return { kind: 'ServiceAccount', namespace: name, name: account };
  return { kind: kind as Identity['kind'], namespace: '', name };
}

function told(objects: readonly Json[], minor?: number, from = 'ServiceAccount/shop/web'): string | undefined {
  const way = search(objects, undefined, minor).wayOf(who(from));
  return way && wayText(way);
}

const web = 'ServiceAccount/shop/web';
const boss = admin('ServiceAccount/shop/boss');

function pod(kind: 'Pod' | 'StatefulSet', name: string, account: string, more: Json = {}): Json {
  const spec = { serviceAccountName: account, containers: [{ name: 'main', image: 'a:1' }], ...more };
  const metadata = { name, namespace: 'shop' };
  if (kind === 'Pod') return { apiVersion: 'v1', kind, metadata, spec };
  return { apiVersion: 'apps/v1', kind, metadata, spec: { template: { spec } } };
}

function tokenSecret(name: string, account: string): Json {
  const annotations = { 'kubernetes.io/service-account.name': account };
  const type = 'kubernetes.io/service-account-token';
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'shop', annotations }, type };
}

const toBoss = (phrase: string): string => `can ${phrase} ServiceAccount "shop/boss", which is cluster administrator`;

describe('one step', () => {
  it.each([
    ['make a token of', [rule('create', 'serviceaccounts/token')]],
    ['make a token of', [rule('create', 'serviceaccounts/token', '', ['boss'])]],
    ['act as', [rule('impersonate', 'serviceaccounts')]],
    ['act as', [rule('impersonate', 'serviceaccounts', '', ['boss'])]],
    ['run a pod as', [rule('create', 'pods')]],
    ['run a pod as', [rule('create', 'cronjobs', 'batch')]],
    ['make and read a token Secret of', [rule('create', 'secrets'), rule('get', 'secrets')]],
  ])('is to %s an account of the namespace', (phrase, rules) => {
    expect(told([...boss, ...grant(web, 'shop', ...rules)])).toBe(toBoss(phrase));
    expect(told([...boss, ...grant(web, 'other', ...rules)])).toBeUndefined();
  });

  it.each([
    [rule('create', 'serviceaccounts')],
    [rule('create', 'serviceaccounts/token', '', ['other'])],
    [rule('impersonate', 'serviceaccounts', '', ['other'])],
    [rule('create', 'pods', '', ['boss'])],
    [rule('create', 'pods/eviction')],
    [rule('delete', 'pods')],
    [rule('create', 'secrets')],
    [rule('get list watch', 'configmaps pods serviceaccounts')],
    [rule('create', 'jobs')],
  ])('is not %o', (...rules) => {
    expect(told([...boss, ...grant(web, 'shop', ...rules)])).toBeUndefined();
  });

  it('is to enter a pod that carries the token', () => {
    const exec = grant(web, 'shop', rule('create', 'pods/exec'));
    expect(told([...boss, ...exec])).toBeUndefined();
    expect(told([...boss, ...exec, pod('Pod', 'p', 'boss')])).toBe(toBoss('enter a pod of'));
    expect(told([...boss, ...exec, pod('Pod', 'p', 'boss', { automountServiceAccountToken: false })])).toBeUndefined();
    const named = (name: string): Json[] => grant(web, 'shop', rule('create', 'pods/exec', '', [name]));
    expect(told([...boss, ...named('p'), pod('Pod', 'p', 'boss')])).toBe(toBoss('enter a pod of'));
    expect(told([...boss, ...named('q'), pod('Pod', 'p', 'boss')])).toBeUndefined();
    expect(told([...boss, ...named('p-0'), pod('StatefulSet', 'p', 'boss')])).toBe(toBoss('enter a pod of'));
    expect(told([...boss, ...named('p-x'), pod('StatefulSet', 'p', 'boss')])).toBeUndefined();
    expect(told([...boss, ...named('p'), pod('StatefulSet', 'p', 'boss')])).toBeUndefined();
  });

  it('is to open a session with get up to 1.34', () => {
    const objects = [...boss, ...grant(web, 'shop', rule('get', 'pods/exec')), pod('Pod', 'p', 'boss')];
    expect(told(objects, 34)).toBe(toBoss('enter a pod of'));
    expect(told(objects, 35)).toBeUndefined();
  });

  it('is to read a token Secret', () => {
    const secret = tokenSecret('old', 'boss');
    const reader = (...rules: Rule[]): Json[] => [...boss, ...grant(web, 'shop', ...rules)];
    expect(told([...reader(rule('get', 'secrets')), secret])).toBe(toBoss('read a token Secret of'));
    expect(told([...reader(rule('list', 'secrets')), secret])).toBe(toBoss('read a token Secret of'));
    expect(told([...reader(rule('get', 'secrets', '', ['old'])), secret])).toBe(toBoss('read a token Secret of'));
    expect(told([...reader(rule('get', 'secrets', '', ['new'])), secret])).toBeUndefined();
    expect(told(reader(rule('get', 'secrets')))).toBeUndefined();
    expect(told([...boss, ...grant(web, '', rule('get', 'secrets')), secret])).toBe(toBoss('read a token Secret of'));
  });

  it('is to change a workload that is there', () => {
    const set = pod('StatefulSet', 'db', 'web');
    const writer = (...names: string[]): Json[] => [
      ...boss,
      ...grant(web, 'shop', rule('patch', 'statefulsets', 'apps', names)),
    ];
    const text = toBoss('change StatefulSet "db" to run as');
    expect(told([...writer(), set])).toBe(text);
    expect(told([...writer('db'), set])).toBe(text);
    expect(told([...writer('web'), set])).toBeUndefined();
    expect(told(writer())).toBeUndefined();
    expect(told([...boss, ...grant(web, '', rule('patch', 'statefulsets', 'apps')), set])).toBe(text);
  });

  it.each([
    [
      'bind itself to ClusterRole "cluster-admin"',
      [rule('create', 'clusterrolebindings', rbac), rule('bind', 'clusterroles', rbac)],
    ],
    [
      'bind itself to ClusterRole "cluster-admin"',
      [rule('create', 'clusterrolebindings', rbac), rule('bind', 'clusterroles', rbac, ['cluster-admin'])],
    ],
    [
      'bind itself to ClusterRole "cluster-admin" in namespace "kube-system"',
      [rule('create', 'rolebindings', rbac), rule('bind', 'clusterroles', rbac)],
    ],
    [
      'add itself to ClusterRoleBinding "cluster-admin"',
      [rule('patch', 'clusterrolebindings', rbac), rule('bind', 'clusterroles', rbac)],
    ],
    ['act as any user', [rule('impersonate', 'users')]],
    [
      'act as User "system:kube-controller-manager"',
      [rule('impersonate', 'users', '', ['system:kube-controller-manager'])],
    ],
    ['act as Group "system:masters"', [rule('impersonate', 'groups'), rule('impersonate', 'users', '', ['ann'])]],
    [
      'act as Group "system:masters"',
      [rule('impersonate', 'groups', '', ['system:masters']), rule('impersonate', 'serviceaccounts', '', ['x'])],
    ],
    ['make tokens of the controllers in namespace "kube-system"', [rule('create', 'serviceaccounts/token')]],
    [
      'make a token of ServiceAccount "kube-system/clusterrole-aggregation-controller"',
      [rule('create', 'serviceaccounts/token', '', ['clusterrole-aggregation-controller'])],
    ],
    ['run pods in namespace "kube-system"', [rule('create', 'daemonsets', 'apps')]],
    ['enter the pods of namespace "kube-system"', [rule('patch', 'pods/ephemeralcontainers')]],
    ['read the Secrets of namespace "kube-system"', [rule('watch', 'secrets')]],
    ['change the deployments of namespace "kube-system"', [rule('update', 'deployments', 'apps')]],
    [
      'enter every pod of the cluster through the kubelets, those with other accounts included',
      [rule('get', 'nodes/proxy')],
    ],
    [
      'change every object on its way into the cluster with an admission webhook',
      [rule('patch', 'mutatingwebhookconfigurations', 'admissionregistration.k8s.io')],
    ],
    [
      'sign itself a certificate as any user',
      [
        rule('create', 'certificatesigningrequests', 'certificates.k8s.io'),
        rule('update', 'certificatesigningrequests/approval', 'certificates.k8s.io'),
        rule('approve', 'signers', 'certificates.k8s.io', ['kubernetes.io/kube-apiserver-client']),
      ],
    ],
  ])('is to %s, with rights in the whole cluster', (phrase, rules) => {
    expect(told(grant(web, '', ...rules))).toBe(`can ${phrase}`);
    // Each of the rules is needed.
    if (rules.length > 1) for (const one of rules) expect(told(grant(web, '', one))).toBeUndefined();
  });

  it.each([
    [[rule('create', 'clusterrolebindings', rbac), rule('bind', 'clusterroles', rbac, ['view'])]],
    [[rule('impersonate', 'users', '', ['ann'])]],
    [[rule('impersonate', 'groups'), rule('get', 'users')]],
    [[rule('get', 'secrets')]],
    [[rule('escalate', 'clusterroles', rbac), rule('patch', 'clusterroles', rbac, ['other'])]],
    [[rule('patch', 'mutatingwebhookconfigurations', 'admissionregistration.k8s.io', ['own'])]],
    [[rule('patch', 'validatingwebhookconfigurations', 'admissionregistration.k8s.io')]],
    [[rule('get list watch', 'nodes pods')]],
  ])('is not %o in the whole cluster', (rules) => {
    expect(told(grant(web, '', ...rules))).toBeUndefined();
  });

  it('gives nothing cluster-wide through a binding in a namespace', () => {
    const rules = [
      rule('get', 'nodes/proxy'),
      rule('impersonate', 'users'),
      rule('create bind', 'clusterrolebindings clusterroles', rbac),
    ];
    expect(told(grant(web, 'shop', ...rules))).toBeUndefined();
  });

  it('is to write rights into a role of its own', () => {
    const rules = [rule('escalate', 'clusterroles', rbac), rule('update', 'clusterroles', rbac)];
    expect(told(grant(web, '', ...rules))).toMatch(/^can put any right into its own ClusterRole "[^"]+"$/);
  });
});

describe('a way', () => {
  it('goes over several identities and is told as one sentence with its evidence', () => {
    const objects = [
      ...grant(web, 'shop', rule('create', 'pods')),
      ...grant('ServiceAccount/shop/ci', '', rule('impersonate', 'users', '', ['ann'])),
      ...admin('User/ann'),
    ];
    const way = search(objects).wayOf(who(web));
    expect(way && wayText(way)).toBe(
      'can run a pod as ServiceAccount "shop/ci", which can act as User "ann", which is cluster administrator',
    );
    expect(way && wayEvidence(way).split('; ')).toEqual([
      expect.stringMatching(/^1\. create on pods in namespace shop, by RoleBinding shop\/.* and Role .* rules\[0\]$/),
      expect.stringMatching(/^2\. impersonate on users ann cluster-wide, by ClusterRoleBinding .* rules\[0\]$/),
      expect.stringMatching(/^3\. all verbs on everything cluster-wide, by ClusterRoleBinding .* rules\[0\]$/),
    ]);
  });

  it('goes through all rights in one namespace', () => {
    const rules = [rule('create', 'rolebindings', rbac), rule('bind', 'clusterroles', rbac)];
    expect(told([...boss, ...grant(web, 'shop', ...rules)])).toBe(
      'can bind itself to ClusterRole "cluster-admin" in namespace "shop" and there run a pod as ServiceAccount "shop/boss", which is cluster administrator',
    );
    expect(told(grant(web, 'kube-system', ...rules))).toBe(
      'can bind itself to ClusterRole "cluster-admin" in namespace "kube-system"',
    );
  });

  it('uses what the groups of an account hold, and a user name that stands for the account', () => {
    const rules = [rule('get', 'nodes/proxy')];
    expect(told(grant('Group/system:serviceaccounts:shop', '', ...rules), 34, web)).toBeUndefined();
    const account = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } };
    expect(told([account, ...grant('Group/system:serviceaccounts:shop', '', ...rules)])).toContain('kubelets');
    expect(told([account, ...grant('Group/system:serviceaccounts:ops', '', ...rules)])).toBeUndefined();
    expect(told(grant('User/system:serviceaccount:shop:web', '', ...rules))).toContain('kubelets');
  });

  it('takes no move that presumes something where only sure ones are asked for', () => {
    const graph = (minor: number) => makeGraph(read(grant(web, '', rule('list', 'secrets')), minor));
    expect(findEscalations(graph(24)).wayOf(who(web))?.steps[0]?.presumes).toMatch(/^a Secret of/);
    expect(findEscalations(graph(24), { sure: true }).wayOf(who(web))).toBeUndefined();
    expect(findEscalations(graph(23), { sure: true }).wayOf(who(web))?.steps[0]?.presumes).toBeUndefined();
    expect(findEscalations(graph(23), { sure: true }).wayOf(who(web))?.steps).toHaveLength(1);
  });

  it('prefers the plainer of two moves', () => {
    const rules = [rule('create', 'pods'), rule('create', 'serviceaccounts/token')];
    expect(told([...boss, ...grant(web, 'shop', ...rules)])).toBe(toBoss('make a token of'));
    expect(told([...boss, ...grant(web, 'shop', ...rules.toReversed())])).toBe(toBoss('make a token of'));
  });

  it('is empty for one who has all rights', () => {
    expect(told(boss, 34, 'ServiceAccount/shop/boss')).toBe('is cluster administrator');
    expect(
      search(grant('Group/system:masters', 'shop', rule('get', 'pods'))).wayOf(who('Group/system:masters')),
    ).toMatchObject({ steps: [] });
  });

  it('leads to a namespace, where that is the goal', () => {
    const objects = [
      ...grant('ServiceAccount/shop/owner', 'shop', everything),
      ...grant(web, 'shop', rule('create', 'pods')),
      ...grant('User/ann', 'other', everything),
    ];
    const { wayOf } = search(objects, ownerOf('shop'));
    expect(wayOf(who('ServiceAccount/shop/owner'))?.steps).toEqual([]);
    expect(wayOf(who(web))?.steps.map(({ phrase }) => phrase)).toEqual(['run a pod as']);
    expect(wayOf(who('User/ann'))).toBeUndefined();
    expect(search(objects).wayOf(who(web))).toBeUndefined();
  });

  it('ends after eight steps', () => {
    const chain = (length: number): Json[] =>
      Array.from({ length }, (_, index) =>
        grant(`User/u${index}`, '', rule('impersonate', 'users', '', [`u${index + 1}`])),
      ).flat();
    const { wayOf } = search([...chain(12), ...admin('User/u12')]);
    expect(wayOf(who('User/u4'))?.steps).toHaveLength(8);
    expect(wayOf(who('User/u3'))).toBeUndefined();
  });

  it('is found in a cluster with thousands of bindings', () => {
    const objects = Array.from({ length: 1500 }, (_, index) => [
      ...grant(`ServiceAccount/n${index % 50}/a${index}`, `n${(index + 1) % 50}`, rule('create', 'pods')),
    ]).flat();
    const surroundings = read([...objects, ...admin('ServiceAccount/n7/top')]);
    const started = performance.now();
    const graph = makeGraph(surroundings);
    const { wayOf } = findEscalations(graph);
    expect(wayOf(who('ServiceAccount/n6/a6'))?.steps).toHaveLength(1);
    expect(wayOf(who('ServiceAccount/n4/a4'))?.steps).toHaveLength(3);
    expect(performance.now() - started).toBeLessThan(15_000);
  });
});

const people = [
  'ServiceAccount/a/x',
  'ServiceAccount/a/y',
  'ServiceAccount/b/x',
  'ServiceAccount/kube-system/z',
  'User/ann',
  'Group/ops',
];
const anyRule = fc.constantFrom(
  everything,
  rule('create', 'pods'),
  rule('create', 'pods/exec'),
  rule('impersonate', 'users', '', ['ann']),
  rule('impersonate', 'groups', '', ['ops']),
  rule('impersonate', 'serviceaccounts', '', ['x']),
  rule('create', 'serviceaccounts/token', '', ['y']),
  rule('create', 'secrets'),
  rule('get', 'secrets'),
  rule('create', 'rolebindings', rbac),
  rule('bind', 'clusterroles', rbac),
  rule('escalate patch', 'roles clusterroles', rbac),
  rule('get', 'nodes/proxy'),
  rule('list', 'configmaps'),
);
const anyGrant = fc
  .tuple(
    fc.constantFrom(...people),
    fc.constantFrom('', 'a', 'b', 'kube-system'),
    fc.uniqueArray(anyRule, { minLength: 1, maxLength: 3 }),
  )
  .map(([person, namespace, rules]) => ({ person, namespace, rules }));

function world(grants: readonly { person: string; namespace: string; rules: readonly Rule[] }[]): Json[] {
  return grants.flatMap(({ person, namespace, rules }, index) =>
    grant(person, namespace, ...rules).map((object) => ({
      ...object,
      metadata: { ...(object['metadata'] as Json), name: `g${index}` },
      ...(object['roleRef'] === undefined ? {} : { roleRef: { ...(object['roleRef'] as Json), name: `g${index}` } }),
    })),
  );
}

function holds(identity: Identity, { right, request, namespace }: Proof, { inventory }: Surroundings): boolean {
  const { binding, index } = right;
  const keys = [identity, ...groupsOf(identity).map((name) => ({ kind: 'Group', namespace: '', name }) as const)].map(
    identityKey,
  );
  const isBound = binding.subjects.some((each) => keys.includes(identityKey(identityOf(each))));
  const found = rulesOf(inventory, binding.role)?.[index];
  const inScope = binding.scope === '' || binding.scope === namespace;
  return isBound && inScope && found !== undefined && (isUnlimited(found) || ruleAllows(found, request));
}

function expectToHold(start: Identity, way: Way, surroundings: Surroundings): void {
  let at: Actor = start;
  for (const { from, to, proofs } of way.steps) {
    expect(actorKey(from)).toBe(actorKey(at));
    if (from.kind === 'NamespaceOwner') expect(proofs).toEqual([]);
    else {
      expect(proofs.length).toBeGreaterThan(0);
      for (const proof of proofs) expect(holds(from as Identity, proof, surroundings)).toBe(true);
    }
    at = to;
  }
  if (way.held === undefined) expect(actorKey(at)).toBe(actorKey(clusterAdmin));
  else
    for (const proof of way.held)
      expect(proof.namespace === '' && holds(at as Identity, proof, surroundings)).toBe(true);
}

describe('in any cluster', () => {
  const grants = fc.array(anyGrant, { maxLength: 8 });

  it('each step of a way is allowed by the rules that it names', () => {
    fc.assert(
      fc.property(grants, (list) => {
        const surroundings = read(world(list));
        const { wayOf } = findEscalations(makeGraph(surroundings));
        for (const identity of surroundings.identities) {
          const way = wayOf(identity);
          if (way !== undefined) expectToHold(identity, way, surroundings);
        }
      }),
    );
  });

  it('one more binding closes no way and makes none longer', () => {
    fc.assert(
      fc.property(grants, anyGrant, (list, more) => {
        const before = search(world(list));
        const after = search(world([...list, more]));
        for (const person of people.map(who)) {
          const way = before.wayOf(person);
          if (way !== undefined) expect(after.wayOf(person)?.steps.length).toBeLessThanOrEqual(way.steps.length);
        }
      }),
    );
  });

  it('the ways do not depend on the order of the input', () => {
    fc.assert(
      fc.property(grants, (list) => {
        const objects = world(list);
        const tell = (input: readonly Json[]): (string | undefined)[] =>
          people.map(who).map((person) => {
            const way = search(input).wayOf(person);
            return way && `${wayText(way)} ${wayEvidence(way)}`;
          });
        expect(tell(objects.toReversed())).toEqual(tell(objects));
      }),
    );
  });

  it('no way is longer than the shortest that a plain search finds', () => {
    fc.assert(
      fc.property(grants, (list) => {
        const surroundings = read(world(list));
        const graph = makeGraph(surroundings);
        const distance = new Map<string, number>([[actorKey(clusterAdmin), 0]]);
        const members = (key: string): string[] =>
          graph.into.has(key) && key.includes('/') && distance.has(key)
            ? [key]
            : [...graph.setsOf].filter(([, sets]) => sets.includes(key)).map(([member]) => member);
        for (let round = 0; round < 40; round += 1)
          for (const [target, edges] of graph.into)
            for (const { from, holds: free = false } of edges) {
              const best = Math.min(
                ...[target, ...members(target)].map((key) => distance.get(key) ?? Number.POSITIVE_INFINITY),
              );
              const cost = best + (free ? 0 : 1);
              if (cost < (distance.get(actorKey(from)) ?? Number.POSITIVE_INFINITY)) distance.set(actorKey(from), cost);
            }
        const { wayOf } = findEscalations(graph);
        for (const identity of surroundings.identities)
          expect(wayOf(identity)?.steps.length).toBe(distance.get(actorKey(identity)));
      }),
    );
  });
});
