// Users of the test cluster that nobody else is, so that the audit log tells what each of them did: a service account and a kubeconfig for it.

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ApiClient, createClient, readConnection } from '../../src/api/index.ts';
import { asObject, asString, type JsonObject } from '../../src/model/index.ts';
import type { TestNamespace } from './test-cluster.ts';

const rbac = 'rbac.authorization.k8s.io';

export interface ReaderUser {
  /** As the audit log and bindings have it. */
  readonly name: string;
  /** Path of a kubeconfig whose one context is this user in the test's namespace, and has its name. */
  readonly kubeconfig: string;
  readonly open: () => Promise<ApiClient>;
}

function renderKubeconfig({ client: { connection }, name }: TestNamespace, token: string): string {
  const { authority, insecure } = connection.trust;
  const trust =
    authority === undefined ? {} : { 'certificate-authority-data': Buffer.from(authority).toString('base64') };
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': name,
    clusters: [
      {
        name: 'test',
        cluster: { server: connection.server, ...trust, ...(insecure && { 'insecure-skip-tls-verify': true }) },
      },
    ],
    users: [{ name: 'test', user: { token } }],
    contexts: [{ name, context: { cluster: 'test', user: 'test', namespace: name } }],
  });
}

/** Makes a service account with a token of an hour; who binds it to a role gives it rights. */
async function createUser(space: TestNamespace, account: string, folder: string): Promise<ReaderUser> {
  await space.create('api/v1:serviceaccounts', {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name: account },
  });
  const answer = await space.create(`api/v1:serviceaccounts/${account}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds: 3600 },
  });
  const kubeconfig = join(folder, `${account}.kubeconfig`);
  writeFileSync(kubeconfig, renderKubeconfig(space, asString(asObject(answer['status'])['token']) ?? ''));
  return {
    name: `system:serviceaccount:${space.name}:${account}`,
    kubeconfig,
    open: async () => createClient(await readConnection({ path: kubeconfig, environment: {} })),
  };
}

function subjectOf(space: TestNamespace, account: string): JsonObject {
  return { kind: 'ServiceAccount', name: account, namespace: space.name };
}

/** A user who may do everything. `close` takes the right away again. */
export async function createAdministrator(
  space: TestNamespace,
  folder: string,
): Promise<ReaderUser & { readonly close: () => Promise<void> }> {
  const user = await createUser(space, 'administrator', folder);
  const path = `/apis/${rbac}/v1/clusterrolebindings`;
  const body = {
    apiVersion: `${rbac}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: space.name },
    roleRef: { apiGroup: rbac, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [subjectOf(space, 'administrator')],
  };
  await space.client.request({ method: 'POST', path, body });
  return {
    ...user,
    close: async () => {
      await space.client.request({ method: 'DELETE', path: `${path}/${space.name}`, repeatable: true });
    },
  };
}

/** A user with one Role in the test's namespace, and nothing else: not even the namespaces' names. */
export async function createOneRoleUser(
  space: TestNamespace,
  folder: string,
  rules: readonly JsonObject[],
): Promise<ReaderUser> {
  const user = await createUser(space, 'one-role', folder);
  const identity = { apiVersion: `${rbac}/v1`, metadata: { name: 'one-role' } };
  await space.create(`apis/${rbac}/v1:roles`, { ...identity, kind: 'Role', rules });
  await space.create(`apis/${rbac}/v1:rolebindings`, {
    ...identity,
    kind: 'RoleBinding',
    roleRef: { apiGroup: rbac, kind: 'Role', name: 'one-role' },
    subjects: [subjectOf(space, 'one-role')],
  });
  return user;
}
