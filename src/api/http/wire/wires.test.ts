import { createServer, type Socket } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildConnector } from '../undici.ts';
import { Wires } from './wires.ts';

const ok = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
const get = { method: 'GET', path: '/', headers: {}, body: null };

/** A server that hears each request whole, for none has a body. */
async function serve(answer: (socket: Socket, count: number) => void) {
  const sockets = new Set<Socket>();
  let [opened, heard] = [0, 0];
  const server = createServer((socket) => {
    sockets.add(socket);
    opened += 1;
    socket.on('error', () => undefined).on('close', () => sockets.delete(socket));
    socket.on('data', () => answer(socket, heard++));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  const wires = new Wires(new URL(`http://127.0.0.1:${port}`), buildConnector({ timeout: 10_000 }));
  onTestFinished(() => {
    wires.close();
    server.close();
  });
  return { wires, sockets, opened: () => opened };
}

const send = async (wires: Wires) => (await wires.send(get)).body.toString();

describe('connections', () => {
  it('are kept for the next request, and as many as there are requests at once', async () => {
    const { wires, opened } = await serve((socket) => setTimeout(() => socket.write(ok), 20));
    for (let round = 0; round < 3; round += 1)
      expect(await Promise.all([1, 2, 3].map(() => send(wires)))).toEqual(['ok', 'ok', 'ok']);
    expect(opened()).toBe(3);
  });

  it('that the server closes after its answer are not used again', async () => {
    const { wires, opened } = await serve((socket) => void socket.end(ok));
    for (let round = 0; round < 3; round += 1) {
      expect(await send(wires)).toBe('ok');
      await expect.poll(() => opened()).toBe(round + 1);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  });

  it('on which more comes than was asked for are closed', async () => {
    const { wires, opened, sockets } = await serve((socket) => socket.write(ok + ok));
    expect(await send(wires)).toBe('ok');
    await expect.poll(() => sockets.size).toBe(0);
    expect(await send(wires)).toBe('ok');
    expect(opened()).toBe(2);
  });

  it('that end within an answer, or before it, say so', async () => {
    const { wires } = await serve((socket, count) => void socket.end(count === 0 ? ok.slice(0, -1) : ''));
    await expect(wires.send(get)).rejects.toMatchObject({ code: 'ERR_ANSWER_CUT' });
    await expect(wires.send(get)).rejects.toMatchObject({ code: 'ERR_ANSWER_CUT' });
  });

  it('under which no answer comes are ended by their signal, before and after they are there', async () => {
    const { wires, sockets } = await serve(() => undefined);
    const reason = new Error('enough');
    const early = new AbortController();
    const asked = wires.send({ ...get, signal: early.signal });
    early.abort(reason);
    await expect(asked).rejects.toBe(reason);
    await expect(wires.send({ ...get, signal: early.signal })).rejects.toBe(reason);
    const late = new AbortController();
    const waiting = wires.send({ ...get, signal: late.signal });
    await expect.poll(() => sockets.size).toBeGreaterThan(0);
    setTimeout(() => late.abort(reason), 50);
    await expect(waiting).rejects.toBe(reason);
  });

  it('are closed at the end, also under a request, and none is opened after that', async () => {
    const { wires, sockets } = await serve(() => undefined);
    const waiting = wires.send(get);
    await expect.poll(() => sockets.size).toBe(1);
    wires.close();
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    await expect(wires.send(get)).rejects.toMatchObject({ code: 'ERR_CLIENT_CLOSED' });
    await expect.poll(() => sockets.size).toBe(0);
  });

  it('that are to go answer what is under way', async () => {
    const { wires, sockets } = await serve((socket) => setTimeout(() => socket.write(ok), 100));
    const waiting = send(wires);
    await expect.poll(() => sockets.size).toBe(1);
    wires.retire();
    expect(await waiting).toBe('ok');
    await expect.poll(() => sockets.size).toBe(0);
  });
});
