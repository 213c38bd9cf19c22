import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findGrant, rbacObjectsOf } from '../../kube/rbac-authorizer.ts';
import { rightsOfEverybody } from '../../kube/rbac-defaults.ts';
import { asArray, type JsonObject } from '../../model/index.ts';
import { inferRoles, type InferredRoles, type Need, needText, type NeedUse, type Widening } from './index.ts';
import { needKey } from './need.ts';

const user = { name: 'system:serviceaccount:shop:web', groups: ['system:serviceaccounts', 'system:authenticated'] };
const pods = { group: '', resource: 'pods', namespace: 'shop' };

function uses(needs: readonly Need[]): NeedUse[] {
  return needs.map((need) => ({ need, events: 1, declared: [] }));
}

function infer(
  needs: readonly Need[],
  widen: readonly Widening[] = [],
  given: readonly JsonObject[] = [],
): InferredRoles {
  return inferRoles(user, uses(needs), { widen, given });
}

function rulesOf({ roles }: InferredRoles): unknown[] {
  return roles.flatMap(({ role }) => asArray(role['rules']));
}

function objectsOf({ roles }: InferredRoles): JsonObject[] {
  return roles.flatMap(({ role, binding }) => [role, binding]);
}

describe('roles from needs', () => {
  it('are a Role with its binding for the account', () => {
    const inferred = infer([
      { ...pods, verb: 'list' },
      { ...pods, verb: 'get', name: 'a' },
    ]);
    const metadata = { name: 'web-api-access', namespace: 'shop' };
    expect(objectsOf(inferred)).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata,
        rules: [
          { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
          { apiGroups: [''], resources: ['pods'], resourceNames: ['a'], verbs: ['get'] },
        ],
      },
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'RoleBinding',
        metadata,
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web-api-access' },
        subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
      },
    ]);
    expect(inferred.proof).toEqual({ needs: 2, allowedNeeds: 2, granted: 2, beyond: [], missing: [] });
  });

  it('name verbs in the order of the roles of Kubernetes, and those of nobody else last', () => {
    const verbs = ['escalate', 'delete', 'watch', 'approve', 'create', 'list', 'get'];
    const rules = rulesOf(infer(verbs.map((verb) => ({ ...pods, verb }))));
    expect(rules).toMatchObject([{ verbs: ['get', 'list', 'watch', 'create', 'delete', 'approve', 'escalate'] }]);
  });

  it('join verbs, resources, names and groups where all pairs were seen, and only there', () => {
    const events = ['', 'events.k8s.io'].map((group) => ({
      verb: 'create',
      group,
      resource: 'events',
      namespace: 'shop',
    }));
    const full = ['get', 'update'].flatMap((verb) => ['a', 'b'].map((name) => ({ ...pods, verb, name })));
    expect(rulesOf(infer([...events, ...full]))).toEqual([
      { apiGroups: ['', 'events.k8s.io'], resources: ['events'], verbs: ['create'] },
      { apiGroups: [''], resources: ['pods'], resourceNames: ['a', 'b'], verbs: ['get', 'update'] },
    ]);
    expect(rulesOf(infer(full.slice(0, 3)))).toHaveLength(2);
  });

  it('leave out what a wider need covers', () => {
    const inferred = infer([
      { ...pods, verb: 'get', name: 'a' },
      { ...pods, verb: 'get', namespace: '' },
      { ...pods, verb: 'get' },
    ]);
    expect(rulesOf(inferred)).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }]);
    expect(inferred.roles[0]?.restOn[0]).toHaveLength(3);
  });

  it('have paths in a ClusterRole', () => {
    expect(rulesOf(infer([{ verb: 'get', url: '/metrics' }]))).toEqual([
      { nonResourceURLs: ['/metrics'], verbs: ['get'] },
    ]);
  });

  it('hold nothing that counts as given', () => {
    const { roles, given, proof } = infer([{ verb: 'get', url: '/apis/apps/v1' }], [], rightsOfEverybody);
    expect(roles).toEqual([]);
    expect(given.map(({ by }) => by)).toEqual(['ClusterRole system:discovery by ClusterRoleBinding system:discovery']);
    expect(proof).toMatchObject({ needs: 1, allowedNeeds: 1 });
  });

  it('name a user as a user, with a name that RBAC takes', () => {
    const { roles } = inferRoles({ name: 'a/b@c', groups: [] }, uses([{ ...pods, verb: 'list' }]), {
      widen: [],
      given: [],
    });
    expect(roles[0]?.binding).toMatchObject({
      metadata: { name: 'a-b@c-api-access' },
      subjects: [{ kind: 'User', name: 'a/b@c', apiGroup: 'rbac.authorization.k8s.io' }],
    });
  });

  it('never have a wildcard out of a request for something called *', () => {
    expect(
      infer([
        { verb: 'get', group: '', resource: '*', namespace: 'shop' },
        { verb: 'get', url: '/a*' },
      ]).roles,
    ).toEqual([]);
  });
});

describe('widening', () => {
  const named = (namespace: string, name: string): Need => ({ ...pods, namespace, verb: 'get', name });

  it.each<[Widening[], Need[], string[], string[]]>([
    [[], [{ ...pods, verb: 'list' }], ['list pods in shop'], []],
    [
      ['verbs'],
      [{ ...pods, verb: 'list' }],
      ['get pods in shop', 'list pods in shop', 'watch pods in shop'],
      ['verb', 'verb'],
    ],
    [['names'], [named('a', 'x')], ['get pods "x" in a'], []],
    [['names'], [named('a', 'x'), named('a', 'y')], ['get pods in a'], ['any-name']],
    [['names'], [named('a', 'x'), named('b', 'y')], ['get pods "x" in a', 'get pods "y" in b'], []],
    [['namespaces'], [named('a', 'x'), named('b', 'x')], ['get pods "x"'], ['any-namespace']],
    [['namespaces'], [named('a', 'x'), named('b', 'y')], ['get pods "x" in a', 'get pods "y" in b'], []],
    [
      ['namespaces', 'names'],
      [named('a', 'x'), named('a', 'y'), named('b', 'x')],
      ['get pods "x"', 'get pods "y" in a'],
      ['any-namespace'],
    ],
    [['generated-names'], [named('a', 'web-6b9f8c7d5-x2x4z'), named('a', 'db-0')], ['get pods in a'], ['any-name']],
  ])('%j', (chosen, needs, allowed, reasons) => {
    const inferred = infer(needs, chosen);
    const given = rbacObjectsOf(objectsOf(inferred));
    expect(inferred.proof.beyond.map(({ reason }) => reason)).toEqual(reasons);
    expect(inferred.proof.missing).toEqual([]);
    const parts = inferred.roles.flatMap(({ scope, rules }) =>
      rules.flatMap(({ verbs, resourceNames }) =>
        verbs.flatMap((verb) =>
          (resourceNames.length === 0 ? [undefined] : resourceNames).map((name) =>
            needText({ ...pods, namespace: scope, verb, ...(name === undefined ? {} : { name }) }),
          ),
        ),
      ),
    );
    expect(parts.toSorted()).toEqual(allowed.toSorted());
    expect(findGrant(given, user, { ...pods, verb: 'delete' })).toBeUndefined();
  });
});

const word = (...words: string[]) => fc.constantFrom(...words);
const resourceNeed = fc
  .record({
    verb: word('get', 'list', 'watch', 'create', 'delete'),
    group: word('', 'apps'),
    resource: word('pods', 'events', 'deployments'),
    subresource: fc.option(word('status', 'log'), { nil: undefined }),
    namespace: word('', 'a', 'b'),
    name: fc.option(word('x', 'y', 'z'), { nil: undefined }),
  })
  .map(({ subresource, name, ...rest }): Need => {
    const named = name === undefined || rest.verb === 'create' ? {} : { name };
    return { ...rest, ...(subresource === undefined ? {} : { subresource }), ...named };
  });
const urlNeed = fc.record({ verb: word('get', 'post'), url: word('/metrics', '/metrics/a', '/x') });
const anyNeeds = fc.array(fc.oneof({ weight: 6, arbitrary: resourceNeed }, urlNeed), { minLength: 1, maxLength: 25 });

/** Whether a set of needs has this one, or one that is wider. */
function isNeeded(needs: readonly Need[], asked: Need): boolean {
  return needs.some((need) => {
    if ('url' in need || 'url' in asked) return needKey(need) === needKey(asked);
    const { name: _, ...rest } = asked;
    const same = { ...rest, namespace: need.namespace, ...(need.name === undefined ? {} : { name: need.name }) };
    const fits =
      (need.namespace === '' || need.namespace === asked.namespace) &&
      (need.name === undefined || need.name === asked.name);
    return fits && needKey(need) === needKey(same);
  });
}

describe('inferred roles, for any needs', () => {
  it('allow each of them, and nothing but them', () => {
    fc.assert(
      fc.property(anyNeeds, fc.array(fc.oneof(resourceNeed, urlNeed), { maxLength: 60 }), (needs, others) => {
        const inferred = infer(needs);
        const objects = rbacObjectsOf(objectsOf(inferred));
        for (const need of needs) expect(findGrant(objects, user, need)).toBeDefined();
        for (const other of others) expect(findGrant(objects, user, other) !== undefined).toBe(isNeeded(needs, other));
        expect(inferred.proof).toMatchObject({ beyond: [], missing: [] });
      }),
    );
  });

  it('have no rule, verb, resource or name that could be left out', () => {
    fc.assert(
      fc.property(anyNeeds, (needs) => {
        const inferred = infer(needs);
        for (const { role, rules } of inferred.roles)
          for (const index of rules.keys()) {
            const left = objectsOf(inferred).map((object) =>
              object === role ? { ...role, rules: asArray(role['rules']).filter((_, at) => at !== index) } : object,
            );
            const objects = rbacObjectsOf(left);
            expect(needs.some((need) => findGrant(objects, user, need) === undefined)).toBe(true);
          }
      }),
    );
  });

  it('do not depend on the order of the needs', () => {
    fc.assert(
      fc.property(anyNeeds, (needs) => {
        const sortedKeys = (list: readonly Need[]): string => JSON.stringify(objectsOf(infer(list)));
        const unique = [...new Map(needs.map((need) => [needKey(need), need])).values()];
        expect(sortedKeys(unique.toReversed())).toBe(sortedKeys(unique));
      }),
    );
  });

  it('still allow each of them when widened, in any way', () => {
    const chosen = fc.subarray<Widening>(['verbs', 'namespaces', 'generated-names', 'names']);
    fc.assert(
      fc.property(anyNeeds, chosen, (needs, widen) => {
        expect(infer(needs, widen).proof.missing).toEqual([]);
      }),
    );
  });
});
