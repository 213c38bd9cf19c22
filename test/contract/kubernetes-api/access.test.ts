// Who may do what: RBAC, how it refuses, reviews, impersonation, tokens, and that nobody gives away what he does not have.

import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { contract, type Loose, type Reply } from './api-under-test.ts';

const rbac = 'rbac.authorization.k8s.io';

contract('access', (api) => {
  const id = randomBytes(3).toString('hex');
  const jane = `jane-${id}`;
  const clusterRole = `contract-${id}`;
  let namespace: string;

  const as = (
    user: string,
    path: string,
    more: { method?: string; body?: unknown; groups?: string } = {},
  ): Promise<Reply> => {
    const { groups, ...ask } = more;
    return api.ask(path, {
      ...ask,
      ...(ask.body === undefined ? {} : { method: ask.method ?? 'POST' }),
      headers: { 'impersonate-user': user, ...(groups === undefined ? {} : { 'impersonate-group': groups }) },
    });
  };
  const roles = () => `/apis/${rbac}/v1/namespaces/${namespace}/roles`;
  const bindings = () => `/apis/${rbac}/v1/namespaces/${namespace}/rolebindings`;
  const role = (name: string, rules: object[]) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'Role',
    metadata: { name },
    rules,
  });
  const binding = (name: string, kind: string, to: string, subjects: object[]) => ({
    apiVersion: `${rbac}/v1`,
    kind: 'RoleBinding',
    metadata: { name },
    roleRef: { kind, name: to },
    subjects,
  });

  beforeAll(async () => {
    namespace = await api.namespace();
    await api.post(
      roles(),
      role('reader', [{ apiGroups: [''], resources: ['configmaps', 'pods/log'], verbs: ['get', 'list'] }]),
    );
    await api.post(
      roles(),
      role('namer', [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['mine'], verbs: ['get'] }]),
    );
    await api.post(
      roles(),
      role('giver', [
        { apiGroups: [rbac], resources: ['roles', 'rolebindings'], verbs: ['create', 'update', 'patch'] },
      ]),
    );
    for (const name of ['reader', 'namer', 'giver'])
      await api.post(bindings(), binding(name, 'Role', name, [{ kind: 'User', name: jane }]));
    await api.post(
      bindings(),
      binding('team', 'Role', 'reader', [
        { kind: 'Group', name: `team-${id}` },
        { kind: 'ServiceAccount', name: 'default', namespace },
      ]),
    );
    await api.post(`/apis/${rbac}/v1/clusterroles`, {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRole',
      metadata: { name: clusterRole },
      rules: [{ apiGroups: [''], resources: ['nodes'], verbs: ['list'] }],
    });
    await api.post(`/apis/${rbac}/v1/clusterrolebindings`, {
      apiVersion: `${rbac}/v1`,
      kind: 'ClusterRoleBinding',
      metadata: { name: clusterRole },
      roleRef: { kind: 'ClusterRole', name: clusterRole },
      subjects: [{ kind: 'User', name: jane }],
    });
    // The authorizer of a real server reads roles from its own caches.
    const asJane = async (): Promise<boolean> =>
      (await as(jane, '/api/v1/nodes')).code === 200 &&
      (await as(jane, `/api/v1/namespaces/${namespace}/secrets/mine`)).code === 404;
    while (!(await asJane())) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  afterAll(async () => {
    for (const kind of ['clusterroles', 'clusterrolebindings'])
      await api.remove(`/apis/${rbac}/v1/${kind}/${clusterRole}`);
  });

  it('is given by a role in its namespace only', async () => {
    expect((await as(jane, `/api/v1/namespaces/${namespace}/configmaps`)).code).toBe(200);
    expect((await as(jane, '/api/v1/namespaces/default/configmaps')).code).toBe(403);
    expect((await as(jane, '/api/v1/configmaps')).code).toBe(403);
    expect((await as(jane, `/api/v1/namespaces/${namespace}/configmaps?watch=1&timeoutSeconds=1`)).code).toBe(403);
    expect((await as('somebody', `/api/v1/namespaces/${namespace}/configmaps`, { groups: `team-${id}` })).code).toBe(
      200,
    );
    expect(
      (await as(`system:serviceaccount:${namespace}:default`, `/api/v1/namespaces/${namespace}/configmaps`)).code,
    ).toBe(200);
  });

  it('is refused in words that name user, verb, resource and place', async () => {
    const list = await as(jane, `/api/v1/namespaces/${namespace}/pods`);
    expect(list.code).toBe(403);
    expect(list.body).toMatchObject({
      kind: 'Status',
      reason: 'Forbidden',
      message: `pods is forbidden: User "${jane}" cannot list resource "pods" in API group "" in the namespace "${namespace}"`,
      details: { kind: 'pods' },
    });
    const one = await as(jane, `/apis/apps/v1/namespaces/${namespace}/deployments/web`);
    expect(one.body).toMatchObject({
      message: `deployments.apps "web" is forbidden: User "${jane}" cannot get resource "deployments" in API group "apps" in the namespace "${namespace}"`,
      details: { name: 'web', group: 'apps', kind: 'deployments' },
    });
    const everywhere = await as(jane, '/apis/apps/v1/deployments');
    expect(everywhere.body['message']).toBe(
      `deployments.apps is forbidden: User "${jane}" cannot list resource "deployments" in API group "apps" at the cluster scope`,
    );
    const sub = await as(jane, `/api/v1/namespaces/${namespace}/pods/web/eviction`, { body: {} });
    expect(sub.body['message']).toContain('cannot create resource "pods/eviction"');
    const path = await as(jane, '/metrics');
    expect(path.body).toMatchObject({ message: `forbidden: User "${jane}" cannot get path "/metrics"`, details: {} });
  });

  it('comes before anything is looked at', async () => {
    expect((await as(jane, `/api/v1/namespaces/${namespace}/pods`, { body: { broken: true } })).code).toBe(403);
    expect((await as(jane, `/api/v1/namespaces/${namespace}/secrets/yours`)).code).toBe(403);
    expect((await as(jane, `/api/v1/namespaces/${namespace}/secrets/mine`)).code).toBe(404);
  });

  it('to discovery is everybody’s who is somebody', async () => {
    expect((await as(jane, '/apis')).code).toBe(200);
    expect((await as(jane, '/version')).code).toBe(200);
    const nobody = { 'impersonate-user': 'system:anonymous' };
    expect((await api.ask('/apis', { headers: nobody })).code).toBe(403);
    expect((await api.ask('/version', { headers: nobody })).code).toBe(200);
  });

  const review = async (user: string, kind: string, spec: object): Promise<Loose> => {
    const { code, body } = await as(user, `/apis/authorization.k8s.io/v1/${kind.toLowerCase()}s`, {
      body: { apiVersion: 'authorization.k8s.io/v1', kind, spec },
    });
    expect(code).toBe(201);
    return body['status'];
  };
  const mayI = (attributes: object): Promise<Loose> =>
    review(jane, 'SelfSubjectAccessReview', { resourceAttributes: attributes });

  it('can be asked for, with what gives it', async () => {
    expect(await mayI({ verb: 'get', resource: 'configmaps', namespace })).toEqual({
      allowed: true,
      reason: `RBAC: allowed by RoleBinding "reader/${namespace}" of Role "reader" to User "${jane}"`,
    });
    expect(await mayI({ verb: 'list', resource: 'nodes' })).toEqual({
      allowed: true,
      reason: `RBAC: allowed by ClusterRoleBinding "${clusterRole}" of ClusterRole "${clusterRole}" to User "${jane}"`,
    });
    expect(await mayI({ verb: 'get', resource: 'pods', subresource: 'log', namespace })).toMatchObject({
      allowed: true,
    });
    expect(await mayI({ verb: 'get', resource: 'pods', namespace })).toEqual({ allowed: false });
    expect(await mayI({ verb: 'get', resource: 'secrets', name: 'mine', namespace })).toMatchObject({ allowed: true });
    expect(await mayI({ verb: 'get', resource: 'secrets', namespace })).toEqual({ allowed: false });
    expect(
      await review(jane, 'SelfSubjectAccessReview', { nonResourceAttributes: { verb: 'get', path: '/api/v1' } }),
    ).toMatchObject({ allowed: true });
    const empty = await as(jane, '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
      body: { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: {} },
    });
    expect(empty.code).toBe(422);
  });

  it('of somebody else can be asked for by those who may', async () => {
    const body = {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: { user: jane, resourceAttributes: { verb: 'list', resource: 'configmaps', namespace } },
    };
    const path = '/apis/authorization.k8s.io/v1/subjectaccessreviews';
    expect((await api.post(path, body)).body['status'].allowed).toBe(true);
    expect((await as(jane, path, { body })).code).toBe(403);
  });

  it('can be listed', async () => {
    const rules = await review(jane, 'SelfSubjectRulesReview', { namespace });
    expect(rules['incomplete']).toBe(false);
    expect(rules['resourceRules']).toContainEqual({
      verbs: ['get', 'list'],
      apiGroups: [''],
      resources: ['configmaps', 'pods/log'],
    });
    expect(rules['resourceRules']).toContainEqual({
      verbs: ['get'],
      apiGroups: [''],
      resources: ['secrets'],
      resourceNames: ['mine'],
    });
    expect(rules['resourceRules']).toContainEqual({ verbs: ['list'], apiGroups: [''], resources: ['nodes'] });
    expect(rules['nonResourceRules'].flatMap((each: Loose) => each['nonResourceURLs'])).toContain('/api/*');
  });

  it('tells who one is', async () => {
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' };
    const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
    const own = await as(jane, path, { body, groups: 'dev' });
    expect(own.body['status'].userInfo).toEqual({ username: jane, groups: ['dev', 'system:authenticated'] });
    const account = await as(`system:serviceaccount:${namespace}:default`, path, { body });
    expect(account.body['status'].userInfo.groups).toEqual([
      'system:serviceaccounts',
      `system:serviceaccounts:${namespace}`,
      'system:authenticated',
    ]);
  });

  it('to speak for somebody is a right of its own', async () => {
    const impostor = { 'impersonate-user': jane };
    const token = await api.post(`/api/v1/namespaces/${namespace}/serviceaccounts/default/token`, {
      apiVersion: 'authentication.k8s.io/v1',
      kind: 'TokenRequest',
      spec: {},
    });
    expect(token.code).toBe(201);
    const ask = { token: token.body['status'].token };
    const own = await api.ask(`/api/v1/namespaces/${namespace}/configmaps`, ask);
    expect(own.code).toBe(200);
    const other = await api.ask(`/api/v1/namespaces/${namespace}/configmaps`, { ...ask, headers: impostor });
    expect(other.code).toBe(403);
    expect(other.body['message']).toBe(
      `users "${jane}" is forbidden: User "system:serviceaccount:${namespace}:default" cannot impersonate resource "users" in API group "" at the cluster scope`,
    );
  });

  it('needs a token that is known', async () => {
    const { code, body } = await api.ask('/api', { token: 'nonsense' });
    expect(code).toBe(401);
    expect(body).toMatchObject({ message: 'Unauthorized', reason: 'Unauthorized' });
  });

  it('cannot be given by one who does not have it', async () => {
    const more = role('more', [{ apiGroups: [''], resources: ['secrets'], verbs: ['get', 'list'] }]);
    const refused = await as(jane, roles(), { body: more });
    expect(refused.code).toBe(403);
    expect(refused.body['message']).toContain(
      `roles.${rbac} "more" is forbidden: user "${jane}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:`,
    );
    expect(refused.body['message']).toContain('{APIGroups:[""], Resources:["secrets"], Verbs:["get" "list"]}');
    const less = role('less', [{ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }]);
    expect((await as(jane, roles(), { body: less })).code).toBe(201);
    const bound = await as(jane, bindings(), {
      body: binding('edit', 'ClusterRole', 'edit', [{ kind: 'User', name: jane }]),
    });
    expect(bound.code).toBe(403);
    const owned = await as(jane, bindings(), {
      body: binding('less', 'Role', 'less', [{ kind: 'User', name: 'friend' }]),
    });
    expect(owned.code).toBe(201);
    const grown = await as(jane, `${roles()}/less`, { method: 'PUT', body: { ...less, rules: more.rules } });
    expect(grown.code).toBe(403);
  });

  it('fills in and fixes bindings', async () => {
    const { body } = await api.post(
      bindings(),
      binding('filled', 'ClusterRole', 'view', [
        { kind: 'User', name: 'x' },
        { kind: 'ServiceAccount', name: 'y' },
      ]),
    );
    expect(body).toMatchObject({
      roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'view' },
      subjects: [
        { kind: 'User', apiGroup: rbac, name: 'x' },
        { kind: 'ServiceAccount', name: 'y' },
      ],
    });
    const moved = await api.patch(`${bindings()}/filled`, 'merge', { roleRef: { name: 'edit' } });
    expect(moved.code).toBe(422);
    expect(moved.body['details'].causes[0]).toMatchObject({
      field: 'roleRef',
      message: expect.stringContaining('cannot change roleRef'),
    });
    const verbless = await api.post(roles(), role('verbless', [{ apiGroups: [''], resources: ['pods'], verbs: [] }]));
    expect(verbless.code).toBe(422);
  });
});
