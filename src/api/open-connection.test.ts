import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../test/kubernetes/manual-clock.ts';
import { temporaryFolder } from '../../test/programs/temporary-folder.ts';
import { findProxy } from './find-proxy.ts';
import { readInClusterConnection } from './in-cluster.ts';
import { type ConnectionOptions, readConnection } from './open-connection.ts';

function connectionWith(cluster: string, more: Partial<ConnectionOptions> = {}, user = '{token: t}') {
  const folder = temporaryFolder({
    config: `current-context: x\nclusters: [{name: c, cluster: ${cluster}}]\nusers: [{name: u, user: ${user}}]\ncontexts: [{name: x, context: {cluster: c, user: u}}]\n`,
    'ca.crt': 'AUTHORITY',
  });
  return readConnection({ environment: { KUBECONFIG: join(folder, 'config') }, ...more });
}

describe('a connection', () => {
  it('holds what the context comes to', async () => {
    const connection = await connectionWith(
      '{server: "https://c.test:6443/prefix/", certificate-authority: ca.crt, disable-compression: true}',
    );
    expect(connection).toMatchObject({
      context: 'x',
      cluster: 'c',
      user: 'u',
      namespace: 'default',
      server: 'https://c.test:6443/prefix',
      trust: { authority: 'AUTHORITY', insecure: false },
      compression: false,
      warnings: [],
    });
    expect(connection).not.toHaveProperty('proxy');
    expect(await connection.credentials.current()).toEqual({ token: 't' });
  });

  it('warns where nobody verifies the server, or nothing is encrypted', async () => {
    const insecure = await connectionWith('{server: "https://c.test", insecure-skip-tls-verify: true}');
    expect(insecure.warnings).toEqual([expect.stringContaining('cluster "c" is not verified')]);
    const plain = await connectionWith('{server: "http://c.test"}');
    expect(plain.warnings).toEqual(['cluster "c" is reached without encryption']);
  });

  it('takes an address without a scheme as client-go does', async () => {
    expect((await connectionWith('{server: "c.test:80"}')).server).toBe('http://c.test:80'.replace(':80', ''));
    expect((await connectionWith('{server: "c.test:1", certificate-authority: ca.crt}')).server).toBe(
      'https://c.test:1',
    );
  });

  it('takes the proxy of the kubeconfig before that of the environment', async () => {
    const own = await connectionWith('{server: "https://c.test", proxy-url: "socks5://own:1"}');
    expect(own.proxy).toBe('socks5://own:1');
  });

  it.each([
    ['{}', 'kubeconfig-invalid', 'has no "server"'],
    ['{server: "ftp://x"}', 'kubeconfig-invalid', 'no http or https address'],
    ['{server: "https://x", certificate-authority: gone.crt}', 'credential-unreadable', 'gone.crt'],
    [
      '{server: "https://x", certificate-authority: ca.crt, insecure-skip-tls-verify: true}',
      'kubeconfig-invalid',
      'has both',
    ],
    ['{server: "https://x", proxy-url: "ftp://p"}', 'kubeconfig-invalid', 'proxy'],
    ['{server: "https://x", proxy-url: "http://me:100%@p"}', 'kubeconfig-invalid', 'proxy'],
  ])('refuses the cluster %s', async (cluster, code, problem) => {
    await expect(connectionWith(cluster)).rejects.toMatchObject({ code, message: expect.stringContaining(problem) });
  });

  it('says so where there is nothing to connect to', async () => {
    await expect(readConnection({ environment: {} })).rejects.toMatchObject({ code: 'kubeconfig-missing' });
  });
});

describe('a pod', () => {
  it('connects with the files of its service account', async () => {
    const folder = temporaryFolder({ 'ca.crt': 'CA', token: 'pod-token\n', namespace: 'shop\n' });
    const environment = { KUBERNETES_SERVICE_HOST: 'fd00::1', KUBERNETES_SERVICE_PORT: '443' };
    const connection = await readInClusterConnection({ environment, clock: createManualClock(), folder });
    expect(connection).toMatchObject({
      server: 'https://[fd00::1]:443',
      namespace: 'shop',
      trust: { authority: 'CA' },
    });
    expect(await connection?.credentials.current()).toEqual({ token: 'pod-token' });
  });

  it('without them is none', async () => {
    const environment = { KUBERNETES_SERVICE_HOST: '10.0.0.1', KUBERNETES_SERVICE_PORT: '443' };
    const clock = createManualClock();
    expect(await readInClusterConnection({ environment, clock, folder: '/nowhere' })).toBeUndefined();
    expect(await readInClusterConnection({ environment: {}, clock })).toBeUndefined();
  });
});

describe('the proxy of the environment', () => {
  const proxied = (server: string, environment: Record<string, string>) => findProxy(new URL(server), environment);
  const all = { HTTPS_PROXY: 'proxy.test:3128', http_proxy: 'http://plain.test' };

  it('goes by the scheme', () => {
    expect(proxied('https://c.test', all)).toBe('http://proxy.test:3128');
    expect(proxied('http://c.test', all)).toBe('http://plain.test');
    expect(proxied('https://c.test', {})).toBeUndefined();
  });

  it.each(['https://127.0.0.1:6443', 'https://localhost', 'https://[::1]'])('is never used for %s', (server) => {
    expect(proxied(server, all)).toBeUndefined();
  });

  it.each([
    ['*', 'https://c.test', true],
    ['c.test', 'https://c.test', true],
    ['c.test', 'https://api.c.test', true],
    ['.c.test', 'https://api.C.test', true],
    ['.c.test', 'https://c.test', false],
    ['*.c.test', 'https://api.c.test', true],
    ['test', 'https://contest', false],
    ['c.test:6443', 'https://c.test:6443', true],
    ['c.test:6443', 'https://c.test', false],
    ['10.0.0.0/8, x', 'https://10.1.2.3', true],
    ['10.0.0.0/8', 'https://11.1.2.3', false],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['10.1.2.3', 'https://10.1.2.3:1', true],
  ])('NO_PROXY %s for %s: %s', (rule, server, exempt) => {
    expect(proxied(server, { ...all, NO_PROXY: rule }) === undefined).toBe(exempt);
  });
});
