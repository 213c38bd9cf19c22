// A plain socket through a proxy: HTTP CONNECT (RFC 9110 9.3.6) or SOCKS 5 (RFC 1928, RFC 1929).

import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { connectTimeout } from './timeouts.ts';

export interface Target {
  readonly host: string;
  readonly port: number;
}

class ProxyError extends Error {
  readonly code = 'ERR_PROXY';
}

function proxyPort(proxy: URL): number {
  if (proxy.port !== '') return Number(proxy.port);
  if (proxy.protocol === 'https:') return 443;
  return proxy.protocol === 'http:' ? 80 : 1080;
}

function openProxySocket(proxy: URL): Promise<Socket> {
  const host = proxy.hostname.replace(/^\[|\]$/g, '');
  const port = proxyPort(proxy);
  const secure = proxy.protocol === 'https:';
  const socket = secure ? connectTls({ host, port, servername: host }) : connect({ host, port });
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once(secure ? 'secureConnect' : 'connect', () => {
      socket.off('error', reject);
      resolve(socket);
    });
  });
}

/** Reads from the socket until `take` finds an answer in what has come; what comes after it stays in the socket. */
function readAnswer<T>(socket: Socket, take: (bytes: Buffer) => { value: T; length: number } | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let bytes = Buffer.alloc(0);
    const finish = (settle: () => void): void => {
      socket.off('data', onData).off('error', onEnd).off('end', onEnd);
      socket.pause();
      settle();
    };
    const onEnd = (error?: Error): void =>
      finish(() => reject(error ?? new ProxyError('the proxy closed the connection')));
    const onData = (chunk: Buffer): void => {
      bytes = Buffer.concat([bytes, chunk]);
      const taken = take(bytes);
      if (taken === undefined) return;
      finish(() => {
        if (bytes.length > taken.length) socket.unshift(bytes.subarray(taken.length));
        resolve(taken.value);
      });
    };
    socket.on('data', onData).once('error', onEnd).once('end', onEnd).resume();
  });
}

function exactly(length: number): (bytes: Buffer) => { value: Buffer; length: number } | undefined {
  return (bytes) => (bytes.length < length ? undefined : { value: bytes.subarray(0, length), length });
}

async function connectHttp(socket: Socket, proxy: URL, { host, port }: Target): Promise<void> {
  const authority = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const login = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization =
    proxy.username === '' ? '' : `Proxy-Authorization: Basic ${Buffer.from(login).toString('base64')}\r\n`;
  socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n${authorization}\r\n`);
  const head = await readAnswer(socket, (bytes) => {
    const end = bytes.indexOf('\r\n\r\n');
    return end < 0 ? undefined : { value: bytes.subarray(0, end).toString('latin1'), length: end + 4 };
  });
  const [, status] = /^HTTP\/1\.[01] (\d{3})/.exec(head) ?? [];
  if (status === undefined || !status.startsWith('2'))
    throw new ProxyError(`the proxy ${proxy.host} answered ${status ?? 'no HTTP'} to CONNECT`);
}

async function loginSocks(socket: Socket, proxy: URL): Promise<void> {
  const withPassword = proxy.username !== '';
  socket.write(Buffer.from(withPassword ? [5, 2, 0, 2] : [5, 1, 0]));
  const [version, method] = await readAnswer(socket, exactly(2));
  if (version !== 5 || (method !== 0 && !(withPassword && method === 2)))
    throw new ProxyError(`the proxy ${proxy.host} does not accept this login`);
  if (method === 0) return;
  const user = Buffer.from(decodeURIComponent(proxy.username));
  const password = Buffer.from(decodeURIComponent(proxy.password));
  socket.write(Buffer.concat([Buffer.from([1, user.length]), user, Buffer.from([password.length]), password]));
  const [, result] = await readAnswer(socket, exactly(2));
  if (result !== 0) throw new ProxyError(`the proxy ${proxy.host} does not accept name and password`);
}

async function connectSocks(socket: Socket, proxy: URL, { host, port }: Target): Promise<void> {
  await loginSocks(socket, proxy);
  // Always by name: the proxy resolves, as Go's client has it for socks5 and socks5h alike.
  const name = Buffer.from(host);
  socket.write(Buffer.concat([Buffer.from([5, 1, 0, 3, name.length]), name, Buffer.from([port >> 8, port & 0xff])]));
  const answer = await readAnswer(socket, (bytes) => {
    const lengths: Readonly<Record<number, number>> = { 1: 10, 3: 7 + (bytes[4] ?? 0), 4: 22 };
    const length = lengths[bytes[3] ?? 0] ?? 10;
    return bytes.length < Math.min(length, 7) || (bytes[1] === 0 && bytes.length < length)
      ? undefined
      : { value: bytes[1], length: Math.min(length, bytes.length) };
  });
  if (answer !== 0) throw new ProxyError(`the proxy ${proxy.host} could not connect (SOCKS ${answer})`);
}

/** A socket whose other end is `target`. Errors carry the code `ERR_PROXY` where the proxy refused. */
export async function openTunnel(proxyUrl: string, target: Target): Promise<Socket> {
  const proxy = new URL(proxyUrl);
  const socket = await openProxySocket(proxy);
  const timer = setTimeout(() => socket.destroy(new ProxyError(`the proxy ${proxy.host} is silent`)), connectTimeout);
  try {
    await (proxy.protocol.startsWith('socks') ? connectSocks : connectHttp)(socket, proxy, target);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
