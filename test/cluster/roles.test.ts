// A service account's real traffic, the roles inferred from the audit log, and the same traffic once they stand in the place of a wide one.

import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiClient, type ApiRequest, isApiError } from '../../src/api/index.ts';
import type { RolesAnswer } from '../../src/app/roles/roles-answer.ts';
import type { JsonObject } from '../../src/model/index.ts';
import { nowwhat } from '../e2e/run-cli.ts';
import { auditLog } from './audit-log.ts';
import { createOneRoleUser, type ReaderUser } from './reader-user.ts';
import { kubeconfig, openNamespace, type TestNamespace } from './test-cluster.ts';
import { until } from './until.ts';

const log = kubeconfig === undefined ? undefined : auditLog();

/** Calls as a client makes them, each with a word for it. */
function callsIn(namespace: string): Record<string, ApiRequest> {
  const core = `/api/v1/namespaces/${namespace}`;
  const settings: JsonObject = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { a: '1' },
  };
  const applied = { ...settings, metadata: { name: 'applied' } };
  const apply = 'application/apply-patch+yaml';
  return {
    'create a ConfigMap': { method: 'POST', path: `${core}/configmaps`, body: settings },
    'get it': { path: `${core}/configmaps/settings` },
    'list one by its name': { path: `${core}/configmaps`, query: { fieldSelector: 'metadata.name=settings' } },
    'list pods': { path: `${core}/pods` },
    'apply a new ConfigMap': {
      method: 'PATCH',
      path: `${core}/configmaps/applied`,
      query: { fieldManager: 'test' },
      body: applied,
      contentType: apply,
    },
    'read the scale of nothing': { path: `/apis/apps/v1/namespaces/${namespace}/deployments/web/scale` },
    'read the namespace': { path: core },
    'read the version': { path: '/version' },
    'delete them': { method: 'DELETE', path: `${core}/configmaps/settings` },
    'and the other': { method: 'DELETE', path: `${core}/configmaps/applied` },
  };
}

/** What the wide role allows and nobody did. */
function otherCalls(namespace: string): Record<string, ApiRequest> {
  const core = `/api/v1/namespaces/${namespace}`;
  return {
    'get secrets': { path: `${core}/secrets/x` },
    'list all ConfigMaps': { path: `${core}/configmaps` },
    'get another ConfigMap': { path: `${core}/configmaps/kube-root-ca.crt` },
    'delete pods': { method: 'DELETE', path: `${core}/pods/x` },
    'update Deployments': {
      method: 'PUT',
      path: `/apis/apps/v1/namespaces/${namespace}/deployments/x`,
      body: { metadata: { name: 'x' } },
    },
    'exec into pods': { method: 'POST', path: `${core}/pods/x/exec`, query: { command: 'true' } },
  };
}

async function statusOf(client: ApiClient, request: ApiRequest): Promise<number> {
  try {
    await client.request(request);
    return 200;
  } catch (error) {
    for (const code of [400, 403, 404, 409]) if (isApiError(error, code)) return code;
    throw error;
  }
}

async function statuses(client: ApiClient, calls: Record<string, ApiRequest>): Promise<Record<string, number>> {
  const answers: Record<string, number> = {};
  for (const [word, request] of Object.entries(calls)) answers[word] = await statusOf(client, request);
  return answers;
}

describe.runIf(log !== undefined)('a service account with a wide role', () => {
  const folder = mkdtempSync(join(tmpdir(), 'nowwhat-roles-'));
  const file = log ?? '';
  let space: TestNamespace;
  let account: ReaderUser;
  let client: ApiClient;
  let before: Record<string, number> = {};
  let inferred: RolesAnswer;
  const subject = (): string => `sa:${space.name}/one-role`;
  const cluster = (): string[] => ['--context', '.', '--kubeconfig', kubeconfig ?? '', '-n', space.name];

  beforeAll(async () => {
    space = await openNamespace();
    account = await createOneRoleUser(space, folder, [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }]);
    client = await account.open();
    await untilStatus(callsIn(space.name)['list pods'], 200);
    before = await statuses(client, callsIn(space.name));
    await statusOf(client, { path: '/api/v1/nodes' });
    await until('the entry in the audit log', async () =>
      readFileSync(file, 'utf8').includes(`/api/v1/namespaces/${space.name}/configmaps/applied"`) ? true : undefined,
    );
    // Before anybody tries what nobody needs.
    inferred = JSON.parse(nowwhat(['roles', '--audit-log', file, '--for', subject(), '-o', 'json']).out);
  });

  /** An authorizer sees new roles a moment later. */
  const untilStatus = (request: ApiRequest | undefined, status: number): Promise<unknown> =>
    until(`the answer ${status}`, async () =>
      request !== undefined && (await statusOf(client, request)) === status ? true : undefined,
    );

  afterAll(async () => {
    await client?.close();
    await space?.close();
    rmSync(folder, { recursive: true });
  });

  it('did what it did', () => {
    expect(before).toEqual({
      ...Object.fromEntries(Object.keys(callsIn('x')).map((word) => [word, 200])),
      'read the scale of nothing': 404,
    });
  });

  it('gets roles that allow exactly that', () => {
    const { subjects } = inferred;
    const [only] = subjects;
    expect(only?.proof).toMatchObject({ missing: [], beyond: [] });
    expect(only?.roles.map(({ role }) => role)).toEqual([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'Role',
        metadata: { name: 'one-role-api-access', namespace: space.name },
        rules: [
          { apiGroups: [''], resources: ['configmaps'], verbs: ['create'] },
          { apiGroups: [''], resources: ['configmaps'], resourceNames: ['applied'], verbs: ['patch', 'delete'] },
          { apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['get', 'list', 'delete'] },
          { apiGroups: [''], resources: ['namespaces'], resourceNames: [space.name], verbs: ['get'] },
          { apiGroups: [''], resources: ['pods'], verbs: ['list'] },
          { apiGroups: ['apps'], resources: ['deployments/scale'], resourceNames: ['web'], verbs: ['get'] },
        ],
      },
    ]);
  });

  it('has its removal rehearsed by the real authorizer, on somebody who does not exist', async () => {
    const args = ['unused-rights', '--audit-log', file, '--for', subject(), ...cluster()];
    const { status, out, err } = nowwhat([...args, '--rehearse', '--yes', '-o', 'json']);
    expect(status, err).toBe(1);
    const { rehearsal, subjects } = JSON.parse(out);
    expect(subjects[0].grants).toMatchObject([{ state: 'partly', wildcard: true }]);
    expect(subjects[0].plan.remove).toMatchObject([{ binding: { name: 'one-role' }, how: 'binding' }]);
    expect(rehearsal).toMatchObject({ holds: true, made: 2, removed: 2 });
    const [rehearsed] = rehearsal.subjects;
    expect(rehearsed).toMatchObject({ allowed: rehearsed.needs, missing: [], stillAllowed: [] });
    expect(rehearsed.refusedBefore).toBeGreaterThan(5);
    expect(rehearsed.forbidden).toBeGreaterThan(2);
    const left = await space.client.request({
      path: `/apis/rbac.authorization.k8s.io/v1/namespaces/${space.name}/roles`,
    });
    expect(JSON.stringify(left)).not.toContain('nowwhat-rehearsal');
    expect(nowwhat([...args, '--rehearse']).err).toContain('[not-agreed]');
    const home = mkdtempSync(join(tmpdir(), 'nowwhat-removed-'));
    mkdirSync(join(home, '.nowwhat'));
    nowwhat([...args, '--rehearse', '--yes'], { cwd: home });
    const listed = nowwhat(['proofs', ...cluster(), '-o', 'json'], { cwd: home });
    expect(JSON.parse(listed.out).proofs).toMatchObject([
      { proof: { kind: 'removal-rehearsal', result: 'holds' }, freshness: { state: 'fresh' } },
    ]);
    rmSync(home, { recursive: true });
  });

  it('works on with them in the place of the wide one, and can do nothing else', async () => {
    const others = await statuses(client, otherCalls(space.name));
    expect(Object.values(others)).not.toContain(403);
    const rbac = 'apis/rbac.authorization.k8s.io/v1';
    for (const { role, binding } of inferred.subjects[0]?.roles ?? []) {
      await space.create(`${rbac}:roles`, role);
      await space.create(`${rbac}:rolebindings`, binding);
    }
    await space.client.request({ method: 'DELETE', path: `/${rbac}/namespaces/${space.name}/rolebindings/one-role` });
    await untilStatus(otherCalls(space.name)['get secrets'], 403);
    expect(await statuses(client, callsIn(space.name))).toEqual(before);
    const refused = Object.fromEntries(Object.keys(others).map((word) => [word, 403]));
    expect(await statuses(client, otherCalls(space.name))).toEqual(refused);
  });
});
