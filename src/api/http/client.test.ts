import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { createAuthority } from '../../../test/kubernetes/certificates.ts';
import {
  answerJson,
  answerStatus,
  connectionTo,
  listenOnLoopback,
  type LoopbackOptions,
  type Respond,
} from '../../../test/kubernetes/loopback-server.ts';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import type { Connection } from '../connection.ts';
import type { Credential, Credentials } from '../credentials/credentials.ts';
import { type ClientOptions, createClient } from './client.ts';

interface Setup extends LoopbackOptions, ClientOptions {
  readonly connection?: Partial<Connection>;
}

async function start(respond: Respond, { connection, tls, ...options }: Setup = {}) {
  const server = await listenOnLoopback(respond, tls && { tls });
  const clock = createManualClock();
  const client = createClient(connectionTo(server.url, connection), { clock, ...options });
  onTestFinished(() => client.close());
  return { server, clock, client };
}

const get = { path: '/api/v1/pods' };

describe('a request', () => {
  it('gives the raw JSON and sends it untouched', async () => {
    const odd = { kind: 'X', spec: { unknown: null, 'a/b': [1.5, { deep: '€' }] } };
    const { client, server } = await start((asked, response) => answerJson(response, JSON.parse(asked.body)));
    const answer = await client.request({
      method: 'PATCH',
      path: '/apis/x/v1/things/a',
      query: { force: true, fieldManager: 'me & you', left: undefined, command: ['sh', '-c'] },
      body: odd,
      contentType: 'application/apply-patch+yaml',
    });
    expect(answer).toEqual(odd);
    expect(server.asked[0]).toMatchObject({ method: 'PATCH', path: '/apis/x/v1/things/a' });
    expect([...server.asked[0]!.query]).toEqual([
      ['force', 'true'],
      ['fieldManager', 'me & you'],
      ['command', 'sh'],
      ['command', '-c'],
    ]);
    expect(server.asked[0]?.headers).toMatchObject({
      'content-type': 'application/apply-patch+yaml',
      'user-agent': 'nowwhat',
    });
  });

  it('keeps the prefix of the server, as of a proxy for many clusters', async () => {
    const server = await listenOnLoopback((_asked, response) => answerJson(response, {}));
    const client = createClient(connectionTo(`${server.url}/k8s/clusters/c1`));
    onTestFinished(() => client.close());
    await client.request(get);
    expect(server.asked[0]?.path).toBe('/k8s/clusters/c1/api/v1/pods');
  });

  it('unpacks compressed answers, and asks for none where the kubeconfig says so', async () => {
    const respond: Respond = (asked, response) => {
      if (asked.headers['accept-encoding'] !== 'gzip') return answerJson(response, { packed: false });
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"packed":true}'));
    };
    expect(await (await start(respond)).client.request(get)).toEqual({ packed: true });
    const plain = await start(respond, { connection: { compression: false } });
    expect(await plain.client.request(get)).toEqual({ packed: false });
  });

  it('passes each warning of the server once', async () => {
    const heard: string[] = [];
    const warning = '299 - "policy/v1beta1 is deprecated, use \\"policy/v1\\"", 299 - "two"';
    const { client } = await start((_asked, response) => answerJson(response, {}, 200, { warning }), {
      onWarning: (each) => heard.push(each),
    });
    await client.request(get);
    await client.request(get);
    expect(heard).toEqual(['policy/v1beta1 is deprecated, use "policy/v1"', 'two']);
  });

  it('acts as somebody else: user, groups, uid and extras, each in bytes', async () => {
    const impersonate = { user: 'müller', groups: ['ops', 'dev'], uid: '7', extra: { 'acme.com/project': ['a', 'b'] } };
    const { client, server } = await start((_asked, response) => answerJson(response, {}), {
      connection: { impersonate },
    });
    await client.request(get);
    const raw = server.asked[0]!.rawHeaders;
    const sent = raw.flatMap((name, at) =>
      at % 2 === 0 && name.startsWith('impersonate') ? [[name, raw[at + 1]]] : [],
    );
    expect(sent).toEqual([
      ['impersonate-user', Buffer.from('müller').toString('latin1')],
      ['impersonate-group', 'ops'],
      ['impersonate-group', 'dev'],
      ['impersonate-uid', '7'],
      ['impersonate-extra-acme.com%2fproject', 'a'],
      ['impersonate-extra-acme.com%2fproject', 'b'],
    ]);
  });

  it('an answer that is not the API server’s is said to be none', async () => {
    const { client } = await start((_asked, response) => void response.end('<html>login</html>'));
    await expect(client.request(get)).rejects.toMatchObject({ code: 'cluster-failed' });
    expect(await client.requestText({ path: '/readyz' })).toContain('login');
  });
});

describe('a busy or broken server', () => {
  it('is asked again after the time it names, writes too', async () => {
    const { client, clock } = await start((_asked, response, count) =>
      count < 2
        ? answerStatus(response, 429, 'TooManyRequests', { retryAfter: 3 })
        : answerJson(response, { ok: true }),
    );
    expect(await client.request({ ...get, method: 'POST', body: {} })).toEqual({ ok: true });
    expect(clock.slept).toEqual([3375, 3375]);
  });

  it('is given up after ten tries, at once where the caller is not patient or the wait too long', async () => {
    const busy =
      (retryAfter: number): Respond =>
      (_asked, response) =>
        answerStatus(response, 429, 'TooManyRequests', { retryAfter });
    const patient = await start(busy(1));
    await expect(patient.client.request(get)).rejects.toMatchObject({ code: 'cluster-failed', status: 429 });
    expect(patient.server.asked).toHaveLength(10);
    await expect(patient.client.request({ ...get, patient: false })).rejects.toMatchObject({ status: 429 });
    expect(patient.server.asked).toHaveLength(11);
    const long = await start(busy(600));
    await expect(long.client.request(get)).rejects.toMatchObject({ status: 429 });
    expect(long.server.asked).toHaveLength(1);
  });

  it('that resets connections is asked again for reads and never for writes', async () => {
    const flaky: Respond = (asked, response, count) =>
      count % 3 < 2 ? void asked.socket.destroy() : answerJson(response, { count });
    const { client, server } = await start(flaky);
    expect(await client.request(get)).toEqual({ count: 2 });
    await expect(client.request({ ...get, method: 'POST', body: {} })).rejects.toMatchObject({
      code: 'cluster-unreachable',
    });
    expect(server.asked).toHaveLength(4);
    expect(await client.request({ ...get, method: 'POST', body: {}, repeatable: true })).toEqual({ count: 5 });
  });

  it('that cuts an answer short is asked again', async () => {
    const { client } = await start((asked, response, count) => {
      if (count > 0) return answerJson(response, { whole: true });
      response.writeHead(200, { 'content-length': '1000' }).write('{"half":');
      setTimeout(() => asked.socket.destroy(), 20);
    });
    expect(await client.request(get)).toEqual({ whole: true });
  });

  it('that fails with 500 or 503 is asked again for reads only', async () => {
    const { client, server } = await start((asked, response, count) =>
      count % 2 === 0 ? answerStatus(response, 503, 'ServiceUnavailable') : answerJson(response, {}),
    );
    await client.request(get);
    expect(server.asked).toHaveLength(2);
    await expect(client.request({ ...get, method: 'DELETE' })).rejects.toMatchObject({ status: 503 });
    expect(server.asked).toHaveLength(3);
  });

  it('is not waited for longer than the caller wants', async () => {
    const { client } = await start(() => undefined);
    const stopped = AbortSignal.timeout(50);
    await expect(client.request({ ...get, signal: stopped })).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('that is not there is named', async () => {
    const nobody = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => nobody.once('listening', resolve));
    const { port } = nobody.address() as { port: number };
    await new Promise((resolve) => nobody.close(resolve));
    const client = createClient(connectionTo(`http://127.0.0.1:${port}`));
    await expect(client.request(get)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining(`http://127.0.0.1:${port} does not answer: connect ECONNREFUSED`),
    });
  });
});

describe('a refusal', () => {
  it('names who, what, and the smallest rule that would allow it', async () => {
    const message =
      'deployments.apps "web" is forbidden: User "alice" cannot patch resource "deployments" in API group "apps" in the namespace "shop"';
    const { client } = await start((_asked, response) => answerStatus(response, 403, 'Forbidden', { message }));
    const path = '/apis/apps/v1/namespaces/shop/deployments/web';
    await expect(client.request({ method: 'PATCH', path, body: {} })).rejects.toMatchObject({
      code: 'cluster-forbidden',
      status: 403,
      reason: 'Forbidden',
      message: '"alice" may not patch deployments "web" (API group apps) in namespace "shop"',
      missingRule: {
        verbs: ['patch'],
        apiGroups: ['apps'],
        resources: ['deployments'],
        resourceNames: ['web'],
        namespace: 'shop',
      },
    });
  });

  it('by admission is the cluster’s own reason, not a missing right', async () => {
    const message = 'pods "x" is forbidden: violates PodSecurity "restricted:latest": privileged';
    const { client } = await start((_asked, response) => answerStatus(response, 403, 'Forbidden', { message }));
    const error = await client.request({ ...get, method: 'POST', body: {} }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'cluster-refused', message, missingRule: undefined });
  });

  it.each([
    [401, 'Unauthorized', 'cluster-unauthorized'],
    [404, 'NotFound', 'cluster-refused'],
    [409, 'Conflict', 'cluster-refused'],
    [422, 'Invalid', 'cluster-refused'],
    [500, 'InternalError', 'cluster-failed'],
  ])('%i %s is %s', async (status, reason, code) => {
    const { client } = await start((_asked, response) => answerStatus(response, status, reason));
    await expect(client.request(get)).rejects.toMatchObject({ code, status, reason });
  });
});

describe('credentials', () => {
  function numbered(renewable: boolean): Credentials & { renewals: number } {
    const credentials = {
      renewals: 0,
      current: async (): Promise<Credential> => ({ token: `t${credentials.renewals}` }),
      renew: async () => {
        credentials.renewals += 1;
        return renewable;
      },
    };
    return credentials;
  }

  it('are renewed once after a 401, also for a write', async () => {
    const credentials = numbered(true);
    const { client } = await start(
      (asked, response) =>
        asked.headers.authorization === 'Bearer t1'
          ? answerJson(response, {})
          : answerStatus(response, 401, 'Unauthorized'),
      { connection: { credentials } },
    );
    expect(await client.request({ ...get, method: 'POST', body: {} })).toEqual({});
    expect(credentials.renewals).toBe(1);
  });

  it.each([true, false])('that stay refused end the request (renewable: %s)', async (renewable) => {
    const credentials = numbered(renewable);
    const { client, server } = await start((_asked, response) => answerStatus(response, 401, 'Unauthorized'), {
      connection: { credentials },
    });
    await expect(client.request(get)).rejects.toMatchObject({ code: 'cluster-unauthorized' });
    expect(server.asked).toHaveLength(renewable ? 2 : 1);
  });
});

describe('concurrency', () => {
  it('never exceeds what was asked for, and streams take no place', async () => {
    let now = 0;
    let most = 0;
    const { client, server } = await start(
      async (asked, response) => {
        if (asked.path === '/stream') return void response.write('first\n');
        most = Math.max(most, ++now);
        await new Promise((resolve) => setTimeout(resolve, 5));
        now -= 1;
        answerJson(response, {});
      },
      { concurrency: 3 },
    );
    const streams = await Promise.all([1, 2, 3, 4].map(() => client.stream({ path: '/stream' }, { idle: 0 })));
    await Promise.all(Array.from({ length: 40 }, () => client.request(get)));
    expect(most).toBe(3);
    expect(server.sockets.opened).toBe(7);
    for (const stream of streams) stream.on('error', () => undefined).destroy();
  });

  it('a stream that falls silent fails', async () => {
    const { client } = await start((_asked, response) => void response.write('x'));
    const stream = await client.stream({ path: '/stream' }, { idle: 200 });
    await expect(text(stream)).rejects.toMatchObject({ code: 'UND_ERR_BODY_TIMEOUT' });
  });
});

describe('TLS', () => {
  const authority = createAuthority('test authority');
  const other = createAuthority('other authority');
  const serverCertificate = authority.issue({ name: 'server', alternatives: ['127.0.0.1', 'api.test'] });
  const tls = { ...serverCertificate, clientAuthority: authority.certificate };
  const who: Respond = (asked, response) => {
    const { subject } = (
      asked.socket as unknown as { getPeerCertificate: () => { subject?: { CN: string } } }
    ).getPeerCertificate();
    answerJson(response, { name: subject?.CN ?? 'nobody' });
  };

  it('trusts the authority of the kubeconfig and no other', async () => {
    const trusting = await start(who, {
      tls,
      connection: { trust: { insecure: false, authority: authority.certificate } },
    });
    expect(await trusting.client.request(get)).toEqual({ name: 'nobody' });
    for (const trust of [{ insecure: false, authority: other.certificate }, { insecure: false }]) {
      const { client, server } = await start(who, { tls, connection: { trust } });
      await expect(client.request(get)).rejects.toMatchObject({ code: 'cluster-not-trusted' });
      expect(server.asked).toHaveLength(0);
    }
    const careless = await start(who, { tls, connection: { trust: { insecure: true } } });
    expect(await careless.client.request(get)).toEqual({ name: 'nobody' });
  });

  it('verifies the name it is told to', async () => {
    const named = (serverName: string) =>
      start(who, { tls, connection: { trust: { insecure: false, authority: authority.certificate, serverName } } });
    expect(await (await named('api.test')).client.request(get)).toEqual({ name: 'nobody' });
    expect(await (await named('127.0.0.1')).client.request(get)).toEqual({ name: 'nobody' });
    await expect((await named('evil.test')).client.request(get)).rejects.toMatchObject({ code: 'cluster-not-trusted' });
    await expect((await named('127.0.0.2')).client.request(get)).rejects.toMatchObject({ code: 'cluster-not-trusted' });
  });

  it('shows the client certificate, and the new one on new sockets after it was rotated', async () => {
    let name = 'alice';
    const certificates = new Map(['alice', 'bob'].map((each) => [each, authority.issue({ name: each })]));
    const credentials: Credentials = {
      current: async () => ({ certificate: certificates.get(name)! }),
      renew: async () => false,
    };
    const trust = { insecure: false, authority: authority.certificate };
    const { client, server } = await start(who, { tls, connection: { trust, credentials } });
    expect(await client.request(get)).toEqual({ name: 'alice' });
    name = 'bob';
    expect(await client.request(get)).toEqual({ name: 'bob' });
    await expect.poll(() => server.sockets.open.size).toBe(1);
  });

  it('says that a broken certificate is the kubeconfig’s fault', async () => {
    const credentials: Credentials = {
      current: async () => ({ certificate: { certificate: 'no PEM', key: 'no PEM' } }),
      renew: async () => false,
    };
    const trust = { insecure: false, authority: authority.certificate };
    const { client } = await start(who, { tls, connection: { trust, credentials } });
    await expect(client.request(get)).rejects.toMatchObject({ code: 'kubeconfig-invalid' });
  });

  async function listenAsProxy(onSocket: (socket: Socket) => void): Promise<number> {
    const proxy = createServer(onSocket).listen(0, '127.0.0.1');
    await new Promise((resolve) => proxy.once('listening', resolve));
    onTestFinished(() => void proxy.close());
    return (proxy.address() as { port: number }).port;
  }

  /** Joins two sockets until either ends. */
  function join(client: Socket, port: number): void {
    const target = connect(port, '127.0.0.1');
    client.pipe(target).pipe(client);
    for (const [one, two] of [
      [client, target],
      [target, client],
    ] as const)
      one.on('error', () => two.destroy()).on('close', () => two.destroy());
  }

  it('goes through an HTTP proxy, with its password', async () => {
    const heads: string[] = [];
    const target = await listenOnLoopback(who, { tls });
    const port = await listenAsProxy((socket) =>
      socket.once('data', (chunk: Buffer) => {
        heads.push(chunk.toString());
        if (!chunk.toString().includes(btoa('u:p@ss'))) return void socket.end('HTTP/1.1 407 No\r\n\r\n');
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        join(socket, target.port);
      }),
    );
    const trust = { insecure: false, authority: authority.certificate };
    const through = (proxy: string) => {
      const client = createClient(connectionTo(target.url, { trust, proxy }));
      onTestFinished(() => client.close());
      return client.request(get);
    };
    expect(await through(`http://u:p%40ss@127.0.0.1:${port}`)).toEqual({ name: 'nobody' });
    expect(heads[0]).toContain(`CONNECT 127.0.0.1:${target.port} HTTP/1.1`);
    await expect(through(`http://127.0.0.1:${port}`)).rejects.toMatchObject({
      code: 'cluster-unreachable',
      message: expect.stringContaining('answered 407 to CONNECT'),
    });
  });

  it('goes through a SOCKS proxy, with and without a password', async () => {
    const target = await listenOnLoopback(who, { tls });
    const port = await listenAsProxy((socket) => {
      let step = 0;
      const onData = (chunk: Buffer): void => {
        step += 1;
        const wantsPassword = chunk[0] === 5 && chunk[1] === 2;
        if (step === 1) return void socket.write(Buffer.from([5, wantsPassword ? 2 : 0]));
        if (chunk[0] === 1) return void socket.write(Buffer.from([1, chunk.subarray(2, 3).toString() === 'u' ? 0 : 1]));
        socket.off('data', onData);
        const wanted = chunk.readUInt16BE(chunk.length - 2);
        socket.write(Buffer.from([5, wanted === target.port ? 0 : 5, 0, 1, 0, 0, 0, 0, 0, 0]));
        if (wanted === target.port) join(socket, target.port);
      };
      socket.on('data', onData).on('error', () => undefined);
    });
    const trust = { insecure: false, authority: authority.certificate };
    const through = (proxy: string, server = target.url) => {
      const client = createClient(connectionTo(server, { trust, proxy }));
      onTestFinished(() => client.close());
      return client.request(get);
    };
    expect(await through(`socks5://127.0.0.1:${port}`)).toEqual({ name: 'nobody' });
    expect(await through(`socks5://u:p@127.0.0.1:${port}`)).toEqual({ name: 'nobody' });
    const wrong = through(`socks5://x:p@127.0.0.1:${port}`);
    await expect(wrong).rejects.toMatchObject({
      message: expect.stringContaining('does not accept name and password'),
    });
    const closed = through(`socks5://127.0.0.1:${port}`, 'https://127.0.0.1:1');
    await expect(closed).rejects.toMatchObject({ message: expect.stringContaining('could not connect (SOCKS 5)') });
  });
});
