// What thousands of calls leave behind: no socket, no file descriptor.

import { existsSync, readdirSync } from 'node:fs';
import { expect, it, onTestFinished } from 'vitest';
import { WebSocketServer } from 'ws';
import { createAuthority } from '../../../test/kubernetes/certificates.ts';
import { answerJson, answerStatus, connectionTo, listenOnLoopback } from '../../../test/kubernetes/loopback-server.ts';
import { pods } from '../../../test/kubernetes/resources.ts';
import { watchFrom } from '../objects/watch.ts';
import { captureInPod } from '../streams/capture.ts';
import { createClient } from './client.ts';

const descriptors = '/proc/self/fd';
const countDescriptors = () => (existsSync(descriptors) ? readdirSync(descriptors).length : 0);

it('10,000 calls of all kinds leave nothing open', { timeout: 120_000 }, async () => {
  const authority = createAuthority('a');
  const tls = authority.issue({ name: 's', alternatives: ['127.0.0.1'] });
  const server = await listenOnLoopback(
    (asked, response) => {
      if (asked.query.get('watch') === 'true') return void response.write('{"type":"ADDED","object":{}}\n');
      if (asked.path === '/missing') return answerStatus(response, 404, 'NotFound');
      answerJson(response, { path: asked.path });
    },
    { tls },
  );
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: () => 'v5.channel.k8s.io' });
  server.server.on('upgrade', (request, socket, head) =>
    sockets.handleUpgrade(request, socket, head, (open) =>
      open.send(Buffer.from('\u0003{"status":"Success"}'), () => open.close()),
    ),
  );
  const before = countDescriptors();
  const client = createClient(
    connectionTo(server.url, { trust: { insecure: false, authority: authority.certificate } }),
  );
  onTestFinished(() => client.close());
  let next = 0;
  async function call(n: number): Promise<void> {
    if (n % 100 === 1) for await (const _ of watchFrom(client, pods, { resourceVersion: '1' })) break;
    else if (n % 100 === 2) await captureInPod(client, { namespace: 'a', pod: 'b', command: ['true'] });
    else if (n % 100 === 3) await client.request({ path: '/x', signal: AbortSignal.timeout(0) }).catch(() => undefined);
    else if (n % 10 === 4) await client.request({ path: '/missing' }).catch(() => undefined);
    else if (n % 10 === 5) await client.request({ method: 'POST', path: '/x', body: { n } });
    else expect(await client.request({ path: `/${n}` })).toEqual({ path: `/${n}` });
  }
  const worker = async () => {
    while (next < 10_000) await call(next++);
  };
  await Promise.all(Array.from({ length: 32 }, worker));
  // What is left is the pool's own, at most eight.
  await expect.poll(() => server.sockets.open.size, { timeout: 5000 }).toBeLessThanOrEqual(8);
  // Calls, watches and WebSockets each open one; aborts cost their connection.
  expect(server.sockets.opened).toBeLessThan(100 + 100 + 100 + 8 + 1);
  await client.close();
  await expect.poll(() => server.sockets.open.size).toBe(0);
  await expect.poll(countDescriptors).toBeLessThanOrEqual(before);
});
