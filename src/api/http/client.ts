// The client of one cluster as one user: raw JSON in and out, patient with a busy server, careful with writes.

import type { Readable } from 'node:stream';
import type { WebSocket } from 'ws';
import type { JsonObject } from '../../model/index.ts';
import { type Clock, systemClock } from '../clock.ts';
import type { Connection } from '../connection.ts';
import { type Answer, readBytes, readText } from './answer-body.ts';
import type { ApiRequest } from './api-request.ts';
import { exchange } from './exchange.ts';
import { createGate } from './gate.ts';
import { requireObject } from './require-object.ts';
import { createSockets, type SocketRequest } from './sockets.ts';
import { createTransport } from './transport.ts';

export interface ClientOptions {
  /** Requests under way at once, fewer while the server says that it has too many; streams are not counted. Default 8. */
  readonly concurrency?: number;
  /** Default `nowwhat`. */
  readonly userAgent?: string;
  /** Hears what the API server warns of, each text once. */
  readonly onWarning?: (text: string) => void;
  readonly clock?: Clock;
}

export interface StreamOptions {
  /** Milliseconds without a byte after which the stream fails; 0: never. */
  readonly idle: number;
}

export interface ApiClient {
  readonly connection: Connection;
  /** The answer's JSON object, every field kept. Throws `ApiError`, or a `UserError` where the cluster cannot be reached. */
  readonly request: (request: ApiRequest) => Promise<JsonObject>;
  /** The answer's text, as for `/readyz`. */
  readonly requestText: (request: ApiRequest) => Promise<string>;
  /** The answer's bytes, whole and unpacked, for who parses them himself. */
  readonly requestBytes: (request: ApiRequest) => Promise<Buffer>;
  /** The answer's bytes as they come, over a socket of its own. Destroy it, or abort, to end it. */
  readonly stream: (request: ApiRequest, options: StreamOptions) => Promise<Readable>;
  /** A WebSocket with one of the sub-protocols, paused: `resume` it when its messages are listened to. */
  readonly openSocket: (request: SocketRequest) => Promise<WebSocket>;
  /** Ends everything under way. */
  readonly close: () => Promise<void>;
}

async function readObject(answer: Answer, request: ApiRequest): Promise<JsonObject> {
  return requireObject(await readText(answer), request);
}

/** Says each text once. */
function once(say: (text: string) => void): (text: string) => void {
  const said = new Set<string>();
  return (text) => {
    if (said.has(text)) return;
    said.add(text);
    say(text);
  };
}

/** Opens no socket before the first request. */
export function createClient(connection: Connection, options: ClientOptions = {}): ApiClient {
  const { concurrency = 8, userAgent = 'nowwhat', onWarning = () => undefined, clock = systemClock } = options;
  const transport = createTransport(connection, concurrency);
  const gate = createGate(concurrency);
  const prefix = new URL(connection.server).pathname.replace(/\/$/, '');
  const session = { connection, prefix, transport, gate, userAgent, clock, onWarning: once(onWarning) };
  const sockets = createSockets(session);
  return {
    connection,
    request: (request) => exchange(session, request, { lane: 'brief', read: (answer) => readObject(answer, request) }),
    requestText: (request) => exchange(session, request, { lane: 'brief', read: readText }),
    requestBytes: (request) => exchange(session, request, { lane: 'brief', read: readBytes }),
    stream: (request, { idle }) =>
      exchange(session, request, { lane: 'lasting', idle, read: async ({ body }) => body }),
    openSocket: (request) => sockets.open(request),
    close: async () => {
      sockets.close();
      await transport.close();
    },
  };
}
