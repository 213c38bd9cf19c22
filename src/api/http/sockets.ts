// Opens WebSockets to the API server with the same trust, proxy, credentials and errors as its requests.

import type { ClientRequestArgs, IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';
import type { Credential } from '../credentials/credentials.ts';
import { parseAnswer, readText } from './answer-body.ts';
import { ApiError } from './api-error.ts';
import { type Query, renderTarget } from './api-request.ts';
import { explainConnectionError } from './connection-error.ts';
import { isRenewed, type Session } from './exchange.ts';
import { identityHeaders } from './headers.ts';
import { answerTimeout } from './timeouts.ts';

export interface SocketRequest {
  readonly path: string;
  readonly query?: Query;
  /** Sub-protocols, the best first. */
  readonly protocols: readonly string[];
  readonly signal?: AbortSignal;
}

/** Load balancers in between forget connections on which nothing moves. */
const pingEvery = 20_000;

type Connect = NonNullable<WebSocket.ClientOptions['createConnection']>;

/** Our connector in the form that Node's HTTP client takes. */
function connectFor({ connection, transport }: Session, credential: Credential): Connect {
  const { hostname, protocol, port, host } = new URL(connection.server);
  const connector = transport.connector(credential.certificate);
  const connect = (_options: ClientRequestArgs, done: (error: Error | null, socket?: unknown) => void): undefined => {
    connector({ hostname, host, protocol, port }, (...[error, socket]) => done(error, socket ?? undefined));
  };
  return connect as unknown as Connect;
}

function start(session: Session, { path, query, protocols }: SocketRequest, credential: Credential): WebSocket {
  const { connection, userAgent } = session;
  const base = connection.server.replace(/^http/, 'ws');
  return new WebSocket(base + renderTarget(path, query), [...protocols], {
    headers: { 'user-agent': userAgent, ...identityHeaders(connection, credential) } as Record<string, string>,
    createConnection: connectFor(session, credential),
    handshakeTimeout: answerTimeout,
    perMessageDeflate: false,
  });
}

async function refusal(answer: IncomingMessage, { path, query = {} }: SocketRequest): Promise<ApiError> {
  const status = answer.statusCode ?? 0;
  const text = await readText({ status, headers: answer.headers, body: answer }).catch(() => '');
  return new ApiError({ request: { path, query }, status, answer: parseAnswer(text) ?? {} });
}

/** Resolves when the server has agreed to a sub-protocol. */
function agree(socket: WebSocket, request: SocketRequest): Promise<WebSocket> {
  const { signal } = request;
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      reject(signal?.reason);
      socket.terminate();
    };
    signal?.addEventListener('abort', abort, { once: true });
    const settle = (done: () => void): void => {
      signal?.removeEventListener('abort', abort);
      done();
    };
    socket.on('error', (error) => settle(() => reject(error)));
    socket.on('unexpected-response', (_request: unknown, answer: IncomingMessage) => {
      void refusal(answer, request).then((error) => {
        settle(() => reject(error));
        socket.terminate();
      });
    });
    socket.once('open', () => {
      // What comes before somebody listens would be lost.
      socket.pause();
      settle(() => resolve(socket));
    });
  });
}

function keepAlive(socket: WebSocket): void {
  const timer = setInterval(() => socket.readyState === WebSocket.OPEN && socket.ping(), pingEvery);
  timer.unref();
  socket.once('close', () => clearInterval(timer));
}

export interface Sockets {
  /** Throws `ApiError` where the server refuses, with a new credential tried once after a 401. */
  readonly open: (request: SocketRequest) => Promise<WebSocket>;
  readonly close: () => void;
}

export function createSockets(session: Session): Sockets {
  const { connection } = session;
  const sockets = new Set<WebSocket>();

  async function attempt(request: SocketRequest, credential: Credential): Promise<WebSocket> {
    request.signal?.throwIfAborted();
    const socket = start(session, request, credential);
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    const open = await agree(socket, request);
    keepAlive(open);
    return open;
  }

  async function open(request: SocketRequest): Promise<WebSocket> {
    const credential = await connection.credentials.current();
    try {
      return await attempt(request, credential);
    } catch (error) {
      const status = error instanceof ApiError ? error.status : 0;
      if (await isRenewed(session, { status, retryAfter: undefined }, credential))
        return await attempt(request, await connection.credentials.current());
      throw request.signal?.aborted ? error : explainConnectionError(error, connection);
    }
  }

  return {
    open,
    close: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
}
