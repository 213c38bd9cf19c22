import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import { UserError } from '../../model/index.ts';
import { chooseContext } from './choose-context.ts';
import { parseKubeconfig, parseUser } from './parse-kubeconfig.ts';
import { findKubeconfigPaths, readKubeconfig } from './read-kubeconfig.ts';

const two = `
apiVersion: v1
kind: Config
current-context: dev
clusters:
- name: minikube
  cluster: {server: 'https://192.0.2.1:8443', certificate-authority: certs/ca.crt}
- name: prod
  cluster: {server: 'https://prod.test', tls-server-name: api.test, insecure-skip-tls-verify: true, proxy-url: 'socks5://p:1'}
users:
- name: alice
  user: {client-certificate: /abs/alice.crt, client-key: alice.key, as: bob, as-groups: [ops], as-uid: '7', as-user-extra: {scope: [a, b]}}
- name: old
  user: {exec: {apiVersion: client.authentication.k8s.io/v1alpha1, command: x}}
contexts:
- name: dev
  context: {cluster: minikube, user: alice, namespace: shop}
- name: live
  context: {cluster: prod, user: ''}
`;

function code(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof UserError) return `${error.code}: ${error.message} | ${error.advice}`;
    throw error;
  }
  return 'no error';
}

describe('a kubeconfig', () => {
  const config = parseKubeconfig(two, '/home/a/.kube/config');

  it('gives the current context with paths made absolute and whom to act as', () => {
    expect(chooseContext(config, {})).toEqual({
      context: 'dev',
      namespace: 'shop',
      cluster: {
        name: 'minikube',
        server: 'https://192.0.2.1:8443',
        authority: { file: '/home/a/.kube/certs/ca.crt' },
        insecure: false,
        disableCompression: false,
      },
      user: expect.objectContaining({
        certificate: { file: '/abs/alice.crt' },
        key: { file: '/home/a/.kube/alice.key' },
      }),
      impersonate: { user: 'bob', groups: ['ops'], uid: '7', extra: { scope: ['a', 'b'] } },
    });
  });

  it('lets flags win, and a context without a user is anonymous', () => {
    const chosen = chooseContext(config, { context: 'live', namespace: 'x', impersonate: { user: 'carol' } });
    expect(chosen).toMatchObject({ namespace: 'x', impersonate: { user: 'carol' } });
    expect(chosen.user).toBeUndefined();
    expect(chosen.cluster).toMatchObject({ tlsServerName: 'api.test', insecure: true, proxyUrl: 'socks5://p:1' });
    expect(chooseContext(config, { context: 'live', user: 'alice' }).user?.name).toBe('alice');
  });

  it('lists the names where one is not known', () => {
    expect(code(() => chooseContext(config, { context: 'stage' }))).toBe(
      'unknown-context: no context "stage" in /home/a/.kube/config | Choose one of its contexts: dev, live.',
    );
    expect(code(() => chooseContext(config, { user: 'eve' }))).toContain('no user "eve"');
    expect(code(() => chooseContext({ ...config, currentContext: 'gone' }, {}))).toContain('no context "gone"');
    const { currentContext: _, ...none } = config;
    expect(code(() => chooseContext(none, {}))).toContain('no context is chosen');
    expect(chooseContext(none, { cluster: 'prod' }).context).toBe('');
  });

  it('looks only at the chosen user: an odd neighbour does no harm', () => {
    expect(code(() => chooseContext(config, { user: 'old' }))).toContain(
      'user "old": "apiVersion" of "exec" is neither',
    );
  });

  it.each([
    ['clusters: [{name: a}, {name: a}]', 'cluster "a" stands twice'],
    ['clusters: 3', '"clusters" is not a list'],
    ['- a', 'is not a mapping'],
    ['a: [', 'line 1'],
    ['kind: Pod', '"kind" is not "Config"'],
    ['current-context: [x]', '"current-context" is not text'],
    ['contexts: [{name: a, context: {cluster: 3}}]', 'context "a": "cluster" is not text'],
  ])('says what is wrong with %s', (text, problem) => {
    expect(code(() => parseKubeconfig(text, '/k'))).toContain(`kubeconfig-invalid: /k: ${problem}`);
  });

  it.each([
    [{ exec: { apiVersion: 'client.authentication.k8s.io/v1', command: 'x' } }, '"interactiveMode" of "exec"'],
    [{ exec: { apiVersion: 'client.authentication.k8s.io/v1beta1' } }, '"exec" has no "command"'],
    [{ 'as-groups': ['x'] }, 'no "as"'],
    [{ 'client-certificate-data': 's3cret!' }, '"client-certificate-data" is not base64'],
    [{ token: 12 }, '"token" is not text'],
  ])('refuses the user %j without quoting values', (body, problem) => {
    const message = code(() => parseUser({ name: 'u', body, place: { file: '/k', folder: '/', entry: 'user "u"' } }));
    expect(message).toContain(problem);
    expect(message).not.toContain('s3cret');
  });

  it('takes a bare login program from PATH and any other relative to the file', () => {
    const place = { file: '/home/a/config', folder: '/home/a', entry: '' };
    const exec = (command: string) =>
      parseUser({ name: 'u', body: { exec: { apiVersion: 'client.authentication.k8s.io/v1beta1', command } }, place })
        .login?.command;
    expect([exec('aws'), exec('./bin/login'), exec('/opt/login')]).toEqual(['aws', '/home/a/bin/login', '/opt/login']);
  });
});

describe('several kubeconfig files', () => {
  const first = 'clusters: [{name: a, cluster: {server: "https://first"}}]\nusers: [{name: red, user: {token: one}}]\n';
  const second = `current-context: x
clusters: [{name: a, cluster: {server: "https://second", tls-server-name: t}}, {name: b, cluster: {server: "https://b", certificate-authority: ca.crt}}]
contexts: [{name: x, context: {cluster: a, user: red}}, {name: z, context: {cluster: b}}]
`;

  it('merge entry by entry: the first file wins, nothing of a later entry is kept', async () => {
    const folder = temporaryFolder({ 'one/config': first, 'two/config': second });
    const paths = [join(folder, 'one/config'), '', join(folder, 'missing'), join(folder, 'two/config')];
    const config = await readKubeconfig({ environment: { KUBECONFIG: paths.join(':') } });
    const chosen = chooseContext(config!, {});
    expect(chosen.cluster.server).toBe('https://first');
    expect(chosen.cluster).not.toHaveProperty('tlsServerName');
    expect(chosen.user?.token).toBe('one');
    expect(chooseContext(config!, { context: 'z' }).cluster.authority).toEqual({ file: join(folder, 'two/ca.crt') });
    expect(config!.files).toHaveLength(2);
  });

  it('are looked for in KUBECONFIG, else at home', () => {
    expect(findKubeconfigPaths({ KUBECONFIG: '/a::/b:/a', HOME: '/h' })).toEqual(['/a', '/b']);
    expect(findKubeconfigPaths({ HOME: '/h' })).toEqual(['/h/.kube/config']);
    expect(findKubeconfigPaths({})).toEqual([]);
  });

  it('a named file must exist, others need not', async () => {
    await expect(readKubeconfig({ path: '/nowhere/k', environment: {} })).rejects.toMatchObject({
      code: 'kubeconfig-missing',
    });
    expect(await readKubeconfig({ environment: { KUBECONFIG: '/nowhere/k' } })).toBeUndefined();
  });

  it('one that cannot be read is an error, not a missing one', async () => {
    const folder = temporaryFolder({ 'config/x': '' });
    await expect(readKubeconfig({ path: join(folder, 'config'), environment: {} })).rejects.toMatchObject({
      code: 'kubeconfig-invalid',
    });
  });
});
