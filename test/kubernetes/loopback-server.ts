// A server on loopback for one test, with or without TLS: what it answers is the test's own.

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Connection } from '../../src/api/connection.ts';
import { fixedCredentials } from '../../src/api/credentials/credentials.ts';
import type { Json } from '../../src/model/index.ts';
import type { Certificate } from './certificates.ts';

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
  readonly rawHeaders: readonly string[];
  readonly body: string;
  readonly socket: Socket;
}

export type Respond = (asked: Asked, response: ServerResponse, count: number) => void | Promise<void>;

export interface LoopbackServer {
  readonly server: Server;
  readonly url: string;
  readonly port: number;
  readonly asked: readonly Asked[];
  /** Sockets ever opened, and those open now. */
  readonly sockets: { opened: number; open: Set<Socket> };
}

export interface LoopbackOptions {
  readonly tls?: Certificate & { readonly clientAuthority?: string };
}

async function readAsked(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://x');
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    rawHeaders: request.rawHeaders,
    body: Buffer.concat(chunks).toString(),
    socket: request.socket,
  };
}

function newServer({ tls }: LoopbackOptions): Server {
  if (tls === undefined) return createServer();
  const client = tls.clientAuthority && { ca: tls.clientAuthority, requestCert: true, rejectUnauthorized: false };
  return createTlsServer({ cert: tls.certificate, key: tls.key, ...client });
}

/** Listens until the test ends. `respond` gets each request and how many came before it. */
export async function listenOnLoopback(respond: Respond, options: LoopbackOptions = {}): Promise<LoopbackServer> {
  const server = newServer(options);
  const asked: Asked[] = [];
  const sockets = { opened: 0, open: new Set<Socket>() };
  server.on(options.tls === undefined ? 'connection' : 'secureConnection', (socket: Socket) => {
    sockets.opened += 1;
    sockets.open.add(socket);
    socket.once('close', () => sockets.open.delete(socket)).on('error', () => undefined);
  });
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const count = asked.length;
    readAsked(request)
      .then((each) => {
        asked.push(each);
        return respond(each, response, count);
      })
      .catch(() => request.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets.open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, port, url: `${options.tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, asked, sockets };
}

export function answerJson(
  response: ServerResponse,
  value: Json,
  status = 200,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(value));
}

/** A `Status` object as the API server sends it. */
export function answerStatus(
  response: ServerResponse,
  code: number,
  reason: string,
  more: { message?: string; retryAfter?: number } = {},
): void {
  const { message = reason, retryAfter } = more;
  const headers: Record<string, string> = retryAfter === undefined ? {} : { 'retry-after': String(retryAfter) };
  answerJson(response, { kind: 'Status', apiVersion: 'v1', status: 'Failure', message, reason, code }, code, headers);
}

/** An anonymous connection to `server`, with what a test adds. */
export function connectionTo(server: string, more: Partial<Connection> = {}): Connection {
  return {
    context: 'test',
    cluster: 'test',
    user: '',
    namespace: 'default',
    server,
    trust: { insecure: false },
    compression: true,
    credentials: fixedCredentials({}),
    warnings: [],
    ...more,
  };
}
