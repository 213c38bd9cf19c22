import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import { temporaryFolder } from '../../../test/programs/temporary-folder.ts';
import type { LoginProgram, UserEntry } from '../kubeconfig/kubeconfig.ts';
import type { LoginContext } from './login-program.ts';
import { createUserCredentials } from './user-credentials.ts';

const cluster = { name: 'c', server: 'https://c.test', insecure: false, disableCompression: false };
const environment = { PATH: process.env['PATH'] };

function contextAt(clock = createManualClock(), more: Partial<LoginContext> = {}): LoginContext {
  return { info: { cluster }, environment, terminal: false, clock, ...more };
}

describe('files with credentials', () => {
  it('are read again after a minute, and the last content serves while a file is gone', async () => {
    const folder = temporaryFolder({ token: 'one\n' });
    const clock = createManualClock();
    const credentials = createUserCredentials(
      { name: 'u', token: 'field', tokenFile: join(folder, 'token') },
      contextAt(clock),
    );
    const token = async () => (await credentials.current()).token;
    expect(await token()).toBe('one');
    writeFileSync(join(folder, 'token'), 'two');
    clock.advance(59_000);
    expect(await token()).toBe('one');
    clock.advance(2_000);
    expect(await token()).toBe('two');
    rmSync(join(folder, 'token'));
    clock.advance(61_000);
    expect(await token()).toBe('two');
  });

  it('are read at once after a refusal, which is worth a retry only where they changed', async () => {
    const folder = temporaryFolder({ token: 'one', crt: 'C1', key: 'K1' });
    const user = {
      name: 'u',
      tokenFile: join(folder, 'token'),
      certificate: { file: join(folder, 'crt') },
      key: { file: join(folder, 'key') },
    };
    const credentials = createUserCredentials(user, contextAt());
    const used = await credentials.current();
    expect(used).toEqual({ token: 'one', certificate: { certificate: 'C1', key: 'K1' } });
    expect(await credentials.renew(used)).toBe(false);
    writeFileSync(join(folder, 'crt'), 'C2');
    expect(await credentials.renew(used)).toBe(true);
    expect((await credentials.current()).certificate?.certificate).toBe('C2');
  });

  it('that were never there are named', async () => {
    const credentials = createUserCredentials({ name: 'u', tokenFile: '/nowhere/token' }, contextAt());
    await expect(credentials.current()).rejects.toMatchObject({
      code: 'credential-unreadable',
      message: '/nowhere/token cannot be read (ENOENT)',
    });
  });
});

describe('what a user entry may not be', () => {
  it('half a certificate', () => {
    expect(() => createUserCredentials({ name: 'u', certificate: { data: 'QQ==' } }, contextAt())).toThrow(
      'user "u" has a client-certificate without a client-key',
    );
  });

  it.each(['basic', 'gcp'])('%s, unless there is something better', async (givenUp) => {
    expect(() => createUserCredentials({ name: 'u', givenUp }, contextAt())).toThrow(/given up/);
    expect(await createUserCredentials({ name: 'u', givenUp, token: 't' }, contextAt()).current()).toEqual({
      token: 't',
    });
  });
});

/** A program of which every run appends to `runs` what it was told, and which prints `status` with `N` as the number of the run. */
function loginWith(status: object, more: Partial<LoginProgram> = {}) {
  const apiVersion = more.apiVersion ?? 'client.authentication.k8s.io/v1';
  const folder = temporaryFolder({
    'login.cjs': `#!${process.execPath}
const fs = require('fs'), log = __dirname + '/runs';
fs.appendFileSync(log, JSON.stringify({ info: JSON.parse(process.env.KUBERNETES_EXEC_INFO), mine: process.env.MINE, args: process.argv.slice(2) }) + '\\n');
const run = fs.readFileSync(log, 'utf8').trim().split('\\n').length;
console.log(JSON.stringify({ kind: 'ExecCredential', apiVersion: '${apiVersion}', status: ${JSON.stringify(status)} }).replaceAll('#N', run));
`,
  });
  chmodSync(join(folder, 'login.cjs'), 0o755);
  const login: LoginProgram = {
    apiVersion,
    command: join(folder, 'login.cjs'),
    args: ['get-token'],
    env: { MINE: 'yes' },
    provideClusterInfo: false,
    interactiveMode: 'IfAvailable',
    ...more,
  };
  const user: UserEntry = { name: 'u', login };
  const runs = () =>
    readFileSync(join(folder, 'runs'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
  return { user, runs };
}

describe('a login program', () => {
  it('runs once for all who ask, and again when its credential expires', async () => {
    const clock = createManualClock(Date.parse('2026-01-01T00:00:00Z'));
    const { user, runs } = loginWith({ token: 'token-#N', expirationTimestamp: '2026-01-01T00:10:00Z' });
    const credentials = createUserCredentials(user, contextAt(clock));
    const all = await Promise.all(Array.from({ length: 10 }, () => credentials.current()));
    expect(new Set(all.map((each) => each.token))).toEqual(new Set(['token-1']));
    clock.advance(601_000);
    expect((await credentials.current()).token).toBe('token-2');
    expect(runs()).toHaveLength(2);
    expect(runs()[0]).toEqual({
      mine: 'yes',
      args: ['get-token'],
      info: { kind: 'ExecCredential', apiVersion: 'client.authentication.k8s.io/v1', spec: { interactive: false } },
    });
  });

  it('without an expiry runs again only after a refusal, once for all who were refused', async () => {
    const { user, runs } = loginWith({ token: 'token-#N' }, { apiVersion: 'client.authentication.k8s.io/v1beta1' });
    const credentials = createUserCredentials(user, contextAt());
    const used = await credentials.current();
    await credentials.current();
    expect(runs()).toHaveLength(1);
    expect(await Promise.all([credentials.renew(used), credentials.renew(used)])).toEqual([true, true]);
    expect(await credentials.renew(used)).toBe(true);
    expect(runs()).toHaveLength(2);
    expect((await credentials.current()).token).toBe('token-2');
  });

  it('may give a client certificate; a certificate of the kubeconfig wins', async () => {
    const { user } = loginWith({ clientCertificateData: 'CERT', clientKeyData: 'KEY', token: '' });
    expect(await createUserCredentials(user, contextAt()).current()).toEqual({
      certificate: { certificate: 'CERT', key: 'KEY' },
    });
    const own = { certificate: { data: btoa('MINE') }, key: { data: btoa('MINE-KEY') } };
    expect(await createUserCredentials({ ...user, ...own }, contextAt()).current()).toEqual({
      certificate: { certificate: 'MINE', key: 'MINE-KEY' },
    });
  });

  it('is not run where the kubeconfig has a token', async () => {
    const { user, runs } = loginWith({ token: 'x' });
    expect(await createUserCredentials({ ...user, token: 'given' }, contextAt()).current()).toEqual({ token: 'given' });
    expect(runs).toThrow();
  });

  it('is told of the cluster where the kubeconfig says so', async () => {
    const { user, runs } = loginWith({ token: 'x' }, { provideClusterInfo: true });
    const info = {
      cluster: { ...cluster, tlsServerName: 'api.test', proxyUrl: 'http://p', loginConfig: { audience: 'a' } },
      authority: 'PEM',
    };
    await createUserCredentials(user, contextAt(undefined, { info })).current();
    expect(runs()[0].info.spec.cluster).toEqual({
      server: 'https://c.test',
      'tls-server-name': 'api.test',
      'certificate-authority-data': btoa('PEM'),
      'proxy-url': 'http://p',
      config: { audience: 'a' },
    });
  });

  it('that is missing is named, with the hint of the kubeconfig', async () => {
    const { user } = loginWith({}, { command: 'nowwhat-no-such-program', installHint: 'Install the thing.' });
    await expect(createUserCredentials(user, contextAt()).current()).rejects.toMatchObject({
      code: 'login-program-missing',
      message: 'the login program "nowwhat-no-such-program" was not found',
      advice: 'Install the thing.',
    });
  });

  it.each([
    [{ token: '' }, {}, 'gave neither a token nor a client certificate'],
    [{ clientCertificateData: 'C' }, {}, 'without its key'],
    [{ token: 's3cret', expirationTimestamp: 'soon' }, {}, 'no time'],
    [{ token: 's3cret' }, { interactiveMode: 'Always' as const }, 'must ask the user, and there is no terminal'],
    [
      {},
      { command: process.execPath, args: ['-e', 'console.error("please log in"); process.exit(3)'] },
      'ended with status 3: please log in',
    ],
    [{}, { command: process.execPath, args: ['-e', 'console.log("s3cret")'] }, 'did not print JSON'],
    [{}, { command: process.execPath, args: ['-e', 'console.log("{}")'] }, 'did not print an ExecCredential'],
    [
      {},
      {
        command: process.execPath,
        args: ['-e', 'console.log(JSON.stringify({kind: "ExecCredential", apiVersion: "other", token: "s3cret"}))'],
      },
      'did not answer in client.authentication.k8s.io/v1',
    ],
  ])('that answers %j (%j) is said to have failed, without its secrets', async (status, more, problem) => {
    const { user } = loginWith(status, more);
    const error = await createUserCredentials(user, contextAt())
      .current()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'login-program-failed', message: expect.stringContaining(problem) });
    expect(String(error)).not.toContain('s3cret');
  });
});
