// Questions to servers on loopback that answer, refuse, hang, babble and never end.

import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { describe, expect, it } from 'vitest';
import { createAuthority } from '../../../test/kubernetes/certificates.ts';
import { listenOnLoopback } from '../../../test/kubernetes/loopback-server.ts';
import type { Answer, Knock } from '../../exposure/index.ts';
import { ask } from './ask.ts';
import { dialFromHere } from './dial.ts';
import { knockAtAll } from './knock.ts';
import { nodeDoors } from '../../exposure/index.ts';

const never = new AbortController().signal;

function askHere(port: number, knock: Knock): Promise<Answer> {
  return ask(dialFromHere, { host: '127.0.0.1', port }, knock, never);
}

async function listenRaw(greet: (socket: Socket) => void): Promise<number> {
  const server: Server = createServer((socket) => {
    socket.on('error', () => undefined);
    greet(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

describe('an answer', () => {
  it('in HTTP has status, headers and the first of its bytes', async () => {
    const { port, asked } = await listenOnLoopback((_, response) => {
      response.setHeader('X-Program', 'shop');
      response.statusCode = 418;
      response.end('x'.repeat(100_000));
    });
    const answer = await askHere(port, { tls: false, path: '/a?b=c', headers: { Metadata: 'true' } });
    expect(answer).toMatchObject({ kind: 'http', status: 418, headers: { 'x-program': 'shop' } });
    expect(answer.kind === 'http' && answer.body.length).toBe(16_384);
    expect(asked[0]).toMatchObject({
      method: 'GET',
      path: '/a',
      headers: { metadata: 'true', 'user-agent': 'nowwhat-probe' },
    });
    expect(asked[0]?.headers.authorization).toBeUndefined();
  });

  it('over TLS names the certificate, whoever signed it', async () => {
    const authority = createAuthority('test');
    const tls = authority.issue({ name: 'kubelet', alternatives: ['127.0.0.1'] });
    const { port } = await listenOnLoopback((_, response) => void response.end('ok'), { tls });
    const answer = await askHere(port, { tls: true, path: '/' });
    expect(answer).toMatchObject({ kind: 'http', status: 200, tls: { version: 'TLSv1.3', subject: 'kubelet' } });
    const plain = await askHere(port, { tls: false, path: '/' });
    expect(['hung-up', 'bytes']).toContain(plain.kind);
  });

  it('of another protocol is told as bytes, a greeting too', async () => {
    const port = await listenRaw((socket) => socket.end('220 mail ready\r\n'));
    expect(await askHere(port, { tls: false, path: '/' })).toMatchObject({ kind: 'bytes' });
    expect((await askHere(port, { tls: true, path: '/' })).kind).toBe('hung-up');
    const redis = await listenRaw((socket) => void socket.once('data', () => socket.write('+PONG\r\n')));
    expect(await askHere(redis, { tls: false, line: 'PING\r\n' })).toEqual({ kind: 'bytes', text: '+PONG\r\n' });
  });

  it('that never comes, or ends at once, is told apart from a closed port', async () => {
    const reset = await listenRaw((socket) => socket.resetAndDestroy());
    expect((await askHere(reset, { tls: false, path: '/' })).kind).toBe('hung-up');
    const gone = createServer();
    await new Promise<void>((resolve) => gone.listen(0, '127.0.0.1', resolve));
    const { port } = gone.address() as AddressInfo;
    await new Promise((resolve) => gone.close(resolve));
    expect(await askHere(port, { tls: false, path: '/' })).toEqual({
      kind: 'closed',
      reason: 'the connection is refused',
    });
    const hung = await listenRaw(() => undefined);
    const early = AbortSignal.timeout(200);
    const late = await ask(dialFromHere, { host: '127.0.0.1', port: hung }, { tls: false, path: '/' }, early);
    expect(late.kind).toBe('silent');
  });
});

describe('doors', () => {
  const kubelet = nodeDoors.find(({ id }) => id === 'kubelet');
  const visit = async (port: number) => {
    const target = { host: '127.0.0.1', port, door: kubelet, named: 'the test' };
    const looking = { dial: dialFromHere, concurrency: 2, signal: never, progress: () => undefined };
    const [looked] = await knockAtAll([target], looking);
    return looked;
  };

  it('of an anonymous kubelet are open, and what it answered is not repeated', async () => {
    const tls = createAuthority('test').issue({ name: 'node', alternatives: ['127.0.0.1'] });
    const body = '{"kind":"PodList","items":[{"env":"hunter2"}]}';
    const { port } = await listenOnLoopback((_, response) => void response.end(body), { tls });
    const looked = await visit(port);
    expect(looked).toMatchObject({ state: 'open', severity: 'critical' });
    expect(JSON.stringify(looked?.evidence)).not.toContain('hunter2');
  });

  it('of one that wants a login, or a certificate, are guarded', async () => {
    const authority = createAuthority('test');
    const tls = authority.issue({ name: 'node', alternatives: ['127.0.0.1'] });
    const { port } = await listenOnLoopback(
      (_, response) => {
        response.statusCode = 401;
        response.end('Unauthorized');
      },
      { tls },
    );
    expect(await visit(port)).toMatchObject({ state: 'guarded', evidence: expect.stringContaining('401') });
  });
});
