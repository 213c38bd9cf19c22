import { connect } from 'node:net';
import { PassThrough, Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { createAuthority } from '../../../test/kubernetes/certificates.ts';
import { connectionTo, listenOnLoopback, type LoopbackOptions } from '../../../test/kubernetes/loopback-server.ts';
import { createManualClock } from '../../../test/kubernetes/manual-clock.ts';
import type { Connection } from '../connection.ts';
import { createClient } from '../http/client.ts';
import { captureInPod } from './capture.ts';
import { connectToPod, forwardPort } from './forward-port.ts';
import { readLogs } from './read-logs.ts';
import { attachToPod, execInPod } from './run-in-pod.ts';

interface Upgraded {
  readonly url: URL;
  readonly headers: Record<string, string | string[] | undefined>;
}

interface Kubelet {
  /** Sub-protocols it speaks. */
  readonly speaks?: readonly string[];
  /** HTTP status and body instead of an upgrade, by the number of the request. */
  readonly refuse?: (count: number, headers: Upgraded['headers']) => [number, string] | undefined;
  readonly talk: (socket: WebSocket, asked: Upgraded) => void;
  readonly connection?: Partial<Connection>;
  readonly tls?: LoopbackOptions['tls'];
}

/** An API server with a kubelet behind it, as far as WebSockets go. */
async function start({ speaks = ['v5.channel.k8s.io'], refuse, talk, connection, tls }: Kubelet) {
  const server = await listenOnLoopback((_asked, response) => void response.end('one\ntwo\n'), tls && { tls });
  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => speaks.find((each) => offered.has(each)) ?? false,
  });
  const asked: Upgraded[] = [];
  server.server.on('upgrade', (request, socket, head) => {
    const refusal = refuse?.(asked.length, request.headers);
    asked.push({ url: new URL(request.url ?? '', 'http://x'), headers: request.headers });
    if (refusal !== undefined)
      return void socket.end(
        `HTTP/1.1 ${refusal[0]} No\r\ncontent-type: application/json\r\ncontent-length: ${refusal[1].length}\r\nconnection: close\r\n\r\n${refusal[1]}`,
      );
    sockets.handleUpgrade(request, socket, head, (open) => talk(open, asked.at(-1)!));
  });
  const client = createClient(connectionTo(server.url, connection), { clock: createManualClock() });
  onTestFinished(() => client.close());
  return { client, server, asked };
}

const frame = (channel: number, data: string) => Buffer.concat([Buffer.from([channel]), Buffer.from(data)]);
const verdict = (status: object) => frame(3, JSON.stringify({ kind: 'Status', ...status }));
const success = verdict({ status: 'Success' });
const failure = (code: number) =>
  verdict({
    status: 'Failure',
    reason: 'NonZeroExitCode',
    message: `command terminated with exit code ${code}`,
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  });
const container = { namespace: 'shop', pod: 'web', container: 'app' };

describe('a command in a container', () => {
  it('gives what it prints and its exit code', async () => {
    const { client, asked } = await start({
      talk: (socket) => {
        for (const each of [frame(1, 'out'), frame(2, 'err'), frame(1, ' more'), failure(7)]) socket.send(each);
        socket.close();
      },
    });
    const captured = await captureInPod(client, { ...container, command: ['sh', '-c', 'echo $A'] });
    expect(captured).toEqual({ exitCode: 7, stdout: 'out more', stderr: 'err' });
    expect(asked[0]?.url.pathname).toBe('/api/v1/namespaces/shop/pods/web/exec');
    expect(asked[0]?.url.searchParams.getAll('command')).toEqual(['sh', '-c', 'echo $A']);
    expect(asked[0]?.url.searchParams.get('container')).toBe('app');
    expect(asked[0]?.url.searchParams.get('stdin')).toBe('false');
    expect(asked[0]?.headers['sec-websocket-protocol']).toBe('v5.channel.k8s.io,v4.channel.k8s.io');
  });

  it('gets its input whole, with its end', async () => {
    const { client } = await start({
      talk: (socket) => {
        const parts: Buffer[] = [];
        socket.on('message', (data: Buffer) => {
          if (data[0] === 0) return void parts.push(data.subarray(1));
          expect([...data]).toEqual([255, 0]);
          socket.send(Buffer.concat([Buffer.from([1]), ...parts]));
          socket.send(success);
          socket.close();
        });
      },
    });
    const stdin = 'ü€'.repeat(50_000);
    expect(await captureInPod(client, { ...container, command: ['cat'], stdin })).toEqual({
      exitCode: 0,
      stdout: stdin,
      stderr: '',
    });
  });

  it('gets the end of its input from an older server only through a terminal', async () => {
    const talk = (socket: WebSocket) =>
      socket.on('message', (data: Buffer) => {
        if (data[1] !== 4) return;
        socket.send(success);
        socket.close();
      });
    const { client } = await start({ speaks: ['v4.channel.k8s.io'], talk });
    const run = (tty: boolean) =>
      execInPod(client, { ...container, command: ['cat'], stdin: Readable.from(['x']), tty });
    expect(await run(true)).toBe(0);
    await expect(run(false)).rejects.toMatchObject({
      code: 'cluster-failed',
      message: expect.stringContaining('v5.channel'),
    });
  });

  it('has a terminal whose sizes follow ours', async () => {
    const sizes: string[] = [];
    const { client, asked } = await start({
      talk: (socket) =>
        socket.on('message', (data: Buffer) => {
          if (data[0] === 4) sizes.push(data.subarray(1).toString());
          if (sizes.length === 2) socket.send(success, () => socket.close());
        }),
    });
    async function* changes() {
      yield { columns: 80, rows: 24 };
      yield { columns: 120, rows: 40 };
    }
    await execInPod(client, {
      ...container,
      command: ['sh'],
      tty: true,
      stdout: new PassThrough(),
      stderr: new PassThrough(),
      sizes: changes(),
    });
    expect(sizes).toEqual(['{"Width":80,"Height":24}', '{"Width":120,"Height":40}']);
    expect(asked[0]?.url.searchParams.get('stderr')).toBe('false');
  });

  it('prints no faster than we read', async () => {
    const { client } = await start({
      talk: (socket) => {
        for (let n = 0; n < 2000; n += 1) socket.send(frame(1, 'x'.repeat(10_000)));
        socket.send(success);
        socket.close();
      },
    });
    let most = 0;
    let read = 0;
    const slow = new Writable({
      highWaterMark: 20_000,
      write(chunk: Buffer, _encoding, done) {
        most = Math.max(most, slow.writableLength);
        read += chunk.length;
        setImmediate(done);
      },
    });
    expect(await execInPod(client, { ...container, command: ['yes'], stdout: slow })).toBe(0);
    await new Promise((resolve) => slow.end(resolve));
    expect(read).toBe(20_000_000);
    expect(most).toBeLessThan(1_000_000);
  });

  it('that prints more than is kept is an error', async () => {
    const { client } = await start({ talk: (socket) => socket.send(frame(1, 'x'.repeat(100))) });
    await expect(captureInPod(client, { ...container, command: ['yes'], limit: 99 })).rejects.toThrow(
      'more than 99 bytes',
    );
  });

  it('that cannot be run is explained by the cluster', async () => {
    const { client } = await start({
      talk: (socket) => {
        socket.send(
          verdict({ status: 'Failure', reason: 'InternalError', code: 500, message: 'exec: "nope": not found' }),
        );
        socket.close();
      },
    });
    await expect(captureInPod(client, { ...container, command: ['nope'] })).rejects.toMatchObject({
      message: 'exec: "nope": not found',
      status: 500,
    });
  });

  it('whose connection breaks has no exit code', async () => {
    const { client } = await start({ talk: (socket) => socket.terminate() });
    await expect(captureInPod(client, { ...container, command: ['x'] })).rejects.toMatchObject({
      code: 'cluster-unreachable',
    });
  });

  it('is left when we abort, or our output breaks', async () => {
    const closed: number[] = [];
    const { client } = await start({
      talk: (socket) => {
        socket.on('close', (code) => closed.push(code));
        socket.send(frame(1, 'x'));
      },
    });
    const signal = AbortSignal.timeout(100);
    await expect(captureInPod(client, { ...container, command: ['x'], signal })).rejects.toMatchObject({
      name: 'TimeoutError',
    });
    const broken = new Writable({ write: (_chunk, _encoding, done) => done(new Error('disk full')) });
    await expect(execInPod(client, { ...container, command: ['x'], stdout: broken })).rejects.toThrow('disk full');
    await expect.poll(() => closed).toHaveLength(2);
  });

  it('may not be run: the missing rule is named', async () => {
    const message =
      'pods "web" is forbidden: User "alice" cannot get resource "pods/exec" in API group "" in the namespace "shop"';
    const { client } = await start({
      refuse: () => [403, JSON.stringify({ kind: 'Status', reason: 'Forbidden', message })],
      talk: () => undefined,
    });
    await expect(captureInPod(client, { ...container, command: ['x'] })).rejects.toMatchObject({
      code: 'cluster-forbidden',
      missingRule: {
        verbs: ['get'],
        apiGroups: [''],
        resources: ['pods/exec'],
        resourceNames: ['web'],
        namespace: 'shop',
      },
    });
  });

  it('gets a new credential once after a 401', async () => {
    let token = 'old';
    const credentials = { current: async () => ({ token }), renew: async () => ((token = 'new'), true) };
    const { client, asked } = await start({
      refuse: (_count, headers) => (headers['authorization'] === 'Bearer new' ? undefined : [401, '{}']),
      talk: (socket) => socket.send(success, () => socket.close()),
      connection: { credentials, impersonate: { user: 'bob', groups: ['a', 'b'] } },
    });
    expect(await captureInPod(client, { ...container, command: ['x'] })).toMatchObject({ exitCode: 0 });
    expect(asked).toHaveLength(2);
    expect(asked[1]?.headers).toMatchObject({ 'impersonate-user': 'bob', 'impersonate-group': 'a, b' });
  });

  it('goes over TLS with our trust', async () => {
    const authority = createAuthority('a');
    const tls = authority.issue({ name: 's', alternatives: ['127.0.0.1'] });
    const talk = (socket: WebSocket) => socket.send(success, () => socket.close());
    const run = async (certificate: string) => {
      const trust = { insecure: false, authority: certificate };
      const { client } = await start({ tls, talk, connection: { trust } });
      return await captureInPod(client, { ...container, command: ['x'] });
    };
    expect((await run(authority.certificate)).exitCode).toBe(0);
    await expect(run(createAuthority('b').certificate)).rejects.toMatchObject({ code: 'cluster-not-trusted' });
  });

  it('that runs already is attached to', async () => {
    const { client, asked } = await start({
      talk: (socket) => socket.send(frame(1, 'hello'), () => socket.send(success, () => socket.close())),
    });
    const stdout = new PassThrough();
    expect(await attachToPod(client, { ...container, stdout })).toBe(0);
    expect(stdout.read()?.toString()).toBe('hello');
    expect(asked[0]?.url.pathname).toBe('/api/v1/namespaces/shop/pods/web/attach');
  });
});

/** A pod that answers every message with itself in capitals, on port 8080. */
const echo = (socket: WebSocket, { url }: Upgraded) => {
  const port = Buffer.alloc(2);
  port.writeUInt16LE(Number(url.searchParams.get('ports')));
  socket.send(Buffer.concat([Buffer.from([0]), port]));
  socket.send(Buffer.concat([Buffer.from([1]), port]));
  if (port.readUInt16LE() !== 8080) socket.send(frame(1, 'connection refused'));
  socket.on('message', (data: Buffer) => {
    const said = data.subarray(1).toString();
    if (said === 'bye') socket.close();
    else socket.send(frame(0, said.toUpperCase()));
  });
};

describe('a port of a pod', () => {
  const at = { namespace: 'shop', pod: 'web', port: 8080 };
  const speaks = ['v4.channel.k8s.io'];

  it('is a stream both ways, until the pod ends it', async () => {
    const { client } = await start({ speaks, talk: echo });
    const stream = await connectToPod(client, at);
    stream.write('abc');
    setTimeout(() => stream.write('bye'), 50);
    expect(await text(stream)).toBe('ABC');
  });

  it('on which nobody listens says so', async () => {
    const { client } = await start({ speaks, talk: echo });
    const stream = await connectToPod(client, { ...at, port: 9 });
    await expect(text(stream)).rejects.toMatchObject({
      code: 'cluster-refused',
      message: expect.stringContaining('port 9 of pod "web"'),
    });
  });

  it('may have a local one that leads to it, for many connections', async () => {
    const { client, asked } = await start({ speaks, talk: echo });
    const forwarding = await forwardPort(client, at);
    onTestFinished(forwarding.close);
    const ask = (words: string) =>
      new Promise<string>((resolve, reject) => {
        const socket = connect(forwarding.localPort, '127.0.0.1');
        socket.once('data', (data) => resolve(data.toString())).on('error', reject);
        socket.write(words);
        onTestFinished(() => void socket.destroy());
      });
    expect(await Promise.all(['a', 'b', 'c'].map(ask))).toEqual(['A', 'B', 'C']);
    expect(asked).toHaveLength(3);
  });

  it('that cannot be reached closes the local connection and is reported', async () => {
    const { client } = await start({ speaks, refuse: () => [404, '{"message":"no pod"}'], talk: echo });
    const errors: unknown[] = [];
    const forwarding = await forwardPort(client, { ...at, onError: (error) => errors.push(error) });
    onTestFinished(forwarding.close);
    const socket = connect(forwarding.localPort, '127.0.0.1');
    await new Promise((resolve) => socket.once('close', resolve));
    expect(errors).toEqual([expect.objectContaining({ status: 404 })]);
  });
});

describe('a log', () => {
  it('comes in lines', async () => {
    const { client, server } = await start({ talk: () => undefined });
    const lines = [];
    for await (const line of readLogs(client, { ...container, follow: true, tailLines: 2 })) lines.push(line);
    expect(lines).toEqual(['one', 'two']);
    expect(server.asked[0]?.path).toBe('/api/v1/namespaces/shop/pods/web/log');
    expect(server.asked[0]?.query.toString()).toBe('container=app&follow=true&tailLines=2');
  });
});
